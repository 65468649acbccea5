/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/gotest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "judge/gotest_line.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/lines.h"

#define TEXT_MAX    (16u << 20) /* bytes; the runner keeps less of a phase */
#define MESSAGE_MAX 4096        /* bytes kept of what one test printed */

struct splitter {
	struct gv_gotest *g;
	struct gv_finding *finding;
	struct gv_str block;   /* lines since the last package line, compiler output taken out */
	size_t first;          /* index of the first test of this block */
	bool compiler;         /* inside "# package" */
	struct gv_str message; /* of the test whose lines these are */
	bool verbose;          /* -v: what a test printed comes before its "---" line, not after it */
	bool in_test;          /* lines belong to the last test of the vector */
};

static bool
starts(const char *line, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);

	return len >= n && memcmp(line, prefix, n) == 0;
}

/*
 * Whether the line may belong to the "# package" line above: "./a.go:5:2: text", "vet: a.go:5:2: text", "main.main:
 * relocation target x not defined", "note: module requires Go 1.21", "\thave (int)"; not "panic: text".
 */
static bool
is_compiler_line(const char *line, size_t len)
{
	size_t i = 0;

	if (starts(line, len, "# ") || starts(line, len, "\t"))
		return true;
	while (i < len && !isspace((unsigned char)line[i]))
		i++;
	return i > 1 && line[i - 1] == ':' && !starts(line, len, "panic:");
}

static void
give_message(struct splitter *s)
{
	char **message = &s->finding->tests[s->finding->n_tests - 1].message;

	free(*message);
	*message = gv_xstrdup(gv_str_text(&s->message));
	gv_str_clear(&s->message);
}

static void
end_message(struct splitter *s)
{
	if (s->in_test)
		give_message(s);
	gv_str_clear(&s->message);
	s->in_test = false;
}

static void
begin_test(struct splitter *s, const struct gv_gotest_line *l)
{
	struct gv_test_result *t;

	if (!s->verbose)
		end_message(s);
	if (s->finding->n_tests >= GV_GOTEST_MAX)
		return;
	t = gv_finding_add_test(s->finding);
	t->name = gv_xstrndup(l->name, l->name_len);
	t->outcome = l->outcome;
	t->seconds = l->seconds;
	if (s->verbose)
		give_message(s);
	else
		s->in_test = true;
}

/* A line ended a package: put the package's name into its tests, and add the package itself. */
static void
end_package(struct splitter *s, const struct gv_gotest_line *l)
{
	struct gv_test_result *t;

	end_message(s);
	for (size_t i = s->first; i < s->finding->n_tests; i++)
		if (s->finding->tests[i].package == NULL)
			s->finding->tests[i].package = gv_xstrndup(l->name, l->name_len);
	if (s->finding->n_tests < GV_GOTEST_MAX) {
		t = gv_finding_add_test(s->finding);
		t->package = gv_xstrndup(l->name, l->name_len);
		t->outcome = l->outcome;
		t->seconds = l->seconds;
		t->message = gv_xstrndup(l->note, l->note_len);
	}
	s->first = s->finding->n_tests;
}

/* A whole block belongs to the test binary when its package line has a time, else to the go command. */
static void
flush_block(struct splitter *s, bool ran)
{
	struct gv_str *to = ran ? &s->g->output : &s->g->go;

	gv_str_addn(to, gv_str_text(&s->block), s->block.len);
	gv_str_clear(&s->block);
}

static void
add_line(struct gv_str *to, const char *line, size_t len)
{
	gv_str_addn(to, line, len);
	gv_str_addc(to, '\n');
}

/*
 * The lines after the last package line. If no test ran, the go command printed them all. Otherwise a test binary was
 * cut off, and only lines that begin with "go: " are the go command's.
 */
static void
flush_tail(struct splitter *s)
{
	const char *text = gv_str_text(&s->block);
	struct gv_lines in;

	if (s->g->output.len == 0 && s->finding->n_tests == s->first) {
		flush_block(s, false);
		return;
	}
	gv_lines_init(&in, text, strlen(text), GV_LINES_LF);
	while (gv_lines_next(&in))
		add_line(starts(in.line, in.len, "go: ") ? &s->g->go : &s->g->output, in.line, in.len);
}

static void
take_line(struct splitter *s, const char *line, size_t len)
{
	struct gv_gotest_line l;

	s->compiler = (s->compiler || starts(line, len, "# ")) && is_compiler_line(line, len);
	if (s->compiler) {
		end_message(s);
		add_line(&s->g->go, line, len);
		return;
	}
	gv_gotest_line(&l, line, len);
	if (l.kind == GV_LINE_TEST)
		begin_test(s, &l);
	if (l.kind == GV_LINE_PACKAGE) {
		end_package(s, &l);
		if (l.ran)
			add_line(&s->block, line, len);
		flush_block(s, l.ran);
		if (!l.ran)
			add_line(&s->g->go, line, len);
		s->g->tested = s->g->tested || (l.ran && !l.empty);
		if (l.empty && s->g->no_tests == NULL)
			s->g->no_tests = gv_xstrndup(line, len);
		return;
	}
	if (l.kind == GV_LINE_FRAME) {
		s->verbose = s->verbose || line[0] == '=';
		end_message(s);
	}
	add_line(&s->block, line, len);
	if (l.kind == GV_LINE_OTHER && (s->in_test || s->verbose) && s->message.len + len + 1 < MESSAGE_MAX)
		add_line(&s->message, line, len);
}

void
gv_gotest_split(struct gv_gotest *g, const char *text, struct gv_finding *finding)
{
	struct splitter s = { .g = g,
			      .finding = finding,
			      .block = GV_STR_INIT(TEXT_MAX),
			      .first = finding->n_tests,
			      .message = GV_STR_INIT(MESSAGE_MAX) };
	struct gv_lines in;

	*g = (struct gv_gotest){ .go = GV_STR_INIT(TEXT_MAX), .output = GV_STR_INIT(TEXT_MAX) };
	gv_lines_init(&in, text, strlen(text), GV_LINES_CRLF);
	while (gv_lines_next(&in))
		take_line(&s, in.line, in.len);
	end_message(&s);
	flush_tail(&s);
	gv_str_release(&s.block);
	gv_str_release(&s.message);
}

void
gv_gotest_release(struct gv_gotest *g)
{
	gv_str_release(&g->go);
	gv_str_release(&g->output);
	free(g->no_tests);
	g->no_tests = NULL;
}
