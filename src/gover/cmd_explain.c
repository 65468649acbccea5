/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

#include "gover/common.h"
#include "resolve/decided.h"
#include "ui/cmd.h"
#include "ui/msg.h"

static int
explain_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autoresolution struct gv_resolution r = { 0 };
	struct gv_resolve_how how = { .argument = argc > 0 ? argv[0] + (argv[0][0] == '+') : NULL, .explain = true };
	char origin[512];

	(void)opts;
	if (gv_local_dirs(&d, &err) < 0 || gv_resolve(&r, &d, &how, &err) < 0)
		return gv_msg_fail(&err);
	if (g->json) {
		struct gv_jsonout j;

		gv_jsonout_begin(&j);
		gv_jsonout_open(&j, NULL, '{');
		gv_local_json(&j, &r);
		gv_jsonout_open(&j, "trail", '[');
		for (size_t i = 0; i < r.trail.n; i++)
			gv_jsonout_str(&j, NULL, r.trail.v[i]);
		gv_jsonout_close(&j, ']');
		gv_jsonout_close(&j, '}');
		gv_jsonout_print(&j);
		return GV_EXIT_OK;
	}
	for (size_t i = 0; i < r.trail.n; i++)
		puts(r.trail.v[i]);
	gv_origin_text(origin, sizeof(origin), &r);
	if (r.version[0] != '\0')
		printf("so: %s, set by %s%s%s\n", r.version, origin, r.goroot != NULL ? ", in " : "",
		       r.goroot != NULL ? r.goroot : "");
	gv_local_remarks(&r);
	return GV_EXIT_OK;
}

const struct gv_cmd gv_cmd_explain = {
	.name = "explain",
	.args = "[+VERSION]",
	.details = "Prints each place that can select a version, in order, and what it says.\n",
	.max_args = 1,
	.json = true,
	.run = explain_run,
};
