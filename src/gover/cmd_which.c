/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "gover/common.h"
#include "resolve/installed.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"

static int
parse_args(const char **version, const char **tool, int argc, char **argv, struct gv_err *err)
{
	*version = NULL;
	*tool = "go";
	if (argc > 0 && argv[0][0] == '+') {
		*version = argv[0] + 1;
		argv++;
		argc--;
	}
	if (argc > 0)
		*tool = argv[0];
	if (argc > 1 || (*tool)[0] == '\0' || (*tool)[0] == '+' || strchr(*tool, '/') != NULL)
		return gv_err_set(err, GV_EUSAGE, "'which' takes +VERSION and the name of a tool, not '%s'",
				  argc > 1 ? argv[1] : *tool);
	return 0;
}

/* Whether to look for the tool on PATH. SDKs have no gopls and no dlv. */
static bool
is_beyond(const struct gv_resolution *r, const char *tool)
{
	return strcmp(r->version, "system") == 0 || strcmp(tool, "gopls") == 0 || strcmp(tool, "dlv") == 0;
}

/* The path of the program that would run, or NULL. */
static char *
tool_path(const struct gv_dirs *d, const struct gv_resolution *r, const char *tool)
{
	gv_autofree char *path = NULL;

	if (is_beyond(r, tool))
		return gv_system_tool(d, tool);
	if (r->goroot == NULL)
		return NULL;
	path = gv_xasprintf("%s/bin/%s", r->goroot, tool);
	return gv_path_is_program(path) ? gv_steal_ptr(&path) : NULL;
}

static void
print_json(const struct gv_resolution *r, const char *path)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_local_json(&j, r);
	gv_jsonout_str(&j, "path", path);
	gv_jsonout_close(&j, '}');
	gv_jsonout_print(&j);
}

static int
which_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autoresolution struct gv_resolution r = { 0 };
	gv_autofree char *path = NULL;
	struct gv_resolve_how how = { .explain = true };
	const char *tool;

	(void)opts;
	if (parse_args(&how.argument, &tool, argc, argv, &err) < 0 || gv_local_dirs(&d, &err) < 0 ||
	    gv_resolve(&r, &d, &how, &err) < 0)
		return gv_msg_fail(&err);
	path = tool_path(&d, &r, tool);
	if (g->json) {
		print_json(&r, path);
		return path != NULL ? GV_EXIT_OK : GV_EXIT_NOT_FOUND;
	}
	if (path != NULL) {
		puts(path);
		r.installed = true;
		return gv_local_remarks(&r);
	}
	if (gv_local_remarks(&r) != GV_EXIT_OK)
		return GV_EXIT_NOT_FOUND;
	if (r.goroot != NULL && !is_beyond(&r, tool))
		gv_msg_errorf(NULL, "go%s has no '%s'", r.version, tool);
	else
		gv_msg_errorf(NULL, "PATH has no '%s' other than gover's shim", tool);
	return GV_EXIT_NOT_FOUND;
}

const struct gv_cmd gv_cmd_which = {
	.name = "which",
	.args = "[+VERSION] [TOOL]",
	.details = "Prints the path of the program that 'go', or TOOL, runs here. Exits 3 if it is not installed.\n",
	.max_args = 2,
	.json = true,
	.run = which_run,
};
