/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_GUARD_H
#define GV_JUDGE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/patterns.h"

#define GV_SYMBOL_NAME_MAX 256

/*
 * What a match must also fulfil, and what it says about the standard library. `minor` is the N of the tested Go 1.N, -1
 * when unknown.
 */
bool gv_guard_holds(const struct gv_match *m, const char *text, size_t len, int minor);

/*
 * "net/http.Request.PathValue" of a match with pkg, type and sym; `*added` is the minor. False: not of a later Go's
 * library.
 */
bool gv_guard_symbol(const struct gv_match *m, int minor, char name[GV_SYMBOL_NAME_MAX], int *added);

#endif
