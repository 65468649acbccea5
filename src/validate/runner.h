/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_RUNNER_H
#define GV_VALIDATE_RUNNER_H

#include "engine/engine.h"
#include "validate/cellspec.h"
#include "validate/result.h"

/*
 * A whole validation: SDKs, modules, cells, verdicts.
 *
 *	matrix -> for each version: SDK (sdk callback) -> for each version and module: modules fetched on the host
 *	-> cells, `jobs` at a time -> what flipped a failing test (GODEBUG) -> struct gv_run_result
 *
 * Nothing is written outside gover's own directories; the checkout is only read.
 */
enum gv_run_event_kind {
	GV_RUN_FETCH,       /* modules of a version are being fetched */
	GV_RUN_FETCHED,     /* no longer, however it went */
	GV_RUN_CELL_BEGIN,
	GV_RUN_PHASE_BEGIN,
	GV_RUN_PHASE_END,
	GV_RUN_KEPT,        /* a failed cell was left for a day; `phase` is its id */
	GV_RUN_EXPLAIN,     /* looking for the GODEBUG setting that matters */
	GV_RUN_CELL_END,
};

struct gv_run_event {
	enum gv_run_event_kind kind;
	size_t cell;                          /* number in the matrix */
	const struct gv_matrix_cell *what;
	const char *phase;                    /* PHASE_*, KEPT */
	const struct gv_collected_phase *end; /* PHASE_END */
	const struct gv_cell_result *result;  /* CELL_END */
};

struct gv_runner {
	const struct gv_dirs *dirs;
	struct gv_engine *engine;
	struct gv_engine *host;               /* fetches modules */
	const struct gv_project *project;
	const struct gv_matrix *matrix;
	const struct gv_validate_opts *opts;
	/* Make sure that an SDK is installed. GV_ENOTFOUND makes its cells unavailable, GV_ENET inconclusive; others end the run. */
	int (*sdk)(void *arg, const char *version, struct gv_err *err);
	/* Called from several threads, one at a time. May be NULL. */
	void (*event)(void *arg, const struct gv_run_event *e);
	void *arg;
};

/*
 * Cells come out in the order of the matrix; one that was not run is skipped and its class says why. After GV_EINTR `*out` holds what was
 * finished, the rest is of class "interrupted".
 */
int gv_run(const struct gv_runner *r, struct gv_run_result *out, struct gv_err *err) GV_MUST_CHECK;

#endif
