/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/sig.h"

struct local {
	struct gv_source src;
	int fd;
	char *path;
	char *buf;
	uint64_t done;
	int64_t total;
	struct gv_fetch_progress progress;
};

static ssize_t
local_read(struct gv_source *src, const void **chunk, struct gv_err *err)
{
	struct local *l = (struct local *)src;
	ssize_t n;

	if (gv_sig_check(err) < 0)
		return -1;
	do
		n = read(l->fd, l->buf, GV_FETCH_CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return gv_err_sys(err, GV_EIO, "cannot read '%s'", l->path);
	l->done += (uint64_t)n;
	gv_fetch_report(&l->progress, l->done, 0, l->total);
	*chunk = l->buf;
	return n;
}

static void
local_close(struct gv_source *src)
{
	struct local *l = (struct local *)src;

	close(l->fd);
	free(l->path);
	free(l->buf);
	free(l);
}

struct gv_source *
gv_local_open(const char *path, const struct gv_fetch_progress *progress, struct gv_err *err)
{
	gv_autofd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct local *l;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		gv_err_sys(err, errno == ENOENT ? GV_ENOTFOUND : GV_EIO, "cannot open '%s'", path);
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		gv_err_set(err, GV_EFORMAT, "'%s' is not a regular file", path);
		return NULL;
	}
	if ((uint64_t)st.st_size > GV_FETCH_MAX) {
		gv_err_set(err, GV_ETOOBIG, "'%s' is larger than %u MiB", path, (unsigned)(GV_FETCH_MAX >> 20));
		return NULL;
	}
	l = gv_xcalloc(1, sizeof(*l));
	l->src = (struct gv_source){ .read = local_read, .close = local_close };
	l->fd = gv_steal_fd(&fd);
	l->path = gv_xstrdup(path);
	l->buf = gv_xmalloc(GV_FETCH_CHUNK);
	l->total = st.st_size;
	if (progress != NULL)
		l->progress = *progress;
	return &l->src;
}
