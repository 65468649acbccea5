/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_CIMATRIX_H
#define GV_CORE_CIMATRIX_H

#include "project/matrix.h"
#include "util/err.h"

/*
 * Print the matrix for a CI system: one job for each cell, which runs `gover validate --only CELL VERSION`.
 *
 *	github   {"include":[{"cell":"go1.22.3","version":"1.22.3"},...]},
 *	         for $GITHUB_OUTPUT and fromJSON(); at most 256
 *	gitlab   a child pipeline with parallel:matrix; at most 200
 *
 * Errors: GV_EUSAGE for another system, GV_ETOOBIG for more cells than the system allows.
 */
int gv_cimatrix_print(const struct gv_matrix *m, const char *format, struct gv_err *err) GV_MUST_CHECK;

#endif
