/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_RUN_H
#define GV_VALIDATE_RUN_H

#include <pthread.h>

#include "engine/engine.h"
#include "judge/result.h"
#include "validate/cellspec.h"
#include "validate/supply.h"

/*
 * What a validation is asked for, what it reports meanwhile, and what its parts share: supply.h brings what cells need,
 * runner.h runs the cells, cure.h some of them again.
 */
enum gv_run_event_kind {
	GV_RUN_BEGIN,   /* `run`: what is known before the cells */
	GV_RUN_FETCH,   /* modules of a version are being fetched */
	GV_RUN_FETCHED, /* no longer, however it went */
	GV_RUN_CELL_BEGIN,
	GV_RUN_PHASE_BEGIN,
	GV_RUN_PHASE_END,
	GV_RUN_KEPT,    /* a failed cell was left for a day; `phase` is its id */
	GV_RUN_EXPLAIN, /* looking for the GODEBUG setting that matters */
	GV_RUN_CELL_END,
};

struct gv_run_event {
	enum gv_run_event_kind kind;
	size_t cell; /* number in the matrix */
	const struct gv_matrix_cell *what;
	const char *phase;                    /* PHASE_*, KEPT */
	const struct gv_collected_phase *end; /* PHASE_END */
	const struct gv_cell_result *result;  /* CELL_END */
	const struct gv_run_result *run;      /* BEGIN */
};

struct gv_runner {
	const struct gv_dirs *dirs;
	struct gv_engine *engine;
	struct gv_engine *host; /* fetches modules */
	const struct gv_project *project;
	const struct gv_matrix *matrix;
	const struct gv_validate_opts *opts;
	const char *options; /* as struct gv_cell_result has them; NULL: none */
	/*
	 * Make sure that an SDK is installed. Called from several threads at once, for different versions. GV_ENOTFOUND
	 * makes its cells unavailable, GV_ENET inconclusive; others end the run.
	 */
	int (*sdk)(void *arg, const char *version, struct gv_err *err);
	/* Called from several threads, one at a time. May be NULL. */
	void (*event)(void *arg, const struct gv_run_event *e);
	void *arg;
};

struct gv_run_state {
	const struct gv_runner *r; /* borrowed, as the next */
	struct gv_run_result *out; /* one cell for each of the matrix, in its order */
	struct gv_cell_dirs dirs;
	char id[17]; /* of this run, hex */
	struct gv_supplies supplies;
	pthread_mutex_t lock; /* held while an event is told */
};

/* What a wanted cell needs. */
static inline struct gv_supply *
gv_run_supply(const struct gv_run_state *s, size_t cell)
{
	return &s->supplies.all[s->supplies.of[cell]];
}

/* Its SDK. */
static inline struct gv_sdk *
gv_run_sdk(const struct gv_run_state *s, size_t cell)
{
	return &s->supplies.sdks[gv_run_supply(s, cell)->sdk];
}

/*
 * Of `r`, with an id of its own; `out` becomes what is known before the cells: they are named, and skipped (of cause
 * "only" those that are not wanted). The caller releases `s`, and frees what is in `out`.
 */
void gv_run_init(struct gv_run_state *s, const struct gv_runner *r, struct gv_run_result *out);
/* What it holds, not `out`. */
void gv_run_release(struct gv_run_state *s);

/* Hand an event to whoever listens. Safe from any thread. */
void gv_run_tell(struct gv_run_state *s, const struct gv_run_event *e);

/* What the spec of a cell is made from, by its number in the matrix; it is wanted. All in it is borrowed from `s`. */
struct gv_cellspec_in gv_run_spec(const struct gv_run_state *s, size_t cell);

#endif
