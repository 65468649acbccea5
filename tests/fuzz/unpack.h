/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_FUZZ_UNPACK_H
#define GV_TESTS_FUZZ_UNPACK_H

/* Runs the whole unpacker on bytes in memory, into a directory that is removed again. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/entry.h"
#include "archive/unpack.h"
#include "util/fs.h"

#define UNPACK_MODULE "golang.org/toolchain@v0.0.1-go1.22.3.linux-amd64/"

struct unpack_bytes {
	struct gv_source src;
	const uint8_t *data;
	size_t size, at;
};

static ssize_t
unpack_read(struct gv_source *src, const void **chunk, struct gv_err *err)
{
	struct unpack_bytes *b = (struct unpack_bytes *)src;
	size_t n = b->size - b->at < 1000 ? b->size - b->at : 1000;

	(void)err;
	*chunk = b->data + b->at;
	b->at += n;
	return (ssize_t)n;
}

/* The unpacked files match the list: allowed names, regular files of that size, modes by gover's rule. */
static void
unpack_check(int fd, const struct gv_unpack_out *out)
{
	for (size_t i = 0; i < out->n; i++) {
		struct gv_err err = GV_ERR_INIT;
		const struct gv_unpack_file *f = &out->files[i];
		struct stat st;

		if (gv_entry_check_name(f->path, strlen(f->path), &err) < 0 ||
		    fstatat(fd, f->path, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode) ||
		    (uint64_t)st.st_size != f->size || (st.st_mode & 07777) != f->mode)
			abort();
		if (i > 0 && strcmp(out->files[i - 1].path, f->path) >= 0)
			abort();
	}
}

static void
unpack_all(enum gv_archive_kind kind, const char *prefix, const uint8_t *data, size_t size)
{
	char dir[] = "/tmp/gover-unpack-fuzz-XXXXXX";
	struct unpack_bytes b = { .src = { .read = unpack_read }, .data = data, .size = size };
	struct gv_unpack_in in = {
		.src = &b.src,
		.kind = kind,
		.prefix = prefix,
		.module_prefix = UNPACK_MODULE,
		.outside = true,
	};
	struct gv_unpack_out out = { 0 };
	struct gv_err err = GV_ERR_INIT;

	if (mkdtemp(dir) == NULL || (in.dest_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		abort();
	if (gv_unpack(&in, &out, &err) == 0)
		unpack_check(in.dest_fd, &out);
	else if (err.code != GV_EPROOF)
		abort();
	gv_unpack_out_release(&out);
	close(in.dest_fd);
	if (gv_fs_remove_tree(AT_FDCWD, dir, &err) < 0)
		abort();
}

#endif
