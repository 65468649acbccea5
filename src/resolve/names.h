/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_NAMES_H
#define GV_RESOLVE_NAMES_H

#include <stddef.h>

#include "util/err.h"

/*
 * The names in a directory, without "." and "..", in no order. This is readdir() by the system call: musl's costs a shim
 * 30 microseconds for its buffer, the call itself 10.
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
	size_t at, len; /* bytes of `buf` read and filled */
	_Alignas(8) char buf[2048];
};

#define gv_autonames __attribute__((cleanup(gv_names_close)))

/* 1, 0 when there is no such directory, -1. */
int gv_names_open(struct gv_names *in, const char *path, struct gv_err *err) GV_MUST_CHECK;

/* 1 with *name (borrowed until the next call), 0 at the end, -1. */
int gv_names_next(struct gv_names *in, const char **name, struct gv_err *err) GV_MUST_CHECK;

void gv_names_close(struct gv_names *in);

#endif
