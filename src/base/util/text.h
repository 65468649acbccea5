/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_TEXT_H
#define GV_UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * Untrusted bytes on their way to a terminal, a log or a shell.
 */

/*
 * Copy `len` bytes of `src` so that a terminal shows them and nothing else: control characters
 * (C0, DEL, C1), bidirectional controls, what shows as nothing or as a blank, and bytes that are not UTF-8 become \xHH.
 * So does the first character of what gv_text_is_command() finds.
 * `dst` is always terminated; what does not fit is cut at a whole character and ends in "...".
 */
void gv_text_clean(char *dst, size_t size, const char *src, size_t len);

/*
 * Characters that a terminal obeys instead of showing, that reorder what it shows, or that show as nothing or a blank.
 */
bool gv_text_is_control(unsigned cp);

/* Bytes of the blanks that `s` begins with, as .NET's TrimStart() knows them: GitHub's runner looks behind those. */
size_t gv_text_blanks(const char *s, size_t len);

/*
 * Whether a CI system would obey what begins at byte `at` (below `len`) of a line in the output of a job: "::" at the
 * beginning or behind blanks (GitHub), "##[", "##vso[" or "##teamcity[" anywhere (GitHub, Azure, TeamCity).
 */
bool gv_text_is_command(const char *line, size_t len, size_t at);

/*
 * Length in bytes (1..4) of the UTF-8 character at `s`, or 0 when the next byte starts none
 * (overlong forms, surrogates and values above U+10FFFF included). `*cp` gets the code point.
 */
size_t gv_utf8_decode(const char *s, size_t len, unsigned *cp);

/* Whether all of `s` is valid UTF-8. */
bool gv_utf8_valid(const char *s, size_t len);

/* Like snprintf(3), for text that people read: cuts what does not fit. */
void gv_text_cut(char *dst, size_t size, const char *fmt, ...) GV_PRINTF(3, 4);

/* Like snprintf(3), for a name, a path or a version that must fit: aborts when it does not. */
void gv_text_fit(char *dst, size_t size, const char *fmt, ...) GV_PRINTF(3, 4);

#endif
