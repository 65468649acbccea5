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
 * Judge a cell by the findings of its phases and follow-ups (judge/followup.h). If the build failed, that is also why
 * vet failed. If `go test` failed on a finding of vet, the cause is vet. A test that passed when it was repeated is
 * flaky. The first phase that failed makes the cell incompatible and gives the cause; precheck comes first
 * (below-declared). Otherwise a phase about which nothing is known makes it inconclusive, and so does a phase that
 * failed because nothing was tested. May change outcome, cause, line and hint of the findings. Call it once for each
 * cell.
 */
struct gv_judgement gv_judge_cell(struct gv_findings *all);

#endif
