/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_PROBLEM_H
#define GV_REPORT_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "util/str.h"
#include "util/strv.h"
#include "validate/result.h"

/*
 * What is wrong, each thing once: the diagnostics of all phases and cells, with the versions that show them. Annotations, code quality
 * and SARIF are made from this, so that a fault seen by build, vet and test of eleven versions is one entry.
 */
enum gv_level { GV_LEVEL_ERROR, GV_LEVEL_WARNING /* flaky, inconclusive */ };

struct gv_problem {
	enum gv_level level;
	char *class_;
	char *file;             /* relative to the repository, "" when unknown or outside of it */
	char *gomod;            /* the go.mod of the module it is about */
	unsigned line, col;     /* 0: unknown */
	char *message;
	char *hint;
	struct gv_strv versions; /* "1.21.6", in the order of the cells */
	char fingerprint[33];   /* hex; the same for the same class, file and message in the next run */
};

struct gv_problems {
	struct gv_problem *v;
	size_t n;
};

#define GV_PROBLEMS_MAX 2000 /* entries; further ones are left out */

void gv_problems_collect(struct gv_problems *p, const struct gv_run_result *r);
void gv_problems_free(struct gv_problems *p);

/* A phase's place in the report: neither passed nor skipped, and no follow-up. */
bool gv_phase_is_problem(const struct gv_phase_result *p);

/* "a_test.go:7: message" of the first diagnostic, where the deciding line names no place: of a failed test or a crash. Else nothing. */
void gv_phase_place(struct gv_str *out, const struct gv_phase_result *p);

/* One line about it: the message, cut at `max` bytes, the versions, the hint. */
void gv_problem_text(struct gv_str *out, const struct gv_problem *p, size_t max);

/* Two phases that failed for one reason, and whether phase `i` of a cell has the reason of an earlier one. */
bool gv_phase_same_cause(const struct gv_phase_result *a, const struct gv_phase_result *b);
bool gv_phase_is_told(const struct gv_cell_result *c, size_t i);

#endif
