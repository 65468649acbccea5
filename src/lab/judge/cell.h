/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_CELL_H
#define GV_JUDGE_CELL_H

#include "judge/finding.h"

/* What a cell proves, and why. */
struct gv_judgement {
	enum gv_verdict verdict;
	enum gv_cause cause;
};

/*
 * Judge a cell by the findings of its phases and follow-ups (judge/followup.h). A failed build explains what vet reported.
 * If `go test` reports a finding of vet, it is vet's. A test that passed when it was repeated is flaky. A failed precheck
 * makes the cell incompatible (below-declared). Infrastructure makes it inconclusive. May change outcome, cause, line and
 * hint of the findings. Call it once for a cell.
 */
struct gv_judgement gv_judge_cell(struct gv_findings *all);

#endif
