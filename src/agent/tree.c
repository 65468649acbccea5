/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "agent/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/frame.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/fs.h"

#define DEPTH_MAX 200

/* One level of the tree that is being copied. */
struct level {
	const struct level *up; /* NULL at the top */
	int from, to;           /* directories */
	unsigned depth;
	const char *name; /* of `from`, for messages */
};

static int copy_dir(struct agent_copy *c, const struct level *l, struct gv_err *err);

static void
set_times(int fd, const struct stat *st)
{
	const struct timespec times[2] = { st->st_mtim, st->st_mtim };

	futimens(fd, times);
}

static int
copy_bytes(struct agent_copy *c, int in, int out, const char *name, struct gv_err *err)
{
	char buf[64 << 10];

	for (;;) {
		ssize_t n = read(in, buf, sizeof(buf));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gv_err_sys(err, GV_EIO, "cannot read '%s'", name);
		if (n == 0)
			return 0;
		if ((uint64_t)gv_clock_ms() > c->deadline_ms)
			return gv_err_set(err, GV_EFAIL, "copying the project took too long");
		agent_frame_alive();
		if (gv_fs_write_all(out, buf, (size_t)n, err) < 0)
			return gv_err_wrap(err, "'%s'", name);
	}
}

static int
copy_file(struct agent_copy *c, const struct level *l, const char *name, int in, const struct stat *st,
	  struct gv_err *err)
{
	gv_autofd int out = openat(l->to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (out < 0)
		return gv_err_sys(err, GV_EIO, "cannot make '%s'", name);
	if (copy_bytes(c, in, out, name, err) < 0)
		return -1;
	fchmod(out, st->st_mode & 0777);
	set_times(out, st);
	if (close(gv_steal_fd(&out)) < 0)
		return gv_err_sys(err, GV_EIO, "cannot write '%s'", name);
	return 0;
}

static int
copy_link(const struct level *l, const char *name, struct gv_err *err)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(l->from, name, target, sizeof(target));

	if (n < 0 || n == (ssize_t)sizeof(target))
		return gv_err_sys(err, GV_EIO, "cannot read the link '%s'", name);
	target[n] = '\0';
	if (symlinkat(target, l->to, name) < 0)
		return gv_err_sys(err, GV_EIO, "cannot make the link '%s'", name);
	return 0;
}

static int
copy_subdir(struct agent_copy *c, const struct level *l, const char *name, int in, const struct stat *st,
	    struct gv_err *err)
{
	gv_autofd int out = -1;
	struct level sub = { .up = l, .from = in, .depth = l->depth + 1, .name = name };

	if (sub.depth > DEPTH_MAX)
		return gv_err_set(err, GV_EFAIL, "'%s' is nested deeper than %d directories", name, DEPTH_MAX);
	if (mkdirat(l->to, name, 0700) < 0 ||
	    (out = openat(l->to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0)
		return gv_err_sys(err, GV_EIO, "cannot make directory '%s'", name);
	sub.to = out;
	if (copy_dir(c, &sub, err) < 0)
		return -1;
	fchmod(out, (st->st_mode & 0777) | 0700);
	set_times(out, st);
	return 0;
}

/* Write the path of `name` below the top. It is cut at its beginning when it does not fit. */
static void
path_of(char *buf, size_t size, const struct level *l, const char *name)
{
	size_t at = size - 1;

	buf[at] = '\0';
	for (;; name = l->name, l = l->up) {
		size_t n = strlen(name);

		if (n + 1 > at)
			break;
		at -= n;
		memcpy(buf + at, name, n);
		if (l->up == NULL)
			break;
		buf[--at] = '/';
	}
	memmove(buf, buf + at, size - at);
}

static int
copy_entry(struct agent_copy *c, const struct level *l, const char *name, struct gv_err *err)
{
	gv_autofd int in = -1;
	struct stat st;

	if (fstatat(l->from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : gv_err_sys(err, GV_EIO, "cannot stat '%s'", name);
	if (S_ISLNK(st.st_mode))
		return copy_link(l, name, err);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return 0;
	/* O_NONBLOCK, because the source is the user's live checkout, where a FIFO may just have replaced the file. */
	in = openat(l->from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (in < 0 && (errno == EACCES || errno == EPERM)) {
		if (c->unreadable++ == 0)
			path_of(c->first, sizeof(c->first), l, name);
		return 0;
	}
	if (in < 0 || fstat(in, &st) < 0)
		return errno == ENOENT ? 0 : gv_err_sys(err, GV_EIO, "cannot open '%s'", name);
	if (S_ISDIR(st.st_mode))
		return copy_subdir(c, l, name, in, &st, err);
	return S_ISREG(st.st_mode) ? copy_file(c, l, name, in, &st, err) : 0;
}

/* Whether `name` in the directory `l` has the path `path`, of `len` bytes, below the top. */
static bool
is_path(const struct level *l, const char *name, const char *path, size_t len)
{
	size_t n = strlen(name);

	if (n > len || memcmp(path + len - n, name, n) != 0)
		return false;
	if (l->up == NULL || n == len)
		return l->up == NULL && n == len;
	return path[len - n - 1] == '/' && is_path(l->up, l->name, path, len - n - 1);
}

static bool
skipped(const struct agent_copy *c, const struct level *l, const char *name)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return true;
	for (size_t i = 0; i < c->skip->n; i++)
		if (is_path(l, name, c->skip->v[i], strlen(c->skip->v[i])))
			return true;
	return false;
}

static int
copy_dir(struct agent_copy *c, const struct level *l, struct gv_err *err)
{
	gv_autodir DIR *d = NULL;
	struct dirent *e;
	int copy = fcntl(l->from, F_DUPFD_CLOEXEC, 0);

	if (copy < 0 || (d = fdopendir(copy)) == NULL) {
		gv_err_sys(err, GV_EIO, "cannot read directory '%s'", l->name);
		if (copy >= 0)
			close(copy);
		return -1;
	}
	errno = 0;
	while ((e = readdir(d)) != NULL) {
		if (!skipped(c, l, e->d_name) && copy_entry(c, l, e->d_name, err) < 0)
			return gv_err_wrap(err, "in '%s'", l->name);
		errno = 0;
	}
	if (errno != 0)
		return gv_err_sys(err, GV_EIO, "cannot read directory '%s'", l->name);
	return 0;
}

int
agent_tree_copy(struct agent_copy *c, const char *from, const char *to, struct gv_err *err)
{
	gv_autofd int in = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC), out = -1;
	struct level top = { .name = from };

	c->unreadable = 0;
	if (in < 0)
		return gv_err_sys(err, GV_EIO, "cannot open '%s'", from);
	if (gv_fs_mkdir_p(to, err) < 0)
		return -1;
	out = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out < 0)
		return gv_err_sys(err, GV_EIO, "cannot open '%s'", to);
	top.from = in;
	top.to = out;
	return copy_dir(c, &top, err);
}
