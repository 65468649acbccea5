/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "resolve/installed.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/auto.h"
#include "util/text.h"
#include "version/request.h"

struct uninstall_opts {
	const char *platform;
};

static const struct gv_opt uninstall_rows[] = {
	GV_OPT_STR("platform", 0, struct uninstall_opts, platform, "OS/ARCH",
		   "Remove the version for another platform"),
	GV_OPT_END,
};

/* The installed release that a request means. For another platform the request must be exact. */
static int
select_installed(const struct gv_core *c, const char *platform, const char *text, struct gv_strv *installed,
		 char version[GV_VERSION_MAX], struct gv_err *err)
{
	struct gv_request r;
	const char *found;

	if (gv_request_parse(&r, text, GV_REQUEST_ANY, err) < 0)
		return -1;
	if (r.kind == GV_REQUEST_EXACT || platform != NULL) {
		if (r.kind != GV_REQUEST_EXACT)
			return gv_err_set(err, GV_EUSAGE, "--platform needs an exact version, not '%s'", text);
		memcpy(version, r.version, sizeof(r.version));
		return 0;
	}
	if (installed->n == 0 && gv_installed_list(&c->dirs, installed, err) < 0)
		return -1;
	found = gv_request_select(&r, installed);
	if (found == NULL)
		return gv_err_set(err, GV_ENOTFOUND, "no installed Go version is '%s'", text);
	gv_text_fit(version, GV_VERSION_MAX, "%s", found);
	return 0;
}

static int
uninstall_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	const struct uninstall_opts *o = opts;
	gv_autocore struct gv_core c;
	gv_autofree char *platform = NULL;
	gv_autostrv struct gv_strv installed = GV_STRV_INIT;
	struct gv_err err = GV_ERR_INIT;
	int status = GV_EXIT_OK;

	(void)g;
	if (gv_core_open(&c, &err) < 0 || gv_core_platform(o->platform, &platform, &err) < 0)
		return gv_core_fail(&err);
	for (int i = 0; i < argc; i++) {
		char version[GV_VERSION_MAX];

		if (select_installed(&c, platform, argv[i], &installed, version, &err) < 0 ||
		    gv_store_uninstall(c.store, version, platform, &err) < 0) {
			int failed = gv_core_fail(&err);

			status = status == GV_EXIT_OK ? failed : status;
			gv_err_clear(&err);
			continue;
		}
		gv_msg_info("removed go%s", version);
		gv_strv_release(&installed);
	}
	gv_core_mend_shims(&c);
	return status;
}

const struct gv_cmd gv_cmd_uninstall = {
	.name = "uninstall",
	.args = "VERSION...",
	.details = "A partial version (1.22), a word or a range means the newest installed match.\n",
	.min_args = 1,
	.max_args = -1,
	.opts = uninstall_rows,
	.opts_size = sizeof(struct uninstall_opts),
	.run = uninstall_run,
};
