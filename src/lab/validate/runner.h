/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_RUNNER_H
#define GV_VALIDATE_RUNNER_H

#include "validate/run.h"

/*
 * A whole validation: SDKs, modules, cells, verdicts.
 *
 *	matrix -> supplies: for each version an SDK (sdk callback), for each version and module its modules, fetched on the host
 *	-> cells, `jobs` at a time, each as soon as its supply is there -> what flipped a failing test (GODEBUG)
 *	-> struct gv_run_result
 *
 * Nothing is written outside gover's own directories; the checkout is only read.
 */

/*
 * Cells come out in the order of the matrix; one that was not run is skipped and its class says why. After an
 * error `*out` holds what was finished. The rest is of class "interrupted" after GV_EINTR, otherwise inconclusive.
 */
int gv_run(const struct gv_runner *r, struct gv_run_result *out, struct gv_err *err) GV_MUST_CHECK;

#endif
