/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"

int
gv_fs_read(int dir_fd, const char *name, size_t max, char **buf, size_t *len, struct gv_err *err)
{
	gv_autofd int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	gv_autofree char *data = NULL;
	struct stat st;
	size_t got = 0, cap;

	if (fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot open '%s'", name);
	if (fstat(fd, &st) < 0)
		return gv_err_sys(err, GV_EIO, "cannot stat '%s'", name);
	if (!S_ISREG(st.st_mode))
		return gv_err_set(err, GV_EFORMAT, "'%s' is not a regular file", name);
	/* The size is only a hint: files in /proc report 0. */
	cap = st.st_size > 0 && (size_t)st.st_size <= max ? (size_t)st.st_size + 1 : 4096;
	data = gv_xmalloc(cap + 1);
	for (;;) {
		ssize_t n = read(fd, data + got, cap - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gv_err_sys(err, GV_EIO, "cannot read '%s'", name);
		if (n == 0)
			break;
		got += (size_t)n;
		if (got > max)
			return gv_err_set(err, GV_ETOOBIG, "'%s' is larger than %zu bytes", name, max);
		if (got == cap) {
			cap *= 2;
			data = gv_xrealloc(data, cap + 1);
		}
	}
	data[got] = '\0';
	*buf = gv_steal_ptr(&data);
	*len = got;
	return 0;
}

int
gv_fs_write_all(int fd, const void *data, size_t len, struct gv_err *err)
{
	const char *p = data;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gv_err_sys(err, GV_EIO, "cannot write");
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
make_dir(const char *path, struct gv_err *err)
{
	struct stat st;

	/* Undo the umask: others must be able to read, and we must not lock ourselves out. */
	if (mkdir(path, 0755) == 0) {
		if (stat(path, &st) == 0 && (st.st_mode & 0777) != 0755)
			chmod(path, 0755);
		return 0;
	}
	if (errno == EEXIST && gv_fs_is_dir(path))
		return 0;
	return gv_err_sys(err, GV_EIO, "cannot make directory '%s'", path);
}

int
gv_fs_mkdir_p(const char *path, struct gv_err *err)
{
	gv_autofree char *copy = gv_xstrdup(path);

	if (gv_fs_is_dir(path))
		return 0;
	for (char *p = copy + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		/* Do not touch existing parents: we may have no right to write or even read them. */
		if (!gv_fs_exists(copy) && make_dir(copy, err) < 0)
			return -1;
		*p = '/';
	}
	return make_dir(copy, err);
}

int
gv_fs_sync_dir(const char *path, struct gv_err *err)
{
	gv_autofd int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
		return gv_err_sys(err, GV_EIO, "cannot sync '%s'", path);
	return 0;
}

bool
gv_fs_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool
gv_fs_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int
gv_fs_replace(const char *path, const void *data, size_t len, mode_t mode, struct gv_err *err)
{
	gv_autofree char *tmp = gv_xasprintf("%s.tmp-XXXXXX", path);
	gv_autofree char *dir = gv_xstrdup(path);
	gv_autofd int fd = mkostemp(tmp, O_CLOEXEC);

	if (fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot write '%s'", path);
	if (gv_fs_write_all(fd, data, len, err) < 0) {
		gv_err_wrap(err, "'%s'", path);
		goto fail;
	}
	if (fchmod(fd, mode) < 0 || fsync(fd) < 0 || close(gv_steal_fd(&fd)) < 0 || rename(tmp, path) < 0) {
		gv_err_sys(err, GV_EIO, "cannot write '%s'", path);
		goto fail;
	}
	if (!gv_path_parent(dir))
		memcpy(dir, ".", sizeof("."));
	return gv_fs_sync_dir(dir, err);
fail:
	unlink(tmp);
	return -1;
}
