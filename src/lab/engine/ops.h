/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_OPS_H
#define GV_ENGINE_OPS_H

#include "engine/engine.h"
#include "engine/limits.h"
#include "resolve/dirs.h"

/* What each engine implements. An engine's own cell struct begins with struct gv_cell. */
#define GV_ROOT_USER 1000u /* the user of a cell that root starts */

struct gv_engine_ops {
	struct gv_cell *(*start)(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err);
	int (*read)(struct gv_cell *c, char **json, size_t *len, struct gv_err *err);
	int (*finish)(struct gv_cell *c, struct gv_cell_end *end, struct gv_err *err);
	int (*keep)(struct gv_cell *c, int64_t until, struct gv_err *err);
	void (*destroy)(struct gv_cell *c);
	int (*enter)(struct gv_engine *e, const char *id, char *const argv[], int *status, struct gv_err *err);
	void (*reap)(struct gv_engine *e);
	void (*close)(struct gv_engine *e); /* frees the engine; the caller has freed the members of gv_engine */
};

struct gv_engine {
	const struct gv_engine_ops *ops;
	struct gv_engine_info info;
	char *agent;   /* path of gover-agent */
	char *state;   /* gover's state directory, with the records of cells */
	char *scratch; /* where cells get their directories */
};

struct gv_cell {
	struct gv_engine *engine;
	char *id; /* "RUN-NAME" */
};

/*
 * Makes an engine; gv_engine_close() frees it. Its cells run the program `agent`; it stores what it keeps in
 * directories of `d`. Adds to `why` a line for each thing it tried, on failure too (`gover engine` prints them).
 */
typedef struct gv_engine *gv_engine_open_fn(const char *agent, const struct gv_dirs *d, struct gv_strv *why,
					    struct gv_err *err);

/*
 * The first step of every gv_engine_open_fn: fill the common part of a zeroed struct. After it, gv_engine_close() is
 * safe.
 */
void gv_engine_init(struct gv_engine *e, const struct gv_engine_ops *ops, const char *agent, const struct gv_dirs *d);

/* The size limit of a scratch directory, in bytes: it counts as the cell's memory, so at most half of that. */
uint64_t gv_scratch_bytes(const struct gv_cell_spec *spec);

#endif
