/* SPDX-License-Identifier: MIT */
#ifndef GV_VERSION_GOMOD_H
#define GV_VERSION_GOMOD_H

#include <stddef.h>

#include "util/err.h"
#include "version/version.h"

/*
 * The version lines of a go.mod or go.work, by the loose line scan that cmd/go itself uses to choose a
 * toolchain: the first line that begins "go" or "toolchain" and a blank; a // comment is cut.
 */
#define GV_GOMOD_MAX (16u << 20) /* bytes; what cmd/go accepts for a go.mod */

struct gv_gomod {
	char go[GV_VERSION_MAX];        /* "1.22", "1.22.3", or "" when there is no go line */
	unsigned go_line;               /* from 1 */
	char toolchain[GV_VERSION_MAX]; /* "1.22.3" (prefix and -suffix cut), "" when none or "default" */
	unsigned toolchain_line;
};

/*
 * Errors: GV_EFORMAT for a malformed go or toolchain line; `*bad_line` then gives its number.
 * The message says what is wrong with the line, not where; the caller wraps it with file and line.
 */
int gv_gomod_scan(struct gv_gomod *out, const char *text, size_t len, unsigned *bad_line,
		  struct gv_err *err) GV_MUST_CHECK;

#endif
