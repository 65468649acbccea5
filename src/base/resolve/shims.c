/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/shims.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "resolve/installed.h"
#include "resolve/programs.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/text.h"
#include "version/version.h"

static const char *const tools[] = { "go", "gofmt", "gopls", "dlv" };

bool
gv_shims_is_name(const char *name)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(tools); i++)
		if (strcmp(name, tools[i]) == 0)
			return true;
	return strncmp(name, "go", 2) == 0 && gv_version_valid(name + 2);
}

static bool
leads_to(const char *link, const char *program)
{
	char target[PATH_MAX];
	ssize_t n = readlink(link, target, sizeof(target) - 1);

	if (n < 0)
		return false;
	target[n] = '\0';
	return strcmp(target, program) == 0;
}

/* Make or replace one link in one step. */
static int
ensure_link(const struct gv_dirs *d, const char *name, const char *program, struct gv_err *err)
{
	gv_autofree char *link = gv_path_join(d->shims, name);
	gv_autofree char *tmp = NULL;
	char tmp_name[96];

	if (leads_to(link, program))
		return 0;
	gv_text_fit(tmp_name, sizeof(tmp_name), ".tmp-%s-%ld", name, (long)getpid());
	tmp = gv_path_join(d->shims, tmp_name);
	unlink(tmp);
	if (symlink(program, tmp) < 0)
		return gv_err_sys(err, GV_EIO, "cannot make the shim '%s'", link);
	if (rename(tmp, link) < 0) {
		gv_err_sys(err, GV_EIO, "cannot make the shim '%s'", link);
		unlink(tmp);
		return -1;
	}
	return 0;
}

/* Remove the links of uninstalled versions when they lead to our program or, because the tree was moved, to nothing. */
static void
remove_stale(const struct gv_dirs *d, const struct gv_strv *versions, const char *program)
{
	gv_autodir DIR *dir = opendir(d->shims);
	struct dirent *e;

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		gv_autofree char *link = NULL;

		if (strncmp(e->d_name, "go", 2) != 0 || !gv_version_valid(e->d_name + 2) ||
		    gv_strv_has(versions, e->d_name + 2))
			continue;
		link = gv_path_join(d->shims, e->d_name);
		if (leads_to(link, program) || !gv_fs_exists(link))
			unlink(link);
	}
}

int
gv_shims_ensure_to(const struct gv_dirs *d, const char *program, struct gv_err *err)
{
	gv_autostrv struct gv_strv versions = GV_STRV_INIT;
	int rc = 0;

	if (gv_fs_mkdir_p(d->shims, err) < 0 || gv_installed_list(d, &versions, err) < 0)
		return -1;
	for (size_t i = 0; i < GV_ARRAY_LEN(tools); i++)
		if (ensure_link(d, tools[i], program, err) < 0)
			rc = -1;
	for (size_t i = 0; i < versions.n; i++) {
		char name[GV_VERSION_MAX + 2];

		gv_text_fit(name, sizeof(name), "go%s", versions.v[i]);
		if (ensure_link(d, name, program, err) < 0)
			rc = -1;
	}
	remove_stale(d, &versions, program);
	return rc;
}

int
gv_shims_ensure(const struct gv_dirs *d, struct gv_err *err)
{
	gv_autofree char *program = gv_program_gover(err);

	if (program == NULL)
		return -1;
	return gv_shims_ensure_to(d, program, err);
}
