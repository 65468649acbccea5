/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/phase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/diag.h"
#include "judge/gotest.h"
#include "judge/guard.h"
#include "judge/hint.h"
#include "judge/patterns.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/text.h"
#include "version/version.h"

#define GUARD_TRIES 200 /* matches of one row that its guard may refuse */

/* Whether `phase` is `base` or a follow-up of it: "test-again" is a test phase. */
static bool
is_phase(const char *phase, const char *base)
{
	size_t n = strlen(base);

	return strncmp(phase, base, n) == 0 && (phase[n] == '\0' || phase[n] == '-');
}

static bool
runs_tests(const char *phase)
{
	return is_phase(phase, "test") || is_phase(phase, "race");
}

static unsigned
printed_by(const char *phase)
{
	if (runs_tests(phase))
		return GV_BY_TEST;
	if (is_phase(phase, "vet"))
		return GV_BY_VET;
	if (is_phase(phase, "fetch"))
		return GV_BY_FETCH;
	return is_phase(phase, "debug") ? GV_BY_DEBUG : GV_BY_BUILD;
}

struct subject {
	const struct gv_phase_output *in;
	const char *go, *output; /* what the go command and what test binaries printed */
	int minor;
};

static bool
match_row(const struct subject *s, size_t i, const char *text, struct gv_match *m)
{
	size_t len = strlen(text), from = 0;

	for (int tries = 0; tries < GUARD_TRIES && gv_pattern_next(i, text, len, from, m); tries++) {
		if (gv_guard_holds(m, text, len, s->minor))
			return true;
		from = m->end > from ? m->end : from + 1;
	}
	return false;
}

/*
 * Try row `i` on what the go command printed and, in a test phase, on what test binaries printed. `*text` becomes the
 * one in which it matched.
 */
static bool
try_row(const struct subject *s, size_t i, struct gv_match *m, const char **text)
{
	unsigned by = printed_by(s->in->phase), printed = gv_patterns[i].printed;

	if ((printed & by) != 0 && match_row(s, i, s->go, m)) {
		*text = s->go;
		return true;
	}
	if (by == GV_BY_TEST && (printed & GV_BY_OUTPUT) != 0 && match_row(s, i, s->output, m)) {
		*text = s->output;
		return true;
	}
	return false;
}

/*
 * The first row that matches decides. If the rows below it have the same cause and fault, the one that matches earliest
 * in the text decides instead.
 */
static bool
match_table(const struct subject *s, struct gv_match *m, const char **text)
{
	size_t i = 0;

	while (i < gv_patterns_len && !try_row(s, i, m, text))
		i++;
	if (i == gv_patterns_len)
		return false;
	for (size_t k = i + 1; k < gv_patterns_len && gv_patterns[k].cause == gv_patterns[i].cause; k++) {
		struct gv_match other;
		const char *where;

		if (gv_patterns[k].fault == gv_patterns[i].fault && try_row(s, k, &other, &where) && where == *text &&
		    other.start < m->start)
			*m = other;
	}
	return true;
}

static const char *
line_start(const char *text, const char *at)
{
	while (at > text && at[-1] != '\n')
		at--;
	return at;
}

/* The last line above `at` that says something: not "FAIL", "exit status 1", "PASS" or a line that frames a test. */
static const char *
line_above(const char *text, const char *at)
{
	static const char *const empty[] = { "FAIL\n",     "exit status ", "PASS\n", "\n",
					     "coverage: ", "=== ",         "ok  \t", "?   \t" };
	const char *line = at;

	while (line > text) {
		bool skip = false;

		line = line_start(text, line - 1);
		for (size_t i = 0; i < GV_ARRAY_LEN(empty); i++)
			skip = skip || strncmp(line, empty[i], strlen(empty[i])) == 0;
		if (strncmp(line, "FAIL\t", 5) == 0)
			break; /* another package */
		if (!skip)
			return line;
	}
	return at;
}

static void
take_line(struct gv_finding *out, const struct subject *s, const struct gv_match *m, const char *text)
{
	const char *line = line_start(text, text + m->start);

	if (m->pattern->take == GV_TAKE_NEXT && line[strcspn(line, "\n")] == '\n')
		line += strcspn(line, "\n") + 1;
	else if (m->pattern->take == GV_TAKE_ABOVE)
		line = line_above(text, line);
	free(out->line);
	out->line = gv_diag_line(s->in, line, strcspn(line, "\n"));
}

static void
decide_by_match(struct gv_finding *out, const struct subject *s, const struct gv_match *m, const char *text)
{
	gv_autostr struct gv_str hint = GV_STR_INIT(GV_HINT_MAX);

	take_line(out, s, m, text);
	gv_hint_add(&hint, m, out->line, text, s->minor);
	gv_finding_set(out, m->pattern->fault == GV_FAULT_INFRA ? GV_UNKNOWN : GV_FAIL, m->pattern->cause, out->line,
		       hint.over ? "" : gv_str_text(&hint));
}

