/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

#include "gover/common.h"
#include "resolve/decided.h"
#include "ui/cmd.h"
#include "ui/msg.h"

static int
current_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autoresolution struct gv_resolution r = { 0 };
	struct gv_resolve_how how = { .explain = true };
	char origin[512];

	(void)opts;
	(void)argc;
	(void)argv;
	if (gv_local_dirs(&d, &err) < 0 || gv_resolve(&r, &d, &how, &err) < 0)
		return gv_msg_fail(&err);
	if (g->json) {
		struct gv_jsonout j;

		gv_jsonout_begin(&j);
		gv_jsonout_open(&j, NULL, '{');
		gv_local_json(&j, &r);
		gv_jsonout_str(&j, "goroot", r.goroot);
		gv_jsonout_close(&j, '}');
		gv_jsonout_print(&j);
		return r.installed || r.level == GV_LEVEL_SYSTEM ? GV_EXIT_OK : GV_EXIT_NOT_FOUND;
	}
	gv_origin_text(origin, sizeof(origin), &r);
	if (r.version[0] != '\0')
		printf("%s (set by %s)\n", r.version, origin);
	return gv_local_remarks(&r);
}

const struct gv_cmd gv_cmd_current = {
	.name = "current",
	.details = "Prints the version that 'go' runs here, and what selected it. Exits 3 if it is not installed.\n",
	.json = true,
	.run = current_run,
};
