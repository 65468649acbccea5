/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/path.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "util/alloc.h"

char *
gv_path_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	if (len == 0)
		return gv_xstrdup(name);
	return gv_xasprintf("%.*s%s%s", (int)len, dir, dir[len - 1] == '/' ? "" : "/", name);
}

const char *
gv_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

bool
gv_path_parent(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL || (slash == path && path[1] == '\0'))
		return false;
	slash[slash == path ? 1 : 0] = '\0';
	return true;
}

char *
gv_path_self(struct gv_err *err)
{
	char buf[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", buf, sizeof(buf) - 1);

	if (n < 0) {
		gv_err_sys(err, GV_EIO, "cannot read '/proc/self/exe'");
		return NULL;
	}
	return gv_xstrndup(buf, (size_t)n);
}
