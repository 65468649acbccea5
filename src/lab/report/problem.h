/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_PROBLEM_H
#define GV_REPORT_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/result.h"
#include "util/str.h"
#include "util/strv.h"

/*
 * The diagnostics of all phases and cells, each once, with the versions that show it. Annotations, code quality and
 * SARIF use this list, so that a fault in build, vet and test of eleven versions is one entry.
 */
enum gv_severity { GV_SEVERITY_ERROR, GV_SEVERITY_WARNING /* flaky, inconclusive */ };

struct gv_problem {
	enum gv_severity severity;
	char *cause;
	char *file;         /* relative to the repository, "" when unknown or outside of it */
	char *gomod;        /* the go.mod of the module it is about */
	unsigned line, col; /* 0: unknown */
	char *message;
	char *hint;
	struct gv_strv versions; /* "1.21.6", in the order of the cells */
	char fingerprint[33];    /* hex; the same class, file and message give the same in each run */
};

struct gv_problems {
	struct gv_problem *v;
	size_t n;
};

#define GV_PROBLEMS_MAX 2000 /* entries; further ones are left out */

/* Fill *p, in the order in which the problems first appear; gv_problems_release() frees the contents. */
void gv_problems_collect(struct gv_problems *p, const struct gv_run_result *r);
void gv_problems_release(struct gv_problems *p);

/* Whether reports show the phase as a problem: it neither passed nor was skipped, and is no follow-up. */
bool gv_phase_is_problem(const struct gv_phase_result *p);

/*
 * Append "a_test.go:7: message" of the first diagnostic when the deciding line names no place (a failed test, a crash).
 * Otherwise append nothing.
 */
void gv_phase_place(struct gv_str *out, const struct gv_phase_result *p);

/* Append one line: the message, cut at `max` bytes, the versions and the hint. */
void gv_problem_text(struct gv_str *out, const struct gv_problem *p, size_t max);

/*
 * Whether two phases failed for the same reason, and whether an earlier phase of the cell has the reason of phase `i`.
 */
bool gv_phase_same_cause(const struct gv_phase_result *a, const struct gv_phase_result *b);
bool gv_phase_is_told(const struct gv_cell_result *c, size_t i);

#endif
