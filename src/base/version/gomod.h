/* SPDX-License-Identifier: MIT */
#ifndef GV_VERSION_GOMOD_H
#define GV_VERSION_GOMOD_H

#include <stddef.h>

#include "util/err.h"
#include "version/version.h"

/*
 * Read the version lines of a go.mod or go.work. This is the simple line scan that cmd/go itself uses to choose a
 * toolchain, not a full parser: the first line that begins with "go" and a blank counts, and the first that begins with
 * "toolchain" and a blank. A // comment is removed.
 */
#define GV_GOMOD_MAX (16u << 20) /* bytes; the limit of cmd/go for a go.mod */

struct gv_gomod {
	char go[GV_VERSION_MAX];        /* "1.22", "1.22.3", or "" when there is no go line */
	unsigned go_line;               /* line number from 1; 0: none */
	char toolchain[GV_VERSION_MAX]; /* "1.22.3", without "go" and -suffix; "": none, or "default" */
	unsigned toolchain_line;        /* line number from 1; 0: none */
};

/*
 * Scan `len` bytes of `text`. Errors: GV_EFORMAT for a malformed go or toolchain line; `*bad_line` is then its number.
 * The message says what is wrong with the line. The caller adds file and line number with gv_err_wrap().
 */
int gv_gomod_scan(struct gv_gomod *out, const char *text, size_t len, unsigned *bad_line,
		  struct gv_err *err) GV_MUST_CHECK;

#endif
