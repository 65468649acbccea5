/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_WORDS_H
#define GV_UTIL_WORDS_H

#include "util/err.h"
#include "util/str.h"
#include "util/strv.h"

/*
 * Lines of words for our own small records: words are separated by one blank; blanks, '%' and control bytes inside a word
 * are %XX, and an empty word is "%-".
 */
void gv_words_add(struct gv_str *s, const char *word); /* a blank before it, unless it begins the line */

/* Split one line of `len` bytes. -1 when it is malformed (two blanks, a bad escape, %00) or empty; `*words` may then hold some. */
int gv_words_split(struct gv_strv *words, const char *line, size_t len) GV_MUST_CHECK;

#endif
