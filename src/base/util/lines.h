/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_LINES_H
#define GV_UTIL_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"
#include "util/strv.h"

/*
 * Reads the lines of a text in memory. The text is not changed, needs no NUL at its end, and must outlive the reader.
 *
 *	struct gv_lines in;
 *
 *	gv_lines_init(&in, text, len, GV_LINES_LF);
 *	while (gv_lines_next(&in))
 *		use(in.line, in.len, in.number);
 *
 * A line ends with LF. The last line may also end with the text. There is no empty line after a final LF. NUL is a byte
 * like any other.
 */
enum gv_lines_end {
	GV_LINES_LF,   /* a CR belongs to the line: for our own files, and for parsers that treat CR as a blank */
	GV_LINES_CRLF, /* one CR at the end of a line is removed */
};

struct gv_lines {
	const char *line; /* no NUL at its end */
	size_t len;       /* bytes of `line`, without LF or CR LF */
	unsigned number;  /* 1 for the first line; 0 before the first call */
	const char *rest; /* the text after this line */
	size_t left;      /* bytes of `rest` */
	enum gv_lines_end end;
};

/* Start to read `text`, which has `len` bytes. gv_lines_next() then gives the first line. */
void gv_lines_init(struct gv_lines *in, const char *text, size_t len, enum gv_lines_end end);

/* Read the next line. Returns false at the end; *in then still holds the last line. */
bool gv_lines_next(struct gv_lines *in);

/*
 * Split the next line into words (util/words.h), as our own records are written. Returns 1 and replaces what *words
 * held, or 0 at the end. Returns -1 when the line is malformed or empty, holds a NUL, or has no LF because the file is
 * incomplete; in->number is then the number of that line. The caller releases *words.
 */
int gv_lines_words(struct gv_lines *in, struct gv_strv *words) GV_MUST_CHECK;

/*
 * Check that `line`, the first line of one of our own files, is "NAME FORMAT" with this name and format. It ends with
 * LF or NUL; NULL means that there is no line. Errors: GV_EFORMAT; the caller puts the file's name before the message.
 */
int gv_lines_format(const char *line, const char *name, unsigned format, struct gv_err *err) GV_MUST_CHECK;

/*
 * Cut the next field or line, which ends with `end`, off *text in place. Returns NULL and sets *text to NULL when `end`
 * is missing: in our own files that means that the file is incomplete. When *text is NULL, returns NULL. A caller that
 * cuts several fields therefore needs to check only the last one.
 */
char *gv_lines_cut(char **text, char end);

#endif
