/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_RUNNER_H
#define GV_VALIDATE_RUNNER_H

#include "validate/run.h"

/*
 * A whole validation, from the matrix to a struct gv_run_result:
 *
 *	1  list what the wanted cells need, and bring it (supply.h)
 *	2  run the cells, `jobs` at a time, each as soon as its supply is ready (cellrun.h)
 *	3  search for the GODEBUG settings that make failing tests pass (cure.h)
 *
 * gover writes nothing outside its own directories, and only reads the checkout.
 */

/*
 * Run the wanted cells and fill `out`, in the order of the matrix; gv_run_result_release() frees the contents, after an
 * error too. A cell that did not run is skipped, and its cause says why. After an error `out` holds what was finished;
 * the other cells are skipped as "interrupted" after GV_EINTR, and inconclusive otherwise. Errors: GV_EINTR, and those
 * of gv_supply_end().
 */
int gv_run(const struct gv_runner *r, struct gv_run_result *out, struct gv_err *err) GV_MUST_CHECK;

#endif
