/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/path.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"

char *
gv_path_join(const char *dir, const char *name)
{
	size_t len = strlen(dir), name_len = strlen(name);
	char *out;

	/* A shim joins a dozen paths at every start, so this avoids the slower printf. */
	while (len > 0 && dir[len - 1] == '/')
		len--;
	out = gv_xmalloc(len + name_len + 2);
	memcpy(out, dir, len);
	if (dir[0] != '\0')
		out[len++] = '/';
	memcpy(out + len, name, name_len + 1);
	return out;
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

bool
gv_path_is_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

bool
gv_path_is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

char *
gv_path_program(const char **path, const char *name)
{
	while (*path != NULL && **path != '\0') {
		const char *element = *path;
		size_t len = strcspn(element, ":");
		gv_autofree char *dir = NULL, *file = NULL;

		*path += len + (element[len] == ':');
		if (*element != '/')
			continue;
		dir = gv_xstrndup(element, len);
		file = gv_path_join(dir, name);
		if (gv_path_is_program(file))
			return gv_steal_ptr(&file);
	}
	return NULL;
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
