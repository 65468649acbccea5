/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_TAIL_H
#define GV_UTIL_TAIL_H

#include <stddef.h>

/* The last part of a program's output, for the error that says why it failed. Zero it to make it empty. */
struct gv_tail {
	char text[2048]; /* NUL-terminated */
	size_t len;
};

/* Append `len` bytes. Drops bytes at the beginning when the text becomes too long. */
void gv_tail_add(struct gv_tail *t, const char *data, size_t len);

#endif
