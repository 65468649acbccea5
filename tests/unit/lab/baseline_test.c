/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "judge/build.h"
#include "report/baseline.h"
#include "tests/tap.h"
#include "util/auto.h"

struct side {
	bool there;
	enum gv_outcome outcome;
	double seconds;
};

static void
add(struct gv_run_result *r, const char *version, const char *phase, const struct side *s)
{
	struct gv_cell_result *c;
	struct gv_phase_result *p;

	if (!s->there)
		return;
	c = gv_run_result_add(r);
	gv_result_set(&c->version, version);
	gv_result_set(&c->id, version);
	p = gv_cell_result_add(c);
	gv_result_set(&p->phase, phase);
	gv_result_set(&p->line, "a.go:1:2: x");
	p->outcome = s->outcome;
	p->seconds = s->seconds;
}

static void
test_kinds(void)
{
	static const struct {
		const char *what, *phase;
		struct side before, after;
		const char *change; /* NULL: none */
		bool bad;
	} cases[] = {
		{ "both pass", "test", { true, GV_PASS, 1 }, { true, GV_PASS, 1 }, NULL, false },
		{ "a test that fails now", "test", { true, GV_PASS, 1 }, { true, GV_FAIL, 1 }, "regressed", true },
		{ "a flaky one that fails now",
		  "test",
		  { true, GV_FLAKY, 1 },
		  { true, GV_FAIL, 1 },
		  "regressed",
		  true },
		{ "a test that passes now", "test", { true, GV_FAIL, 1 }, { true, GV_PASS, 1 }, "fixed", false },
		{ "both fail", "test", { true, GV_FAIL, 1 }, { true, GV_FAIL, 99 }, NULL, false },
		{ "a new cell that passes", "test", { false, GV_PASS, 0 }, { true, GV_PASS, 1 }, "new", false },
		{ "a new cell that fails", "test", { false, GV_PASS, 0 }, { true, GV_FAIL, 1 }, "new", true },
		{ "a cell that is gone", "test", { true, GV_PASS, 1 }, { false, GV_PASS, 0 }, "gone", false },
		{ "twice the time", "build", { true, GV_PASS, 20 }, { true, GV_PASS, 40 }, "slower", false },
		{ "twice a short time", "build", { true, GV_PASS, 2 }, { true, GV_PASS, 4 }, NULL, false },
		{ "a little of a long time", "build", { true, GV_PASS, 100 }, { true, GV_PASS, 115 }, NULL, false },
		{ "an inconclusive one", "test", { true, GV_PASS, 1 }, { true, GV_UNKNOWN, 1 }, NULL, false },
		{ "a skipped one", "test", { true, GV_SKIPPED, 0 }, { true, GV_FAIL, 1 }, NULL, false },
		{ "a follow-up", "test-again", { false, GV_PASS, 0 }, { true, GV_FAIL, 1 }, NULL, false },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_run_result before = { 0 }, after = { 0 };
		const char *change = cases[i].change != NULL ? cases[i].change : "no change";
		gv_autostr struct gv_str text = GV_STR_INIT(65536);
		struct gv_changes c;

		add(&before, "1.22.3", cases[i].phase, &cases[i].before);
		add(&after, "1.22.3", cases[i].phase, &cases[i].after);
		gv_baseline_compare(&c, &before, &after);
		gv_changes_text(&c, &text);
		ok(c.n == (cases[i].change != NULL) && strncmp(gv_str_text(&text), change, strlen(change)) == 0,
		   "%s: %s", cases[i].what, change);
		ok(gv_changes_are_bad(&c) == cases[i].bad, "%s is %s", cases[i].what, cases[i].bad ? "bad" : "fine");
		gv_changes_release(&c);
		gv_run_result_release(&before);
		gv_run_result_release(&after);
	}
}

static void
test_cells_match(void)
{
	struct gv_run_result before = { 0 }, after = { 0 };
	struct gv_changes c;

	add(&before, "1.22.3", "test", &(struct side){ true, GV_PASS, 1 });
	add(&after, "1.22.3", "test", &(struct side){ true, GV_FAIL, 1 });
	gv_result_set(&after.cells[0].tags, "x");
	gv_baseline_compare(&c, &before, &after);
	ok(c.n == 2 && c.v[0].kind == GV_NEW && c.v[1].kind == GV_GONE, "other tags are another cell");
	gv_changes_release(&c);
	gv_cell_result_release(&after.cells[0]);
	gv_result_set(&after.cells[0].version, "1.22.3");
	after.cells[0].verdict = GV_CELL_SKIPPED;
	gv_baseline_compare(&c, &before, &after);
	ok(c.n == 0, "a cell that this run left out is not gone");
	gv_changes_release(&c);
	gv_run_result_release(&before);
	gv_run_result_release(&after);
}

static void
test_output(void)
{
	gv_autostr struct gv_str text = GV_STR_INIT(65536);
	struct gv_run_result before = { 0 }, after = { 0 };
	struct gv_changes c;

	add(&before, "1.21.6", "test", &(struct side){ true, GV_PASS, 1 });
	add(&after, "1.21.6", "test", &(struct side){ true, GV_FAIL, 1 });
	add(&before, "1.22.3", "build", &(struct side){ true, GV_PASS, 20 });
	add(&after, "1.22.3", "build", &(struct side){ true, GV_PASS, 40 });
	gv_baseline_compare(&c, &before, &after);
	gv_changes_text(&c, &text);
	ok(strcmp(gv_str_text(&text),
		  "regressed  1.21.6 test: a.go:1:2: x\nslower     1.22.3 build: 40.0 s, was 20.0 s\n") == 0,
	   "changes as text");
	gv_changes_release(&c);
	gv_result_set(&gv_cell_result_add(&before.cells[0])->phase, "build");
	gv_result_set(&gv_cell_result_add(&before.cells[0])->phase, "vet");
	gv_cell_result_release(&after.cells[1]);
	gv_result_set(&after.cells[1].version, "1.23.4");
	gv_result_set(&gv_cell_result_add(&after.cells[1])->phase, "build");
	gv_result_set(&gv_cell_result_add(&after.cells[1])->phase, "vet");
	gv_cell_result_add(&after.cells[1])->outcome = GV_FAIL;
	gv_baseline_compare(&c, &before, &after);
	gv_str_clear(&text);
	gv_changes_text(&c, &text);
	ok(strcmp(gv_str_text(&text), "regressed  1.21.6 test: a.go:1:2: x\n"
				      "new        1.23.4 build, vet\n"
				      "new        1.23.4 : \n"
				      "gone       1.21.6 build, vet\n"
				      "gone       1.22.3 build\n") == 0,
	   "phases of a new or vanished cell share a line: %zu changes", c.n);
	gv_changes_release(&c);
	gv_baseline_compare(&c, &after, &after);
	gv_str_clear(&text);
	gv_changes_text(&c, &text);
	ok(strcmp(gv_str_text(&text), "no change\n") == 0, "a run has no change against itself");
	gv_changes_release(&c);
	gv_run_result_release(&before);
	gv_run_result_release(&after);
}

int
main(void)
{
	test_kinds();
	test_cells_match();
	test_output();
	return tap_done();
}
