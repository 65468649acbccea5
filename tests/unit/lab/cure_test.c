/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/unit/lab/trial.h"
#include "util/auto.h"

#define NEEDED "panicnil=1" /* of data/godebugs.tsv, changed in Go 1.21 */

/* What the repeats with GODEBUG do; the cells before them fail their tests. */
struct world {
	const char *failing; /* on every Go, before any setting is tried */
	const char *cured;   /* pass once NEEDED is set; NULL: none */
	const char *left;    /* of those that fail, fail even so */
	unsigned starts;     /* so many repeats can be started */
	bool vanish;         /* repeats go away before they say anything */
	unsigned tried;
};

static bool
sets(const struct fake_seen *spec, const char *setting)
{
	for (size_t i = 0; i < spec->env.n; i++)
		if (strncmp(spec->env.v[i], "GODEBUG=", 8) == 0 && strstr(spec->env.v[i], setting) != NULL)
			return true;
	return false;
}

static void
repeat(struct world *w, const struct fake_seen *spec, struct fake_script *out)
{
	if (w->tried++ >= w->starts)
		out->refuse = "no space for a cell";
	else if (w->vanish)
		out->end.exit = 1;
	else if (w->cured == NULL || !sets(spec, NEEDED))
		trial_fails(spec, out, w->failing);
	else if (w->left != NULL && strstr(spec->phases.v[0], w->left) != NULL)
		trial_fails(spec, out, w->left);
	else
		trial_passes(spec, out);
}

static void
on_cell(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	struct world *w = arg;

	if (strncmp(spec->name, "godebug", 7) == 0)
		repeat(w, spec, out);
	else
		trial_fails(spec, out, w->failing);
}

/* A validation with the one Go 1.22.3, or an older one before it; the hint of the last cell's tests. */
static const char *
hint_of(struct trial *t, struct world *w, const char *older)
{
	struct gv_err err = GV_ERR_INIT;
	const struct gv_phase_result *test;

	trial_init(t, on_cell, w);
	if (older != NULL)
		trial_cell(t, older, 0);
	trial_cell(t, "1.22.3", 0);
	tap_need(gv_run(&t->runner, &t->out, &err) == 0, "a run: %s", err.msg);
	ok(err.code == GV_OK, "a run that went well leaves no error behind");
	test = gv_cell_result_phase(&t->out.cells[t->out.n_cells - 1], "test");
	tap_need(test != NULL, "a test phase");
	ok(t->out.cells[t->out.n_cells - 1].verdict == GV_INCOMPATIBLE && t->engine.open == 0,
	   "the verdict stays as it was, and no cell is left");
	printf("# hint: '%s' after %u repeats\n", gv_result_text(test->hint), w->tried);
	return gv_result_text(test->hint);
}

static void
test_found(void)
{
	struct world w = { .failing = "TestA", .cured = "TestA", .starts = 100 };
	struct trial t;
	const char *hint = hint_of(&t, &w, NULL);
	const struct fake_seen *last;

	ok(strcmp(hint, "passes with GODEBUG=panicnil=1, the default before Go 1.21") == 0,
	   "the setting that brings the tests back is named, with the Go that changed it");
	ok(trial_when(&t, "explain go1.22.3") > trial_when(&t, "end go1.22.3"), "the search is told, after the cells");
	last = fake_find(&t.engine, "godebug-go1.22.3");
	ok(last != NULL && last->phases.n == 1 && strstr(last->phases.v[0], "-run=^(TestA)$") != NULL && !last->keep,
	   "only the failing tests are run again, and those cells are never kept");
	trial_release(&t);
}

static void
test_none(void)
{
	struct world w = { .failing = "TestA", .starts = 100 };
	struct trial t;

	ok(strcmp(hint_of(&t, &w, NULL), "no GODEBUG setting changes it") == 0, "that there is none is an answer");
	ok(w.tried == 1, "found with all of them in one repeat, %u", w.tried);
	trial_release(&t);
}

static void
test_some(void)
{
	struct world w = { .failing = "TestA TestB", .cured = "TestA", .left = "TestB", .starts = 100 };
	struct trial t;
	const struct fake_seen *last;

	ok(strcmp(hint_of(&t, &w, NULL),
		  "1 of 2 failing tests pass with GODEBUG=panicnil=1, the default before Go 1.21") == 0,
	   "tests that fail for reasons of their own do not hide the others");
	last = fake_find(&t.engine, "godebug-go1.22.3");
	ok(last != NULL && strstr(last->phases.v[0], "-run=^(TestA)$") != NULL, "they are not repeated any more");
	trial_release(&t);
}

/* A Go that is too old for the settings, and so is itself not searched. */
static void
test_older_fails(void)
{
	struct world w = { .failing = "TestA", .cured = "TestA", .starts = 100 };
	struct trial t;

	ok(strcmp(hint_of(&t, &w, "1.20.14"), "") == 0 && w.tried == 0, "what failed before is no changed default");
	ok(trial_when(&t, "explain go1.22.3") < 0, "nor is a search told");
	trial_release(&t);
}

/* What could not be tried is not known, however far the search had come. */
static void
test_not_started(void)
{
	for (unsigned starts = 0; starts < 3; starts++) {
		struct world w = { .failing = "TestA", .cured = "TestA", .starts = starts };
		struct trial t;

		ok(strcmp(hint_of(&t, &w, NULL), "") == 0, "nothing is said when repeat %u cannot be started",
		   starts + 1);
		ok(w.tried == starts + 1, "and no other is tried");
		trial_release(&t);
	}
}

static void
test_vanished(void)
{
	struct world w = { .failing = "TestA", .cured = "TestA", .starts = 100, .vanish = true };
	struct trial t;

	ok(strcmp(hint_of(&t, &w, NULL), "") == 0 && w.tried == 1, "nor when it goes away before it ends");
	trial_release(&t);
}

int
main(void)
{
	test_found();
	test_none();
	test_some();
	test_older_fails();
	test_not_started();
	test_vanished();
	return tap_done();
}
