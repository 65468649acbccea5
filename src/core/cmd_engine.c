/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "core/core.h"
#include "core/engines.h"
#include "ui/cmd.h"
#include "util/auto.h"
#include "util/jsonw.h"
#include "util/text.h"

/* `info` is NULL when no engine can be used. */
static void
print_json(const struct gv_engine_info *info, const struct gv_strv *why)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "engine", info != NULL ? info->name : NULL);
	gv_jsonout_str(&j, "version", info != NULL ? info->version : NULL);
	gv_jsonout_str(&j, "endpoint", info != NULL ? info->endpoint : NULL);
	if (info != NULL) {
		gv_jsonout_bool(&j, "rootless", info->rootless);
		gv_jsonout_bool(&j, "remote", info->remote);
	} else {
		gv_jsonout_str(&j, "rootless", NULL);
		gv_jsonout_str(&j, "remote", NULL);
	}
	gv_jsonout_open(&j, "why", '[');
	for (size_t i = 0; i < why->n; i++)
		gv_jsonout_str(&j, NULL, why->v[i]);
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_print(&j);
}

/* The first line is only the engine's name. What was checked follows. */
static void
print_text(const struct gv_engine_info *info, const struct gv_strv *why)
{
	char clean[1024];

	if (info != NULL)
		printf("%s\n", info->name);
	for (size_t i = 0; i < why->n; i++) {
		gv_text_clean(clean, sizeof(clean), why->v[i], strlen(why->v[i]));
		printf("  %s\n", clean);
	}
}

static int
engine_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autostrv struct gv_strv why = GV_STRV_INIT;
	struct gv_err err = GV_ERR_INIT;
	struct gv_engine *e;
	const struct gv_engine_info *info;

	(void)opts;
	if (gv_dirs_init(&d, &err) < 0)
		return gv_core_fail(&err);
	e = core_engine_open(argc > 0 ? argv[0] : NULL, &d, &why, &err);
	info = e != NULL ? gv_engine_info(e) : NULL;
	/* If nothing was checked, there is no such engine. */
	if (e == NULL && (err.code == GV_EINTR || why.n == 0))
		return gv_core_fail(&err);
	if (g->json)
		print_json(info, &why);
	else
		print_text(info, &why);
	gv_engine_close(e);
	if (e != NULL)
		return GV_EXIT_OK;
	gv_core_fail(&err);
	return GV_EXIT_NOT_FOUND;
}

const struct gv_cmd gv_cmd_engine = {
	.name = "engine",
	.args = "[NAME]",
	.details =
	    "Prints which engine 'gover validate' would use here, or whether the engine NAME (docker, podman, bwrap or host)\n"
	    "can be used, and what gover checked to know. Exits 0 if there is an engine, 3 if there is none.\n",
	.max_args = 1,
	.json = true,
	.run = engine_run,
};
