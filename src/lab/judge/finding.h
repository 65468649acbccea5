/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_FINDING_H
#define GV_JUDGE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/result.h"

/*
 * What the judge finds out about one phase. A finding changes while the judge works: a follow-up shows that a test is
 * flaky, or the build shows why vet failed. At the end judge/assemble.c turns findings into a result, which nobody
 * changes.
 */
struct gv_finding {
	const char *phase; /* "build", "test-again"; borrowed */
	enum gv_outcome outcome;
	enum gv_cause cause;
	char *line; /* the deciding line; NULL: none */
	char *hint; /* NULL: none */
	struct gv_diag *diags;
	size_t n_diags;
	struct gv_test_result *tests;
	size_t n_tests;
};

/* The findings of a cell, in the order of its phases. */
struct gv_findings {
	struct gv_finding *v;
	size_t n;
};

/* Append an empty finding about `phase`, which is borrowed. Pointers to earlier findings become invalid. */
struct gv_finding *gv_findings_add(struct gv_findings *all, const char *phase);
/* The finding about that phase, or NULL. */
struct gv_finding *gv_findings_find(const struct gv_findings *all, const char *phase);
/* Free the contents, not `all`. */
void gv_findings_release(struct gv_findings *all);

/* Set these four; `line` and `hint` are copied, and "" means none. */
void gv_finding_set(struct gv_finding *f, enum gv_outcome outcome, enum gv_cause cause, const char *line,
		    const char *hint);
/* Copy cause, line and hint of another finding. */
void gv_finding_explain(struct gv_finding *f, const struct gv_finding *by);
/* Append a zeroed element and return it. Pointers to earlier ones become invalid. */
struct gv_diag *gv_finding_add_diag(struct gv_finding *f);
struct gv_test_result *gv_finding_add_test(struct gv_finding *f);
/* Free the contents, not `f`. */
void gv_finding_release(struct gv_finding *f);

#endif
