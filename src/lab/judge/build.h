/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_BUILD_H
#define GV_JUDGE_BUILD_H

#include "judge/result.h"

/*
 * Functions that make a result. Only two files make results: judge/assemble.c from findings, and report/read.c from a
 * JSON report. For everybody else a result is constant; tests/lint/style.sh checks who includes this.
 */

/* Replace an owned string by a copy of `value`, which may be the field itself; NULL is "". */
void gv_result_set(char **field, const char *value);
/* Append a zeroed element and return it. Pointers to earlier elements of the same vector become invalid. */
struct gv_cell_result *gv_run_result_add(struct gv_run_result *r);
struct gv_phase_result *gv_cell_result_add(struct gv_cell_result *c);
struct gv_diag *gv_phase_result_add_diag(struct gv_phase_result *p);
struct gv_test_result *gv_phase_result_add_test(struct gv_phase_result *p);

#endif
