/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_BASELINE_H
#define GV_REPORT_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/str.h"
#include "validate/result.h"

/*
 * Two runs compared, phase by phase of the same cell (module directory, version, platform, tags, environment).
 *
 *	regressed   passed (or was flaky), now fails
 *	fixed       failed, now passes
 *	new         was not in the baseline
 *	gone        was in the baseline only
 *	slower      passes in both, in at least half as much time again and ten seconds more
 *
 * Inconclusive and skipped phases are no evidence: they neither regress nor fix, and a cell that has nothing else is not compared.
 */
enum gv_change_kind { GV_REGRESSED, GV_FIXED, GV_NEW, GV_GONE, GV_SLOWER };

struct gv_change {
	enum gv_change_kind kind;
	const struct gv_cell_result *cell;    /* of the new run; of the baseline when gone */
	const struct gv_phase_result *before; /* NULL: new */
	const struct gv_phase_result *after;  /* NULL: gone */
};

struct gv_changes {
	struct gv_change *v; /* borrows from both runs */
	size_t n;
};

void gv_baseline_compare(struct gv_changes *c, const struct gv_run_result *before, const struct gv_run_result *after);
void gv_changes_free(struct gv_changes *c);

const char *gv_change_name(enum gv_change_kind kind); /* "regressed", ... */

/* Whether anything regressed, or a new cell or phase fails. */
bool gv_changes_are_bad(const struct gv_changes *c);

/* A line for each change, for people, the phases of a new or vanished cell on one; "no change" when there is none. */
void gv_changes_text(const struct gv_changes *c, struct gv_str *out);

/* {"schema":1,"changes":[{"change","cell","phase","before","after","line"...}]} and a newline. */
void gv_changes_json(const struct gv_changes *c, struct gv_str *out);

#endif
