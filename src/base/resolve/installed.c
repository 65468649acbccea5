/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/installed.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resolve/names.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"
#include "version/version.h"

bool
gv_installed(const struct gv_dirs *d, const char *version)
{
	static const char go[] = "/go", bin[] = "/bin/go";
	char path[PATH_MAX], *end = path;
	size_t sdks = strlen(d->sdks), len = strlen(version);

	/* No printf here, for speed: every shim call runs this. */
	if (sdks + len + sizeof(go) + sizeof(bin) > sizeof(path))
		return false;
	end = mempcpy(end, d->sdks, sdks);
	end = mempcpy(end, go, sizeof(go) - 1);
	end = mempcpy(end, version, len);
	memcpy(end, bin, sizeof(bin));
	return access(path, F_OK) == 0;
}

int
gv_installed_names(const struct gv_dirs *d, struct gv_strv *out, struct gv_err *err)
{
	gv_autonames struct gv_names in = { .fd = -1 };
	const char *name;
	int rc = gv_names_open(&in, d->sdks, err);

	while (rc > 0 && (rc = gv_names_next(&in, &name, err)) > 0) {
		/* This skips other platforms: "1.22.3.linux-arm64" is not a valid version. */
		if (strncmp(name, "go", 2) == 0 && strlen(name + 2) < GV_VERSION_MAX && gv_version_valid(name + 2))
			gv_strv_add(out, name + 2);
	}
	return rc;
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

/* Whether `path` is a link to this or another gover. Running it would only start a shim again. */
static bool
leads_to_gover(const char *path, const struct stat *self)
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t n;

	if (self->st_nlink > 0 && stat(path, &st) == 0 && same_file(&st, self))
		return true;
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	return strcmp(gv_path_base(target), "gover") == 0;
}

static bool
lies_in(const char *path, const struct stat *dir)
{
	gv_autofree char *parent = gv_xstrdup(path);
	struct stat st;

	return gv_path_parent(parent) && stat(parent, &st) == 0 && same_file(&st, dir);
}

char *
gv_system_tool(const struct gv_dirs *d, const char *tool)
{
	const char *path = getenv("PATH");
	struct stat shims = { 0 }, self = { 0 };
	bool have_shims = stat(d->shims, &shims) == 0;
	char *file;

	if (stat("/proc/self/exe", &self) < 0)
		self.st_nlink = 0; /* no /proc: rely on the directory and the link's name */
	while ((file = gv_path_program(&path, tool)) != NULL) {
		if (!leads_to_gover(file, &self) && !(have_shims && lies_in(file, &shims)))
			return file;
		free(file);
	}
	return NULL;
}
