/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gover/common.h"

#include <string.h>

#include "resolve/config.h"
#include "resolve/installed.h"
#include "resolve/programs.h"
#include "resolve/shims.h"
#include "ui/exit.h"
#include "ui/msg.h"
#include "resolve/decided.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/spawn.h"
#include "util/sig.h"
#include "util/text.h"

int
gv_local_dirs(struct gv_dirs *d, struct gv_err *err)
{
	struct gv_err shims = GV_ERR_INIT;

	if (gv_dirs_init(d, err) < 0)
		return -1;
	if (gv_shims_ensure(d, &shims) < 0)
		gv_msg_debug("%s", shims.msg);
	return 0;
}

int
gv_local_resolve(struct gv_resolution *r, const struct gv_dirs *d, const char *text, struct gv_err *err)
{
	struct gv_resolve_how how = { .argument = text };

	if (gv_resolve(r, d, &how, err) < 0)
		return -1;
	return r->version[0] != '\0' ? 0 : gv_no_known_version(err, r);
}

int
gv_local_core(const char *const args[], struct gv_err *err)
{
	gv_autofree char *core = gv_program_core(err);
	gv_autofree const char **argv = NULL;
	size_t n = 0;
	int status;

	if (core == NULL)
		return -1;
	while (args[n] != NULL)
		n++;
	argv = gv_xcalloc(n + 2, sizeof(*argv));
	argv[0] = core;
	memcpy(argv + 1, args, n * sizeof(*args));
	/* Ctrl-C reaches gover-core too: wait until it has cleaned up. */
	gv_sig_catch();
	return gv_spawn_run(&(struct gv_spawn){ .argv = (char *const *)argv,
						.in = GV_SPAWN_SHARE,
						.out = GV_SPAWN_SHARE,
						.err = GV_SPAWN_SHARE },
			    &status, err) < 0
		   ? -1
		   : status;
}

static int
not_installed(const struct gv_resolution *r)
{
	struct gv_err err = GV_ERR_INIT;

	gv_err_set(&err, GV_ENOTFOUND, "go%s is not installed", r->version);
	gv_err_help(&err, "gover install %s", r->version);
	return gv_msg_fail(&err);
}

int
gv_local_need(const struct gv_dirs *d, struct gv_resolution *r, bool no_install)
{
	struct gv_err err = GV_ERR_INIT, warning = GV_ERR_INIT;
	gv_autoconfig struct gv_config config = { 0 };
	const char *args[] = { "install", r->version, NULL, NULL };
	int status;

	if (r->installed || strcmp(r->version, "system") == 0)
		return GV_EXIT_OK;
	if (no_install)
		return not_installed(r);
	if (gv_config_load(&config, d->config, &warning, &err) < 0)
		return gv_msg_fail(&err);
	if (!gv_config_is(&config, "auto_install", "yes"))
		return not_installed(r);
	if (gv_msg_quiet())
		args[2] = "--quiet";
	status = gv_local_core(args, &err);
	if (status < 0)
		return gv_msg_fail(&err);
	if (status != GV_EXIT_OK)
		return status;
	if (!gv_installed(d, r->version))
		return not_installed(r);
	r->installed = true;
	r->goroot = gv_dirs_sdk(d, r->version, NULL);
	return GV_EXIT_OK;
}

void
gv_local_json(struct gv_jsonout *j, const struct gv_resolution *r)
{
	gv_jsonout_str(j, "version", r->version[0] != '\0' ? r->version : NULL);
	gv_jsonout_str(j, "request", r->request);
	gv_jsonout_str(j, "source", gv_level_name(r->level));
	gv_jsonout_str(j, "file", r->file);
	if (r->line > 0)
		gv_jsonout_int(j, "line", r->line);
	else
		gv_jsonout_str(j, "line", NULL);
	gv_jsonout_bool(j, "installed", r->installed);
	gv_jsonout_open(j, "warnings", '[');
	for (size_t i = 0; i < r->warnings.n; i++)
		gv_jsonout_str(j, NULL, r->warnings.v[i]);
	gv_jsonout_close(j, ']');
}

int
gv_local_remarks(const struct gv_resolution *r)
{
	struct gv_err err = GV_ERR_INIT;
	char origin[512];

	for (size_t i = 0; i < r->warnings.n; i++)
		gv_msg_warn("%s", r->warnings.v[i]);
	if (r->installed || strcmp(r->version, "system") == 0)
		return GV_EXIT_OK;
	if (r->version[0] == '\0') {
		gv_no_known_version(&err, r);
		return gv_msg_fail(&err);
	}
	gv_origin_text(origin, sizeof(origin), r);
	gv_err_set(&err, GV_ENOTFOUND, "go%s is not installed (selected by %s)", r->version, origin);
	gv_err_help(&err, "gover install %s", r->version);
	return gv_msg_fail(&err);
}
