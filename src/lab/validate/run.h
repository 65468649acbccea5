/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_RUN_H
#define GV_VALIDATE_RUN_H

#include <pthread.h>

#include "engine/engine.h"
#include "judge/result.h"
#include "validate/cellspec.h"
#include "validate/supply.h"

/*
 * What a caller asks of a validation, the events that it gets meanwhile, and the state that the parts of a run share.
 * supply.h brings what cells need, runner.h runs the cells, and cure.h repeats some tests.
 */
enum gv_run_event_kind {
	GV_RUN_BEGIN,   /* `run`: what is known before the cells */
	GV_RUN_FETCH,   /* modules of a version are being fetched */
	GV_RUN_FETCHED, /* that ended, well or not */
	GV_RUN_CELL_BEGIN,
	GV_RUN_PHASE_BEGIN,
	GV_RUN_PHASE_END,
	GV_RUN_KEPT,    /* a failed cell was kept; `phase` is its id */
	GV_RUN_EXPLAIN, /* the search for the GODEBUG setting that matters begins */
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
	 * makes its cells unavailable, and GV_ENET makes them inconclusive. Any other error ends the run.
	 */
	int (*sdk)(void *arg, const char *version, struct gv_err *err);
	/* Called from several threads, one at a time. May be NULL. */
	void (*event)(void *arg, const struct gv_run_event *e);
	void *arg;
};

struct gv_run_state {
	const struct gv_runner *r; /* borrowed */
	struct gv_run_result *out; /* borrowed; one cell for each of the matrix, in its order */
	struct gv_cell_dirs dirs;
	char id[17]; /* of this run, hex */
	struct gv_supplies supplies;
	pthread_mutex_t lock; /* held while r->event is called */
};

/* What a wanted cell needs. */
static inline struct gv_supply *
gv_run_supply(const struct gv_run_state *s, size_t cell)
{
	return &s->supplies.all[s->supplies.of[cell]];
}

/* The SDK of a wanted cell. */
static inline struct gv_sdk *
gv_run_sdk(const struct gv_run_state *s, size_t cell)
{
	return &s->supplies.sdks[gv_run_supply(s, cell)->sdk];
}

/*
 * Begin a run, which gets an id of its own. Fill `out` with what is known before the cells run: all cells, which are
 * skipped (cause "only" if not wanted). The caller releases both.
 */
void gv_run_init(struct gv_run_state *s, const struct gv_runner *r, struct gv_run_result *out);
/* Free the contents, but neither `s->out` nor `s->supplies`. */
void gv_run_release(struct gv_run_state *s);

/* Call r->event, if there is one. Any thread may call this. */
void gv_run_tell(struct gv_run_state *s, const struct gv_run_event *e);

/* The input of gv_cellspec_make() for a wanted cell, by its number in the matrix. All is borrowed from `s`. */
struct gv_cellspec_in gv_run_spec(const struct gv_run_state *s, size_t cell);

#endif
