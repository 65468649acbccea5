/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_NAMES_H
#define GV_RESOLVE_NAMES_H

#include <stddef.h>

#include "util/err.h"

/*
 * The names in a directory, without "." and "..", in any order. This makes the system call itself, because a shim must
 * be fast: it takes 10 microseconds, and musl's readdir() spends 30 more on its buffer.
 *
 *	gv_autonames struct gv_names in = { .fd = -1 };
 *	const char *name;
 *
 *	rc = gv_names_open(&in, path, err);
 *	while (rc > 0 && (rc = gv_names_next(&in, &name, err)) > 0)
 *		...
 */
struct gv_names {
	int fd;
	size_t at, len; /* bytes of `buf` that were read, and that are filled */
	_Alignas(8) char buf[2048];
};

#define gv_autonames __attribute__((cleanup(gv_names_close)))

/* Returns 1, or 0 when there is no such directory, or -1. */
int gv_names_open(struct gv_names *in, const char *path, struct gv_err *err) GV_MUST_CHECK;

/* Returns 1 with *name, borrowed until the next call; 0 at the end; or -1. */
int gv_names_next(struct gv_names *in, const char **name, struct gv_err *err) GV_MUST_CHECK;

/* Does nothing when it was never opened or is already closed. */
void gv_names_close(struct gv_names *in);

#endif
