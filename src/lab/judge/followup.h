/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_FOLLOWUP_H
#define GV_JUDGE_FOLLOWUP_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/finding.h"

/*
 * Follow-ups: a phase that failed is repeated, as it was or changed in one thing, to learn why. Their results stand in
 * the cell as phases of their own, behind the others; gv_judge_cell() draws the conclusions, and no follow-up counts
 * as a phase itself.
 *
 *	test-again         a test that passes when it is repeated is flaky, not a failure
 *	test-novet         go test vets by itself: tests that pass without belong to class vet
 *	test-novet-again   they may fail by chance, too
 */
struct gv_followup {
	const char *name;      /* "test-again" */
	const char *base;      /* the phase that is repeated: "test", or another follow-up */
	const char *condition; /* when, as a plan says it (cell/plan.h) */
	const char *arg;       /* one more argument of go test, or NULL */
	bool again;            /* nothing is changed: a phase that passes then was flaky */
};

extern const struct gv_followup gv_followups[];
extern const size_t gv_followups_len;

/* The row of that name, or NULL when the phase is none. */
const struct gv_followup *gv_followup_find(const char *phase);

/* Change cause, line, hint and outcome of the phases that were repeated. gv_judge_cell() calls it. */
void gv_followup_fold(struct gv_findings *all);

#endif
