/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/gosum.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "verify/wire.h"

void
gv_gosum_release(struct gv_gosum *g)
{
	for (size_t i = 0; i < g->n; i++) {
		free(g->lines[i].module);
		free(g->lines[i].version);
	}
	free(g->lines);
	memset(g, 0, sizeof(*g));
}

const struct gv_gosum_line *
gv_gosum_find(const struct gv_gosum *g, const char *module, const char *version)
{
	for (size_t i = 0; i < g->n; i++) {
		if (strcmp(g->lines[i].version, version) == 0 && strcmp(g->lines[i].module, module) == 0)
			return &g->lines[i];
	}
	return NULL;
}

struct field {
	const char *s;
	size_t len;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Stores at most `max` fields and returns how many the line has. */
static size_t
split_line(const char *s, const char *end, struct field *f, size_t max)
{
	size_t n = 0;

	while (s < end) {
		const char *from = s;

		if (is_blank(*s)) {
			s++;
			continue;
		}
		while (s < end && !is_blank(*s))
			s++;
		if (n < max)
			f[n] = (struct field){ from, (size_t)(s - from) };
		n++;
	}
	return n;
}

static int
add_line(struct gv_gosum *g, const struct field f[3], const char *name, int line, struct gv_err *err)
{
	struct gv_gosum_line l = { .line = line };
	const struct gv_gosum_line *before;

	if (!gv_wire_is_h1(f[2].s, f[2].len))
		return gv_err_set(err, GV_EFORMAT, "%s:%d: '%.*s' is not an h1: hash", name, line, (int)f[2].len,
				  f[2].s);
	l.module = gv_xstrndup(f[0].s, f[0].len);
	l.version = gv_xstrndup(f[1].s, f[1].len);
	memcpy(l.h1, f[2].s, f[2].len);
	before = gv_gosum_find(g, l.module, l.version);
	if (before == NULL) {
		g->lines = gv_xreallocarray(g->lines, g->n + 1, sizeof(*g->lines));
		g->lines[g->n++] = l;
		return 0;
	}
	free(l.module);
	free(l.version);
	if (strcmp(before->h1, l.h1) == 0)
		return 0;
	return gv_err_set(err, GV_EFORMAT, "%s:%d: this hash of %s %s differs from line %d", name, line, before->module,
			  before->version, before->line);
}

int
gv_gosum_parse(struct gv_gosum *g, const char *name, const char *text, size_t len, struct gv_err *err)
{
	gv_autogosum struct gv_gosum sum = { 0 };
	struct gv_lines in;

	gv_lines_init(&in, text, len, GV_LINES_LF); /* a CR is a blank */
	while (gv_lines_next(&in)) {
		struct field f[3];
		size_t n = split_line(in.line, in.line + in.len, f, GV_ARRAY_LEN(f));
		int line = (int)in.number;

		if (n == 0)
			continue;
		if (n != 3 || !gv_wire_is_text(f[0].s, f[0].len) || !gv_wire_is_text(f[1].s, f[1].len))
			return gv_err_set(err, GV_EFORMAT, "%s:%d: want MODULE VERSION h1:HASH", name, line);
		if (add_line(&sum, f, name, line, err) < 0)
			return -1;
	}
	*g = sum;
	sum = (struct gv_gosum){ 0 };
	return 0;
}

int
gv_gosum_load(struct gv_gosum *g, const char *path, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	size_t len = 0;

	if (gv_fs_read(AT_FDCWD, path, GV_GOSUM_MAX, &text, &len, err) < 0)
		return -1;
	return gv_gosum_parse(g, path, text, len, err);
}
