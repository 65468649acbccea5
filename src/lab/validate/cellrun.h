/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_CELLRUN_H
#define GV_VALIDATE_CELLRUN_H

#include "engine/engine.h"
#include "judge/finding.h"
#include "judge/result.h"
#include "validate/cellspec.h"
#include "validate/collect.h"
#include "validate/modules.h"

/*
 * One cell from start to verdict. Infrastructure that fails is a verdict (inconclusive), not an error.
 */
struct gv_cellrun_in {
	struct gv_engine *engine;
	struct gv_cellspec_in spec;
	const struct gv_fetched *fetched; /* of the cell's version and module */
	const struct gv_collect_watch *watch;
	void (*kept)(void *arg, const char *id); /* a failed cell was left for a day; NULL: none is kept */
	void *kept_arg;
};

/*
 * Fill `cell`, whose id, version, platform, tags, env and moduledir are set. -1 only for GV_EINTR: then the phases that
 * had ended stand in it, the one that was cut short is skipped, and there is no verdict.
 */
int gv_cellrun(struct gv_cell_result *cell, const struct gv_cellrun_in *in, struct gv_err *err) GV_MUST_CHECK;

/*
 * Repeat tests with GODEBUG=value: those named, top-level ones, or all when there is none. `again` is empty
 * and gets what the tests showed; its phase stays NULL if they could not be run, which is no error. The caller releases it.
 * -1 only for GV_EINTR.
 */
int gv_cellrun_godebug(struct gv_finding *again, const struct gv_cellrun_in *in, const struct gv_strv *tests,
		       const char *value, struct gv_err *err) GV_MUST_CHECK;

#endif
