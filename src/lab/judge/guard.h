/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_GUARD_H
#define GV_JUDGE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/patterns.h"

#define GV_SYMBOL_NAME_MAX 256

/*
 * Whether the guard of the row holds for the match, in `text` of `len` bytes. `minor` is the N of the tested Go 1.N, or
 * -1 when unknown.
 */
bool gv_guard_holds(const struct gv_match *m, const char *text, size_t len, int minor);

/*
 * Name the symbol that a match has in pkg, type and sym: "net/http.Request.PathValue". `*added` gets the N of the Go
 * 1.N that added it. False if the standard library of no later Go has it.
 */
bool gv_guard_symbol(const struct gv_match *m, int minor, char name[GV_SYMBOL_NAME_MAX], int *added);

#endif
