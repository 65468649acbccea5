/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_TSV_H
#define GV_TESTS_TSV_H

/*
 * Test vectors below tests/data: rows with columns separated by TAB. \n, \\ and \xHH are escapes.
 *
 *	struct tsv t = tsv_open("sumdb/keys.tsv", 4);
 *
 *	while (tsv_next(&t))
 *		ok(check(t.col[0], t.len[0]), "row %d", t.row);
 *	tsv_close(&t);
 *
 * A missing file, or a row with a different number of columns, is a failed check.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/fs.h"

#define TSV_COLS 12

struct tsv {
	const char *file;
	char *buf, *at;
	int row, want;
	char *col[TSV_COLS]; /* unescaped, NUL-terminated */
	size_t len[TSV_COLS];
};

/* A path below tests/data; caller frees. */
static char *__attribute__((unused)) test_data(const char *name)
{
	const char *top = getenv("top_srcdir");

	return gv_xasprintf("%s/tests/data/%s", top != NULL ? top : ".", name);
}

/* A whole file below tests/data; NULL and a failed check when it is missing. */
static char *__attribute__((unused)) test_read(const char *name, size_t *len)
{
	struct gv_err err = GV_ERR_INIT;
	char *path = test_data(name), *buf = NULL;

	if (gv_fs_read(AT_FDCWD, path, 1 << 24, &buf, len, &err) < 0)
		ok(false, "%s", err.msg);
	free(path);
	return buf;
}

static struct tsv __attribute__((unused)) tsv_open(const char *file, int columns)
{
	struct tsv t = { .file = file, .want = columns };
	size_t len = 0;

	t.buf = t.at = test_read(file, &len);
	return t;
}

static int
tsv_hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
}

static size_t
tsv_unescape(char *s)
{
	char *out = s;

	for (const char *p = s; *p != '\0'; p++) {
		if (p[0] != '\\') {
			*out++ = *p;
		} else if (p[1] == 'x' && p[2] != '\0' && p[3] != '\0') {
			*out++ = (char)(tsv_hex(p[2]) << 4 | tsv_hex(p[3]));
			p += 3;
		} else {
			*out++ = p[1] == 'n' ? '\n' : p[1];
			p++;
		}
	}
	*out = '\0';
	return (size_t)(out - s);
}

static bool __attribute__((unused)) tsv_next(struct tsv *t)
{
	char *line = t->at, *end;
	int n = 0;

	if (line == NULL || *line == '\0')
		return false;
	end = line + strcspn(line, "\n");
	t->at = *end == '\n' ? end + 1 : end;
	*end = '\0';
	t->row++;
	while (line != NULL && n < TSV_COLS) {
		t->col[n++] = line;
		line = strchr(line, '\t');
		if (line != NULL)
			*line++ = '\0';
	}
	if (n != t->want) {
		ok(false, "%s:%d has %d columns, not %d", t->file, t->row, n, t->want);
		t->at = NULL;
		return false;
	}
	for (int i = 0; i < n; i++)
		t->len[i] = tsv_unescape(t->col[i]);
	return true;
}

static void __attribute__((unused)) tsv_close(struct tsv *t)
{
	ok(t->row > 0, "%s: %d rows", t->file, t->row);
	free(t->buf);
}

#endif
