/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The layout that getdents64(2) returns. */
struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t size; /* of this entry, bytes */
	uint8_t type;
	char name[];
};

int
gv_names_open(struct gv_names *in, const char *path, struct gv_err *err)
{
	in->at = in->len = 0;
	in->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (in->fd >= 0)
		return 1;
	return errno == ENOENT ? 0 : gv_err_sys(err, GV_EIO, "cannot read directory '%s'", path);
}

int
gv_names_next(struct gv_names *in, const char **name, struct gv_err *err)
{
	for (;;) {
		const struct entry *e;
		long n;

		if (in->at == in->len) {
			n = syscall(SYS_getdents64, in->fd, in->buf, sizeof(in->buf));
			if (n < 0)
				return gv_err_sys(err, GV_EIO, "cannot read a directory");
			if (n == 0)
				return 0;
			in->at = 0;
			in->len = (size_t)n;
		}
		e = (const struct entry *)(const void *)(in->buf + in->at);
		in->at += e->size;
		if (strcmp(e->name, ".") == 0 || strcmp(e->name, "..") == 0)
			continue;
		*name = e->name;
		return 1;
	}
}

void
gv_names_close(struct gv_names *in)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
}
