/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_NUM_H
#define GV_UTIL_NUM_H

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

/*
 * Numbers that come from outside: a file, an argument, a reply. They are decimal digits and nothing else: no sign, no
 * blank, no "0x". Leading zeros are allowed. A number above `max` is refused. There is no message, because only the
 * caller knows what the number means. *out is written only on success.
 */

/* Parse all of `s`. Returns -1 when it is not a number up to `max`. */
int gv_num_u64(const char *s, uint64_t max, uint64_t *out) GV_MUST_CHECK;

/* The same for exactly `len` bytes; they need no NUL at their end. */
int gv_num_span(const char *s, size_t len, uint64_t max, uint64_t *out) GV_MUST_CHECK;

/*
 * Parse the digits at the start of `s`, for a number followed by a unit or a separator. Returns the text after the
 * digits, which the caller must check. Returns NULL when there is no digit or the number is above `max`.
 *
 *	end = gv_num_prefix("4g", UINT64_MAX, &n);	n is 4, end is "g"
 */
const char *gv_num_prefix(const char *s, uint64_t max, uint64_t *out) GV_MUST_CHECK;

/* The value of one hexadecimal digit, either case; -1 for any other byte. */
int gv_num_hex(char c) GV_MUST_CHECK;

#endif
