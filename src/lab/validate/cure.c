/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/cure.h"

#include <stdlib.h>

#include "judge/assemble.h"
#include "judge/godebug.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "validate/cellrun.h"
#include "version/version.h"

/*
 * Whether a repeat with some GODEBUG settings made `tests` pass. In the first repeat, which has all settings, it is
 * enough that some pass: the others fail for a reason of their own, such as a missing network. `tests` then keeps only
 * those that passed.
 */
static bool
cured(const struct gv_finding *again, struct gv_strv *tests, bool first)
{
	gv_autostrv struct gv_strv still = GV_STRV_INIT, left = GV_STRV_INIT;

	if (again->outcome == GV_PASS || !first)
		return again->outcome == GV_PASS;
	gv_godebug_failing(again->tests, again->n_tests, &still);
	for (size_t i = 0; i < tests->n && still.n > 0; i++)
		if (!gv_strv_has(&still, tests->v[i]))
			gv_strv_add(&left, tests->v[i]);
	if (left.n == 0)
		return false;
	gv_strv_release(tests);
	*tests = left;
	left = (struct gv_strv)GV_STRV_INIT;
	return true;
}

/*
 * Search for the settings that make the failing tests of cell `i` pass, and put the answer into the hint. A repeat that
 * could not run ends the search. If it counted as a failure, the search would blame settings that it never tried to
 * leave out.
 */
static int
explain_cell(struct gv_run_state *s, size_t i, struct gv_err *err)
{
	struct gv_cell_result *cell = &s->out->cells[i];
	struct gv_cellrun_in in = { .engine = s->r->engine, .spec = gv_run_spec(s, i) };
	const struct gv_phase_result *test = gv_cell_result_phase(cell, "test");
	gv_autostrv struct gv_strv tests = GV_STRV_INIT;
	gv_autostr struct gv_str hint = GV_STR_INIT(4096), value = GV_STR_INIT(8192);
	gv_autofree char *who = NULL;
	struct gv_godebug_search search;
	size_t failing;

	gv_godebug_failing(test->tests, test->n_tests, &tests);
	failing = tests.n;
	gv_godebug_begin(&search, gv_version_minor(cell->version));
	while (gv_godebug_next(&search, &value)) {
		struct gv_finding again = { 0 };
		int rc = gv_cellrun_godebug(&again, &in, &tests, gv_str_text(&value), err);
		bool ran = rc == 0 && again.phase != NULL;

		if (ran)
			gv_godebug_tell(&search, cured(&again, &tests, search.state == GV_GODEBUG_ALL));
		gv_finding_release(&again);
		if (!ran)
			return rc;
	}
	if (tests.n < failing)
		who = gv_xasprintf("%zu of %zu failing tests pass", tests.n, failing);
	gv_godebug_hint(&search, who, &hint);
	/* The answer "none" helps less than a hint that is there already. */
	if (search.found || gv_result_text(test->hint)[0] == '\0')
		gv_assemble_hint(cell, "test", gv_str_text(&hint));
	return 0;
}

int
gv_cure_all(struct gv_run_state *s, struct gv_err *err)
{
	for (size_t i = 0; i < s->out->n_cells; i++) {
		if (!gv_godebug_wanted(s->out, i, "test"))
			continue;
		gv_run_tell(
		    s, &(struct gv_run_event){ .kind = GV_RUN_EXPLAIN, .cell = i, .what = &s->r->matrix->cells[i] });
		if (explain_cell(s, i, err) < 0)
			return -1;
	}
	return 0;
}
