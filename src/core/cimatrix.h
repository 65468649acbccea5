/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_CIMATRIX_H
#define GV_CORE_CIMATRIX_H

#include "util/err.h"
#include "validate/matrix.h"

/*
 * The matrix for a CI system, one job a cell, on stdout; each job runs `gover validate --only CELL VERSION`.
 *
 *	github-matrix   {"include":[{"cell":"go1.22.3","version":"1.22.3"},...]}, for $GITHUB_OUTPUT and fromJSON(); at most 256
 *	gitlab-matrix   a child pipeline with parallel:matrix; at most 200
 *
 * Errors: GV_EUSAGE for another format, GV_ETOOBIG for more cells than the system takes.
 */
int gv_cimatrix_print(const struct gv_matrix *m, const char *format, struct gv_err *err) GV_MUST_CHECK;

#endif
