/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_WORDS_H
#define GV_UTIL_WORDS_H

#include "util/err.h"
#include "util/str.h"
#include "util/strv.h"

/*
 * Lines of words for our own small files. One blank separates two words. Blanks, '%' and control bytes in a word are
 * written as %XX, and an empty word as "%-".
 */

/* Append a word, with a blank before it unless it is the first in its line. The caller adds the newline. */
void gv_words_add(struct gv_str *s, const char *word);

/*
 * Append the words of one line of `len` bytes to `*words`. Returns -1 when the line is empty or malformed (two blanks,
 * a bad escape, %00); `*words` may then hold some of its words. The caller releases `*words`.
 */
int gv_words_split(struct gv_strv *words, const char *line, size_t len) GV_MUST_CHECK;

#endif
