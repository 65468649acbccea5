/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/diag.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/lines.h"
#include "util/num.h"
#include "util/str.h"

#define LINE_MAX_NUMBER 99999999 /* a larger number is no line number */

struct place {
	const char *file, *message;
	size_t file_len;
	unsigned line, col;
};

static const char *
number(const char *p, unsigned *n)
{
	uint64_t v;

	p = gv_num_prefix(p, LINE_MAX_NUMBER, &v);
	if (p == NULL || *p != ':')
		return NULL;
	*n = (unsigned)v;
	return p + 1;
}

/* "FILE:LINE:[COL:] MESSAGE"; a file name has a dot and no blank. */
static bool
parse_place(struct place *p, const char *s)
{
	const char *rest, *more;
	size_t n = strcspn(s, ": \t\n");

	memset(p, 0, sizeof(*p));
	if (n == 0 || s[n] != ':' || memchr(s, '.', n) == NULL || (rest = number(s + n + 1, &p->line)) == NULL)
		return false;
	more = number(rest, &p->col);
	p->file = s;
	p->file_len = n;
	p->message = more != NULL ? more : rest;
	p->message += strspn(p->message, " ");
	return true;
}

/* The path relative to the module's directory. A path elsewhere (module cache, GOROOT) stays as it is. */
static char *
relative(const struct gv_phase_output *in, const char *file, size_t len)
{
	size_t dir = in->moduledir != NULL ? strlen(in->moduledir) : 0;

	if (dir > 0 && len > dir + 1 && memcmp(file, in->moduledir, dir) == 0 && file[dir] == '/')
		return gv_xstrndup(file + dir + 1, len - dir - 1);
	if (len > 5 && memcmp(file, "$SRC/", 5) == 0)
		return gv_xstrndup(file + 5, len - 5);
	if (len > 2 && memcmp(file, "./", 2) == 0)
		return gv_xstrndup(file + 2, len - 2);
	return gv_xstrndup(file, len);
}

static bool
is_known(const struct gv_finding *out, const char *file, const struct place *p, const char *message)
{
	for (size_t i = 0; i < out->n_diags; i++) {
		const struct gv_diag *d = &out->diags[i];

		if (d->line == p->line && d->col == p->col && strcmp(d->file, file) == 0 &&
		    strcmp(d->message, message) == 0)
			return true;
	}
	return false;
}

/* Takes `file` and `message`. */
static struct gv_diag *
add(struct gv_finding *out, char *file, const struct place *p, char *message)
{
	struct gv_diag *d;

	if (out->n_diags >= GV_DIAG_MAX || is_known(out, file, p, message)) {
		free(file);
		free(message);
		return NULL;
	}
	d = gv_finding_add_diag(out);
	d->file = file;
	d->line = p->line;
	d->col = p->col;
	d->message = message;
	return d;
}

static size_t
line_len(const char *s)
{
	size_t n = strcspn(s, "\n");

	return n > GV_DIAG_LINE_MAX ? GV_DIAG_LINE_MAX : n;
}

/* The rest of the line at `s`, and the lines `below` it that begin with a tab, joined by blanks. */
static char *
message_with_more(const struct gv_phase_output *in, const char *s, struct gv_lines below)
{
	gv_autostr struct gv_str text = GV_STR_INIT(4 * GV_DIAG_LINE_MAX);

	gv_str_addn(&text, s, line_len(s));
	while (text.len < GV_DIAG_LINE_MAX && gv_lines_next(&below) && *below.line == '\t') {
		s = below.line + strspn(below.line, "\t ");
		gv_str_addc(&text, ' ');
		gv_str_addn(&text, s, line_len(s));
	}
	return gv_diag_line(in, gv_str_text(&text), text.len);
}

/* What may stand before a place. */
static size_t
prefix_len(const char *s)
{
	static const char *const prefixes[] = { "vet: ", "reading go.work: " };

	for (size_t i = 0; i < GV_ARRAY_LEN(prefixes); i++)
		if (strncmp(s, prefixes[i], strlen(prefixes[i])) == 0)
			return strlen(prefixes[i]);
	return 0;
}

