/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gover/common.h"
#include "resolve/decided.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"
#include "version/request.h"

#define FILE_MAX (64u << 10) /* bytes; reading the file has the same limit */

/* An existing file keeps its mode. A new one gets the mode that the umask allows. */
static mode_t
file_mode(const char *path)
{
	struct stat st;
	mode_t mask;

	if (stat(path, &st) == 0)
		return st.st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static char *
file_text(int argc, char **argv, struct gv_err *err)
{
	gv_autostr struct gv_str text = GV_STR_INIT(FILE_MAX);

	for (int i = 0; i < argc; i++) {
		struct gv_request request;

		if (gv_request_parse(&request, argv[i], GV_REQUEST_FILE, err) < 0)
			return NULL;
		gv_str_addf(&text, "%s\n", request.text);
	}
	return gv_str_finish(&text, err);
}

/* Warn when something else overrides the file, because then it seems to have no effect. */
static void
warn_overruled(const struct gv_dirs *d)
{
	struct gv_err ignored = GV_ERR_INIT;
	gv_autoresolution struct gv_resolution r = { 0 };
	struct gv_resolve_how how = { 0 };
	char origin[512];

	if (gv_resolve(&r, d, &how, &ignored) < 0 || r.level >= GV_LEVEL_GO_VERSION)
		return;
	gv_origin_text(origin, sizeof(origin), &r);
	gv_msg_warn("%s overrides the file: '%s' stays selected", origin, r.request);
}

static int
pin_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autofree char *text = NULL, *dir = NULL, *path = NULL, *real = NULL;

	(void)g;
	(void)opts;
	if ((text = file_text(argc, argv, &err)) == NULL || gv_local_dirs(&d, &err) < 0 ||
	    (dir = gv_working_dir(&err)) == NULL)
		return gv_msg_fail(&err);
	path = gv_path_join(dir, ".go-version");
	real = realpath(path, NULL); /* when the file is a link, change its target */
	if (gv_fs_replace(real != NULL ? real : path, text, strlen(text), file_mode(path), &err) < 0)
		return gv_msg_fail(&err);
	text[strcspn(text, "\n")] = '\0';
	gv_msg_info("wrote '%s': %s%s", path, text, argc > 1 ? ", and more versions for 'gover validate'" : "");
	warn_overruled(&d);
	return GV_EXIT_OK;
}

const struct gv_cmd gv_cmd_pin = {
	.name = "pin",
	.args = "VERSION...",
	.details =
	    "Writes .go-version in the working directory. The first version is selected there and below. If there are\n"
	    "several, 'gover validate' tries all of them.\n",
	.min_args = 1,
	.max_args = -1,
	.run = pin_run,
};
