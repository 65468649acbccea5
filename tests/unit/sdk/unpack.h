/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_UNIT_SDK_UNPACK_H
#define GV_TESTS_UNIT_SDK_UNPACK_H

/* Runs the unpacker on bytes in memory, into a directory made for the test. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/unpack.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

#define MODULE "golang.org/toolchain@v0.0.1-go1.22.3.linux-amd64/"

/* Bytes in memory, lent `step` at a time. After `fail_at` bytes the source fails like a network. */
struct mem_source {
	struct gv_source src;
	const char *data;
	size_t len, at, step, fail_at;
};

static inline ssize_t
mem_read(struct gv_source *src, const void **chunk, struct gv_err *err)
{
	struct mem_source *m = (struct mem_source *)src;
	size_t n = m->len - m->at < m->step ? m->len - m->at : m->step;

	if (m->at >= m->fail_at)
		return gv_err_set(err, GV_ENET, "connection lost");
	*chunk = m->data + m->at;
	m->at += n;
	return (ssize_t)n;
}

struct run {
	char dir[64];
	int fd, rc;
	struct gv_unpack_out out;
	struct gv_err err;
};

/* With `prefix` NULL a zip is a module zip, and a tar.gz an official archive. */
static inline struct run
unpack_as(const char *prefix, enum gv_archive_kind kind, const char *data, size_t len, size_t step, size_t fail_at,
	  bool outside)
{
	struct run r = { .dir = "unpack-test-XXXXXX", .fd = -1 };
	struct mem_source m = {
		.src = { .read = mem_read }, .data = data, .len = len, .step = step, .fail_at = fail_at
	};
	struct gv_unpack_in in = { .src = &m.src, .kind = kind, .module_prefix = MODULE, .outside = outside };

	tap_need(mkdtemp(r.dir) != NULL, "a directory");
	r.fd = open(r.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tap_need(r.fd >= 0, "'%s' can be opened", r.dir);
	in.prefix = prefix != NULL ? prefix : kind == GV_ARCHIVE_ZIP ? MODULE : "go/";
	in.dest_fd = r.fd;
	r.rc = gv_unpack(&in, &r.out, &r.err);
	return r;
}

static inline struct run
unpack(enum gv_archive_kind kind, const char *data, size_t len, size_t step, size_t fail_at, bool outside)
{
	return unpack_as(NULL, kind, data, len, step, fail_at, outside);
}

static inline void
done(struct run *r)
{
	struct gv_err err = GV_ERR_INIT;

	gv_unpack_out_release(&r->out);
	close(r->fd);
	tap_need(gv_fs_remove_tree(AT_FDCWD, r->dir, &err) == 0, "%s", err.msg);
}

static inline char *
load(const char *name, size_t *len)
{
	gv_autofree char *path = gv_xasprintf("%s/tests/%s", getenv("top_srcdir"), name);
	struct gv_err err = GV_ERR_INIT;
	char *data = NULL;

	tap_need(gv_fs_read(AT_FDCWD, path, 1u << 20, &data, len, &err) == 0, "%s", err.msg);
	return data;
}

static inline unsigned
mode_of(const struct run *r, const char *path)
{
	struct stat st;

	return fstatat(r->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ? (unsigned)st.st_mode : 0;
}

#endif
