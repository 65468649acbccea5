/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/installed.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"
#include "version/version.h"

bool
gv_installed(const struct gv_dirs *d, const char *version)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/go%s/bin/go", d->sdks, version);

	return n > 0 && (size_t)n < sizeof(path) && access(path, F_OK) == 0;
}

int
gv_installed_names(const struct gv_dirs *d, struct gv_strv *out, struct gv_err *err)
{
	gv_autodir DIR *dir = opendir(d->sdks);
	const struct dirent *e;

	if (dir == NULL)
		return errno == ENOENT ? 0 : gv_err_sys(err, GV_EIO, "cannot read directory '%s'", d->sdks);
	for (errno = 0; (e = readdir(dir)) != NULL; errno = 0) {
		const char *name = e->d_name;

		/* Those of other platforms ("go1.22.3.linux-arm64") are no valid versions. */
		if (strncmp(name, "go", 2) == 0 && strlen(name + 2) < GV_VERSION_MAX && gv_version_valid(name + 2))
			gv_strv_add(out, name + 2);
	}
	return errno == 0 ? 0 : gv_err_sys(err, GV_EIO, "cannot read directory '%s'", d->sdks);
}

static int
newest_first(const char *a, const char *b)
{
	int c = gv_version_cmp(b, a);

	return c != 0 ? c : strcmp(a, b);
}

int
gv_installed_list(const struct gv_dirs *d, struct gv_strv *out, struct gv_err *err)
{
	gv_autostrv struct gv_strv names = GV_STRV_INIT;

	if (gv_installed_names(d, &names, err) < 0)
		return -1;
	gv_strv_sort(&names, newest_first);
	for (size_t i = 0; i < names.n; i++)
		if (gv_installed(d, names.v[i]))
			gv_strv_add(out, names.v[i]);
	return 0;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* A link to some gover, of this tree or of another one: running it would come back to a shim. */
static bool
leads_to_gover(const char *path, const struct stat *file, const struct stat *self)
{
	char target[PATH_MAX];
	ssize_t n;

	if (self->st_nlink > 0 && same_file(file, self))
		return true;
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	return strcmp(gv_path_base(target), "gover") == 0;
}

char *
gv_system_tool(const struct gv_dirs *d, const char *tool)
{
	const char *path = getenv("PATH");
	struct stat shims = { 0 }, self = { 0 }, st;
	bool have_shims = stat(d->shims, &shims) == 0;

	if (path == NULL)
		return NULL;
	if (stat("/proc/self/exe", &self) < 0)
		self.st_nlink = 0; /* no /proc: the directory and the name of the link have to do */
	for (size_t len; *path != '\0'; path += len + (path[len] == ':')) {
		gv_autofree char *dir = NULL, *file = NULL;

		len = strcspn(path, ":");
		if (len == 0 || *path != '/')
			continue;
		dir = gv_xstrndup(path, len);
		file = gv_path_join(dir, tool);
		if (stat(file, &st) < 0 || !S_ISREG(st.st_mode) || access(file, X_OK) < 0 ||
		    leads_to_gover(file, &st, &self))
			continue;
		if (!have_shims || stat(dir, &st) < 0 || !same_file(&st, &shims))
			return gv_steal_ptr(&file);
	}
	return NULL;
}
