/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "judge/build.h"
#include "report/report.h"
#include "tests/tap.h"
#include "tests/unit/lab/written.h"
#include "util/alloc.h"
#include "util/auto.h"

/* Reports of partial runs: of nothing, of a part, of several machines. */
static struct gv_cell_result *
add_cell(struct gv_run_result *r, const char *version, enum gv_verdict verdict, const char *cause)
{
	struct gv_cell_result *c = gv_run_result_add(r);
	gv_autofree char *id = gv_xasprintf("go%s", version);

	gv_result_set(&c->id, id);
	gv_result_set(&c->version, version);
	gv_result_set(&c->platform, "linux/amd64");
	gv_result_set(&c->cause, cause);
	c->verdict = verdict;
	return c;
}

static void
test_empty(void)
{
	struct gv_run_result r = { 0 };
	gv_autofree char *tap = write_as("tap", &r), *badge = write_as("badge", &r), *json = write_as("json", &r);

	ok(strcmp(tap, "TAP version 13\nBail out! nothing was run\n") == 0, "an empty run is no success in TAP");
	ok(has(badge, "\"message\":\"not tested\",\"color\":\"lightgrey\""), "nor on a badge");
	ok(has(json, "\"min_compatible\":null") && has(json, "\"exit\":3"), "nor in JSON");
	for (size_t i = 0; i < gv_report_formats_len; i++)
		free(write_as(gv_report_formats[i].name, &r));
}

/* No format may show an interrupted run as a success. */
static void
test_interrupted(void)
{
	static const struct {
		const char *format, *says;
	} cases[] = {
		{ "json", "\"interrupted\":true,\"exit\":130" },
		{ "ndjson", "\"interrupted\":true,\"exit\":130" },
		{ "junit", "<skipped message=\"interrupted\"" },
		{ "tap", "ok 2 - go1.22.3 # SKIP interrupted\nBail out! interrupted\n" },
		{ "markdown", "| skipped interrupted |" },
		{ "markdown", "**The run was interrupted**" },
		{ "github", "::warning title=gover::interrupted" },
		{ "gitlab", "go1.22.3: skipped interrupted" },
		{ "sarif", "\"executionSuccessful\":false" },
		{ "badge", "\"color\":\"yellow\"" },
	};
	struct gv_run_result r = { 0 };

	add_cell(&r, "1.21.6", GV_COMPATIBLE, "");
	add_cell(&r, "1.22.3", GV_CELL_SKIPPED, "interrupted");
	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autofree char *text = write_as(cases[i].format, &r);

		ok(has(text, cases[i].says), "%s mentions the interrupt (%zu)", cases[i].format, i);
	}
	gv_run_result_release(&r);
}

/* Shards with --only: each lists all cells. */
static void
test_merge_skipped(void)
{
	struct gv_run_result a = { 0 }, b = { 0 };
	struct gv_err err = GV_ERR_INIT;

	add_cell(&a, "1.21.6", GV_COMPATIBLE, "");
	add_cell(&a, "1.22.3", GV_CELL_SKIPPED, "only");
	add_cell(&a, "1.23.4", GV_CELL_SKIPPED, "interrupted");
	add_cell(&b, "1.21.6", GV_CELL_SKIPPED, "only");
	add_cell(&b, "1.22.3", GV_INCOMPATIBLE, "vet");
	add_cell(&b, "1.23.4", GV_CELL_SKIPPED, "only");
	add_cell(&b, "1.24.0", GV_COMPATIBLE, "");
	ok(gv_report_merge(&a, &b, &err) == 0 && a.n_cells == 4, "a cell that ran replaces one that did not");
	ok(a.cells[0].verdict == GV_COMPATIBLE && a.cells[1].verdict == GV_INCOMPATIBLE && b.n_cells == 0,
	   "from either side");
	ok(a.cells[2].verdict == GV_CELL_SKIPPED && strcmp(a.cells[2].cause, "interrupted") == 0,
	   "a cell that ran in neither stays, with its reason");
	gv_run_result_release(&a);
	gv_run_result_release(&b);
}

static void
test_merge(void)
{
	struct gv_run_result a = { 0 }, b = { 0 }, c = { 0 };
	struct gv_err err = GV_ERR_INIT;

	gv_result_set(&a.module, "example.com/x");
	gv_result_set(&b.module, "example.com/x");
	gv_result_set(&c.module, "example.com/z");
	add_cell(&a, "1.22.3", GV_COMPATIBLE, "");
	add_cell(&b, "1.9.7", GV_COMPATIBLE, "");
	add_cell(&b, "1.10", GV_COMPATIBLE, "");
	ok(gv_report_merge(&a, &b, &err) == 0 && a.n_cells == 3 && b.n_cells == 0, "shards become one report");
	ok(strcmp(a.cells[0].version, "1.9.7") == 0 && strcmp(a.cells[2].version, "1.22.3") == 0, "sorted by version");
	gv_result_set(&b.module, "example.com/x");
	add_cell(&b, "1.10", GV_INCOMPATIBLE, "vet");
	ok(gv_report_merge(&a, &b, &err) == -1 && err.code == GV_EFORMAT && has(err.msg, "'go1.10'"),
	   "the same cell twice is refused");
	ok(a.n_cells == 3 && b.n_cells == 1, "and nothing is changed");
	ok(gv_report_merge(&a, &c, &err) == -1 && has(err.msg, "example.com/z"), "another module is refused");
	gv_run_result_release(&a);
	ok(gv_report_merge(&a, &b, &err) == 0 && a.n_cells == 1, "everything moves into an empty result");
	gv_run_result_release(&a);
	gv_run_result_release(&b);
	gv_run_result_release(&c);
}

int
main(void)
{
	test_empty();
	test_interrupted();
	test_merge_skipped();
	test_merge();
	return tap_done();
}