void
gv_diag_from_go(struct gv_finding *out, const struct gv_phase_output *in, const char *text)
{
	struct gv_lines lines;

	gv_lines_init(&lines, text, strlen(text), GV_LINES_LF);
	while (out->n_diags < GV_DIAG_MAX && gv_lines_next(&lines)) {
		struct place p;

		if (parse_place(&p, lines.line + prefix_len(lines.line)))
			add(out, relative(in, p.file, p.file_len), &p, message_with_more(in, p.message, lines));
	}
}

/* Tests print a file's name without its directory, so add the directory of the package. */
static char *
in_package(const struct gv_phase_output *in, const char *package, const struct place *p)
{
	size_t n = in->module != NULL ? strlen(in->module) : 0;

	if (n == 0 || memchr(p->file, '/', p->file_len) != NULL || strncmp(package, in->module, n) != 0 ||
	    package[n] != '/')
		return relative(in, p->file, p->file_len);
	return gv_xasprintf("%s/%.*s", package + n + 1, (int)p->file_len, p->file);
}

void
gv_diag_from_tests(struct gv_finding *out, const struct gv_phase_output *in)
{
	for (size_t i = 0; i < out->n_tests && out->n_diags < GV_DIAG_MAX; i++) {
		const struct gv_test_result *t = &out->tests[i];
		const char *message = gv_result_text(t->message);
		struct gv_lines lines;

		if (t->outcome != GV_FAIL || gv_result_text(t->name)[0] == '\0')
			continue;
		gv_lines_init(&lines, message, strlen(message), GV_LINES_LF);
		while (gv_lines_next(&lines)) {
			const char *s = lines.line;
			struct place p;

			if (*s == ' ' && parse_place(&p, s + strspn(s, " ")))
				add(out, in_package(in, gv_result_text(t->package), &p), &p,
				    gv_xstrndup(p.message, line_len(p.message)));
		}
	}
}

void
gv_diag_from_stack(struct gv_finding *out, const struct gv_phase_output *in, const char *text, const char *message)
{
	size_t dir = in->moduledir != NULL ? strlen(in->moduledir) : 0;
	struct gv_lines lines;

	if (dir == 0)
		return;
	gv_lines_init(&lines, text, strlen(text), GV_LINES_LF);
	while (gv_lines_next(&lines)) {
		struct place p = { 0 };
		const char *file = lines.line + strspn(lines.line, "\t "), *colon;
		uint64_t line;

		if (file == lines.line || strncmp(file, in->moduledir, dir) != 0 || file[dir] != '/')
			continue;
		p.file = file;
		p.file_len = strcspn(file, ":\n");
		colon = file + p.file_len;
		if (*colon != ':' || gv_num_prefix(colon + 1, LINE_MAX_NUMBER, &line) == NULL)
			continue;
		p.line = (unsigned)line;
		add(out, relative(in, p.file, p.file_len), &p, gv_xstrdup(message));
		return;
	}
}

/* The length of `dir` if `s` begins with it, and a slash, a colon, a bracket, a blank or the end follows; else 0. */
static size_t
at_directory(const char *s, const char *end, const char *dir)
{
	size_t n = dir != NULL ? strlen(dir) : 0;

	if (n < 2 || (size_t)(end - s) < n || memcmp(s, dir, n) != 0)
		return 0;
	return s + n == end || strchr("/:) ", s[n]) != NULL ? n : 0;
}

char *
gv_diag_line(const struct gv_phase_output *in, const char *line, size_t len)
{
	gv_autostr struct gv_str out = GV_STR_INIT(16 * GV_DIAG_LINE_MAX);
	const char *end = line + len, *s = line;
	bool word = true; /* a path may begin here */

	while (s < end && isspace((unsigned char)*s))
		s++;
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	if (end - s > 5 && memcmp(s, "vet: ", 5) == 0)
		s += 5;
	while (s < end && out.len < GV_DIAG_LINE_MAX) {
		size_t src = word ? at_directory(s, end, in->moduledir) : 0;
		size_t root = word ? at_directory(s, end, in->goroot) : 0;

		if (src > 0 && src >= root) {
			gv_str_add(&out, "$SRC");
			s += src;
		} else if (root > 0) {
			gv_str_add(&out, "$GOROOT");
			s += root;
		} else {
			gv_str_addc(&out, *s == '\t' ? ' ' : *s);
			s++;
		}
		word = s < end && s[-1] != '/' && !isalnum((unsigned char)s[-1]);
	}
	return gv_xstrdup(gv_str_text(&out));
}