/* No row matched: take the first line that says something, and the usual cause of the phase. */
static void
decide_by_phase(struct gv_finding *out, const struct subject *s)
{
	const char *phase = s->in->phase, *text = s->go[0] != '\0' ? s->go : s->output, *line = text;
	/* If the go command itself printed anything, no test ran. */
	enum gv_cause cause = runs_tests(phase) && s->go[0] == '\0' ? GV_CAUSE_TEST
			      : is_phase(phase, "vet")              ? GV_CAUSE_VET
								    : GV_CAUSE_COMPILE;

	if (s->in->signal != 0) {
		char what[64];

		snprintf(what, sizeof(what), "the go command was killed by signal %d", s->in->signal);
		gv_finding_set(out, GV_UNKNOWN, GV_CAUSE_ENV, what, "");
		return;
	}
	while (*line != '\0' &&
	       (*line == '\n' || strncmp(line, "# ", 2) == 0 || strncmp(line, "go: downloading ", 16) == 0)) {
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	if (strncmp(line, "go: ", 4) == 0 || is_phase(phase, "fetch"))
		cause = GV_CAUSE_DEPS; /* the go command itself objects to the module */
	free(out->line);
	out->line = gv_diag_line(s->in, line, strcspn(line, "\n"));
	gv_finding_set(out, GV_FAIL, cause, out->line, "");
}

/* If the phase ran into its deadline or out of memory, that decides, whatever it printed. */
static bool
decide_by_limit(struct gv_finding *out, const struct subject *s)
{
	/* The project is at fault for the time and memory that its tests use, but not for those of a build. */
	enum gv_outcome outcome = runs_tests(s->in->phase) ? GV_FAIL : GV_UNKNOWN;

	if (s->in->timeout)
		gv_finding_set(out, outcome, GV_CAUSE_TIMEOUT, "the phase ran into its deadline",
			       "--timeout sets the deadline");
	else if (s->in->oom)
		gv_finding_set(out, outcome, GV_CAUSE_OOM, "memory ran out", "--memory sets the limit");
	return s->in->timeout || s->in->oom;
}

static void
collect_diags(struct gv_finding *out, const struct subject *s)
{
	bool crash = out->cause == GV_CAUSE_PANIC || out->cause == GV_CAUSE_RACE || out->cause == GV_CAUSE_TIMEOUT;

	gv_diag_from_go(out, s->in, out->line); /* so that the deciding one comes first */
	if (crash)
		gv_diag_from_stack(out, s->in, s->output, out->line);
	gv_diag_from_go(out, s->in, s->go);
	gv_diag_from_tests(out, s->in);
}

static void
fail_phase(struct gv_finding *out, const struct subject *s)
{
	struct gv_match m;
	const char *text;

	if (!decide_by_limit(out, s)) {
		if (match_table(s, &m, &text))
			decide_by_match(out, s, &m, text);
		else
			decide_by_phase(out, s);
	}
	collect_diags(out, s);
}

/* The phase passed. Find out whether there was anything to test. */
static void
pass_phase(struct gv_finding *out, const struct subject *s, const struct gv_gotest *tests)
{
	const char *none = strstr(s->go, "matched no packages\n");
	const char *line = none != NULL ? line_start(s->go, none) : tests->tested ? NULL : tests->no_tests;

	gv_finding_set(out, GV_PASS, GV_CAUSE_NONE, "", "");
	if (line == NULL)
		return;
	free(out->line);
	out->line = gv_diag_line(s->in, line, strcspn(line, "\n"));
	gv_finding_set(out, GV_PASS, GV_CAUSE_NOTHING_TESTED, out->line,
		       none != NULL ? "there is no Go package here"
				    : "there are no tests; --phase build,vet does without");
}

void
gv_classify(const struct gv_phase_output *in, struct gv_finding *out)
{
	gv_autofree char *plain = gv_gotest_plain(gv_result_text(in->text));
	const char *text = plain != NULL ? plain : gv_result_text(in->text);
	struct gv_gotest tests = { .go = GV_STR_INIT(0), .output = GV_STR_INIT(0) };
	struct subject s = { .in = in, .go = text, .output = "", .minor = gv_version_minor(in->version) };

	if (runs_tests(in->phase)) {
		gv_gotest_split(&tests, text, out);
		s.go = gv_str_text(&tests.go);
		s.output = gv_str_text(&tests.output);
	}
	if (in->exit == 0 && in->signal == 0 && !in->timeout)
		pass_phase(out, &s, &tests);
	else
		fail_phase(out, &s);
	gv_gotest_release(&tests);
}

void
gv_precheck(const char *version, const char *go_directive, struct gv_finding *out)
{
	const char *go = gv_result_text(go_directive);
	char line[GV_VERSION_MAX + 8];

	gv_text_cut(line, sizeof(line), "go %s", go[0] != '\0' ? go : "(none)");
	if (go[0] == '\0' || gv_version_cmp(version, go) >= 0)
		gv_finding_set(out, GV_PASS, GV_CAUSE_NONE, line, "");
	else
		gv_finding_set(out, GV_FAIL, GV_CAUSE_BELOW_DECLARED, line, "this Go is older than the go line");
}
