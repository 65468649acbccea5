/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "gover/common.h"
#include "resolve/installed.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/auto.h"
#include "util/fs.h"
#include "version/request.h"

static int
set(const struct gv_dirs *d, const char *text)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autoresolution struct gv_resolution r = { 0 };

	if (gv_default_set(d, text, &err) < 0)
		return gv_msg_fail(&err);
	gv_msg_info("the default is now %s", text);
	if (gv_local_resolve(&r, d, text, &err) < 0)
		gv_msg_warn("%s", err.msg);
	else if (!r.installed && strcmp(r.version, "system") != 0)
		gv_msg_info("go%s is not installed yet: gover install %s", r.version, r.version);
	return GV_EXIT_OK;
}

/* Show the request in the file and the version that it selects now. */
static int
show(const struct gv_dirs *d, bool json)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autostrv struct gv_strv requests = GV_STRV_INIT;
	gv_autoresolution struct gv_resolution r = { 0 };
	struct gv_jsonout j;
	unsigned line;

	if (!gv_fs_exists(d->def)) {
		gv_err_set(&err, GV_ENOTFOUND, "no default is set");
		gv_err_help(&err, "gover default VERSION");
		return gv_msg_fail(&err);
	}
	if (gv_go_version_file(d->def, &requests, &line, &err) < 0 || gv_local_resolve(&r, d, requests.v[0], &err) < 0)
		return gv_msg_fail(&err);
	if (!json) {
		puts(requests.v[0]);
		return GV_EXIT_OK;
	}
	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "request", requests.v[0]);
	gv_jsonout_str(&j, "version", r.version);
	gv_jsonout_bool(&j, "installed", r.installed);
	gv_jsonout_str(&j, "file", d->def);
	gv_jsonout_close(&j, '}');
	gv_jsonout_print(&j);
	return GV_EXIT_OK;
}

static int
default_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };

	(void)opts;
	if (gv_local_dirs(&d, &err) < 0)
		return gv_msg_fail(&err);
	return argc > 0 ? set(&d, argv[0]) : show(&d, g->json);
}

const struct gv_cmd gv_cmd_default = {
	.name = "default",
	.args = "[VERSION]",
	.details =
	    "The default applies if no variable, selection by 'use' or file selects a version. It may be partial (1.22),\n"
	    "a word (latest, stable, oldstable) or 'system'.\n",
	.max_args = 1,
	.json = true,
	.run = default_run,
};
