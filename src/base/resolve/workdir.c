/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/resolve.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"

/* Copy $PWD with single slashes. NULL unless it is absolute and has no "." and "..", as POSIX requires. */
static char *
clean_pwd(const char *pwd)
{
	char *out, *end;

	if (pwd == NULL || pwd[0] != '/' || strlen(pwd) >= PATH_MAX)
		return NULL;
	out = end = gv_xmalloc(strlen(pwd) + 2);
	while (*pwd != '\0') {
		size_t len;

		pwd += strspn(pwd, "/");
		len = strcspn(pwd, "/");
		if (len == 0)
			break;
		if (pwd[0] == '.' && (len == 1 || (len == 2 && pwd[1] == '.'))) {
			free(out);
			return NULL;
		}
		*end++ = '/';
		memcpy(end, pwd, len);
		end += len;
		pwd += len;
	}
	if (end == out)
		*end++ = '/';
	*end = '\0';
	return out;
}

char *
gv_working_dir(struct gv_err *err)
{
	char buf[PATH_MAX], *pwd = clean_pwd(getenv("PWD"));
	struct stat here, there;

	if (pwd != NULL && stat(".", &here) == 0 && stat(pwd, &there) == 0 && here.st_dev == there.st_dev &&
	    here.st_ino == there.st_ino)
		return pwd;
	free(pwd);
	/* For a directory outside our root, the kernel returns "(unreachable)/x". */
	if (getcwd(buf, sizeof(buf)) != NULL && buf[0] == '/')
		return gv_xstrdup(buf);
	if (errno == 0)
		errno = ENOENT;
	gv_err_sys(err, GV_EIO, "cannot find out the working directory");
	gv_err_help(err, "set GOVER_VERSION, or run from another directory");
	return NULL;
}
