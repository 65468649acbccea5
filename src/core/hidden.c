/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/core.h"
#include "fetch/refresh.h"
#include "resolve/installed.h"
#include "ui/exit.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"

/* Shims have their own exit statuses: 127 for a missing version, 5 for one that cannot be proven. */
static int
shim_status(const struct gv_err *err)
{
	if (err->code == GV_EPROOF)
		return GV_EXIT_PROOF;
	return err->code == GV_EINTR ? GV_EXIT_INTERRUPTED : GV_EXIT_MISSING;
}

static int
install_missing(const char *version, struct gv_str *report, char **goroot, struct gv_err *err)
{
	gv_autocore struct gv_core c;
	struct gv_install_opts opts = { .platform = NULL };
	struct gv_install_result result;

	if (gv_core_open(&c, err) < 0)
		return -1;
	gv_core_warn_of_sums();
	if (gv_store_install(c.store, version, &opts, NULL, &result, report, err) < 0)
		return -1;
	gv_core_mend_shims(&c);
	*goroot = gv_dirs_sdk(&c.dirs, version, NULL);
	return 0;
}

/*
 * __shim VERSION TOOL ARGUMENTS...: if its version is missing, a shim tells the user, prepares the environment, and
 * becomes this command. It installs the version and becomes the tool. It prints only failures.
 */
int
gv_core_shim(int argc, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autostr struct gv_str report = GV_STR_INIT(256u << 10);
	gv_autofree char *goroot = NULL;
	gv_autofree char *path = NULL;

	gv_msg_setup("gover", GV_COLOR_AUTO, false, 0);
	if (argc < 3)
		return GV_EXIT_CANNOT_RUN;
	if (install_missing(argv[1], &report, &goroot, &err) < 0) {
		gv_core_report(&report);
		gv_msg_error(&err);
		return shim_status(&err);
	}
	path = gv_xasprintf("%s/bin/%s", goroot, argv[2]);
	execv(path, argv + 2);
	gv_err_sys(&err, GV_EIO, "cannot run '%s'", path);
	gv_msg_error(&err);
	return GV_EXIT_CANNOT_RUN;
}

/* __refresh: bring the index of releases up to date. */
int
gv_core_refresh(int argc, char **argv)
{
	gv_autocore struct gv_core c;
	struct gv_err err = GV_ERR_INIT;
	struct gv_refreshed done;
	struct gv_origins *o;
	struct gv_http *http = NULL;
	int rc = -1;

	(void)argc;
	(void)argv;
	gv_msg_setup("gover", GV_COLOR_AUTO, false, 0);
	if (gv_core_open(&c, &err) < 0)
		return gv_core_fail(&err);
	o = gv_origins_new(&c.config, &c.dirs, &err);
	if (o != NULL && (http = gv_http_new(&err)) != NULL)
		rc = gv_index_refresh(o, http, &c.dirs, true, &done, &err);
	gv_http_free(http);
	gv_origins_free(o);
	if (rc == 0)
		return GV_EXIT_OK;
	/* Only a warning, because an older list may be there. */
	gv_msg_warn("%s", err.msg);
	return gv_exit_of(&err);
}
