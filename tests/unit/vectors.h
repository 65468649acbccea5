/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_UNIT_VECTORS_H
#define GV_TESTS_UNIT_VECTORS_H

/* Files of tests/data: rows of columns by TAB, and the escapes \xHH \n \r \t \\ that some of them use. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/err.h"
#include "util/fs.h"
#include "util/strv.h"

static inline char *
vectors_path(const char *name)
{
	const char *top = getenv("top_srcdir");

	return gv_xasprintf("%s/%s", top != NULL ? top : ".", name);
}

/* A whole file below the source tree; an unreadable one ends the test. */
static inline char *
vectors_read(const char *name, size_t *len)
{
	struct gv_err err = GV_ERR_INIT;
	char *path = vectors_path(name), *text;

	tap_need(gv_fs_read(AT_FDCWD, path, 64u << 20, &text, len, &err) == 0, "%s", err.msg);
	free(path);
	return text;
}

/* Cut the text into lines in place; the last one may lack its newline. */
static inline struct gv_strv
vectors_lines(char *text)
{
	struct gv_strv out = GV_STRV_INIT;

	while (*text != '\0') {
		char *end = strchr(text, '\n');

		if (end != NULL)
			*end = '\0';
		gv_strv_add(&out, text);
		text = end != NULL ? end + 1 : text + strlen(text);
	}
	return out;
}

/* Cut one row into at most `max` columns in place; the number of columns. */
static inline int
vectors_columns(char *row, char **columns, int max)
{
	int n = 0;

	while (n < max) {
		columns[n++] = row;
		row = strchr(row, '\t');
		if (row == NULL)
			break;
		*row++ = '\0';
	}
	return n;
}

/* Expand escapes in place; the new length (the text may hold NUL). */
static inline size_t
vectors_unescape(char *s)
{
	char *out = s, *start = s;
	unsigned byte;

	for (; *s != '\0'; s++) {
		if (*s != '\\') {
			*out++ = *s;
			continue;
		}
		s++;
		if (*s == 'x' && sscanf(s + 1, "%2x", &byte) == 1) {
			*out++ = (char)byte;
			s += 2;
		} else {
			*out++ = *s == 'n' ? '\n' : *s == 'r' ? '\r' : *s == 't' ? '\t' : *s;
		}
	}
	*out = '\0';
	return (size_t)(out - start);
}

#endif
