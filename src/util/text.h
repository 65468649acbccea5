/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_TEXT_H
#define GV_UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Untrusted bytes on their way to a terminal, a log or a shell.
 */

/*
 * Copy `len` bytes of `src` so that a terminal shows them and nothing else: control characters
 * (C0, DEL, C1), bidirectional controls, what shows as nothing or as a blank, and bytes that are not UTF-8 become \xHH. `dst` is always
 * terminated; what does not fit is cut at a whole character and ends in "...".
 */
void gv_text_clean(char *dst, size_t size, const char *src, size_t len);

/*
 * Length in bytes (1..4) of the UTF-8 character at `s`, or 0 when the next byte starts none
 * (overlong forms, surrogates and values above U+10FFFF included). `*cp` gets the code point.
 */
size_t gv_utf8_decode(const char *s, size_t len, unsigned *cp);

/* Whether all of `s` is valid UTF-8. */
bool gv_utf8_valid(const char *s, size_t len);

#endif
