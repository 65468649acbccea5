/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_BASELINE_H
#define GV_REPORT_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/result.h"
#include "util/str.h"

/*
 * Compares two runs, phase by phase of the same cell (module directory, version, platform, tags, environment).
 *
 *	regressed   passed (or was flaky), now fails
 *	fixed       failed, now passes
 *	new         was not in the baseline
 *	gone        was in the baseline only
 *	slower      passes in both, but takes at least 50 % and 10 s longer
 *
 * Inconclusive and skipped phases prove nothing, so they are neither regressed nor fixed. A cell with no other phases
 * is not compared.
 */
enum gv_change_kind { GV_REGRESSED, GV_FIXED, GV_NEW, GV_GONE, GV_SLOWER };

struct gv_change {
	enum gv_change_kind kind;
	const struct gv_cell_result *cell;    /* from the new run; when gone, from the baseline */
	const struct gv_phase_result *before; /* NULL: new */
	const struct gv_phase_result *after;  /* NULL: gone */
};

struct gv_changes {
	struct gv_change *v; /* borrows from both runs */
	size_t n;
};

/*
 * Fill *c in the order of the cells of `after`, then with the cells that only `before` has. gv_changes_release() frees
 * it.
 */
void gv_baseline_compare(struct gv_changes *c, const struct gv_run_result *before, const struct gv_run_result *after);
void gv_changes_release(struct gv_changes *c);

/* Whether something regressed, or a new cell or phase fails. */
bool gv_changes_are_bad(const struct gv_changes *c);

/*
 * Append a line for each change, for people. The phases of a new or vanished cell share a line. Without changes: "no
 * change".
 */
void gv_changes_text(const struct gv_changes *c, struct gv_str *out);

#endif
