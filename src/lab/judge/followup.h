/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_FOLLOWUP_H
#define GV_JUDGE_FOLLOWUP_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/finding.h"

/*
 * A follow-up repeats a phase that failed, unchanged or with one change, to learn why it failed. The cell lists it as a
 * phase of its own, after the one it repeats. gv_judge_cell() uses it only to correct what was found about that one.
 *
 *	test-again         repeats test: if it passes, test is flaky and not a failure
 *	test-novet         repeats test without the vet that go test runs: if it passes, the cause of test is vet
 *	test-novet-again   repeats test-novet, because it may be flaky too
 */
struct gv_followup {
	const char *name;      /* "test-again" */
	const char *base;      /* the phase that it repeats: "test", or another follow-up */
	const char *condition; /* when it runs: IF in cell/plan.h */
	const char *arg;       /* one more argument of go test, or NULL */
	bool again;            /* it changes nothing: if it passes, `base` is flaky */
};

extern const struct gv_followup gv_followups[];
extern const size_t gv_followups_len;

/* The follow-up of that name, or NULL if the phase is not a follow-up. */
const struct gv_followup *gv_followup_find(const char *phase);

/* Correct outcome, cause, line and hint of the phases that were repeated. For gv_judge_cell(). */
void gv_followup_fold(struct gv_findings *all);

#endif
