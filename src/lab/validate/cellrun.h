/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_CELLRUN_H
#define GV_VALIDATE_CELLRUN_H

#include "engine/engine.h"
#include "judge/finding.h"
#include "judge/result.h"
#include "validate/cellspec.h"
#include "validate/collect.h"
#include "validate/modules.h"

/* Runs one cell from start to verdict. If infrastructure fails, the verdict is inconclusive; that is not an error. */
struct gv_cellrun_in {
	struct gv_engine *engine;
	struct gv_cellspec_in spec;
	const struct gv_fetched *fetched;        /* of the cell's version and module */
	const struct gv_collect_watch *watch;    /* NULL: nobody watches */
	void (*kept)(void *arg, const char *id); /* called when a failed cell was kept; NULL: keep none */
	void *kept_arg;
};

/*
 * Fill `cell`, whose id, version, platform, tags, env and moduledir are set. Errors: GV_EINTR only. Then `cell` has the
 * phases that ended, the one that was cut short is skipped, and there is no verdict.
 */
int gv_cellrun(struct gv_cell_result *cell, const struct gv_cellrun_in *in, struct gv_err *err) GV_MUST_CHECK;

/*
 * Repeat tests with GODEBUG=value: the top-level tests that `tests` names, or all if it is empty. `again` is an empty
 * finding and gets what the repeat shows; the caller releases it. If the tests cannot run, `again->phase` stays NULL;
 * that is not an error. Errors: GV_EINTR only.
 */
int gv_cellrun_godebug(struct gv_finding *again, const struct gv_cellrun_in *in, const struct gv_strv *tests,
		       const char *value, struct gv_err *err) GV_MUST_CHECK;

#endif
