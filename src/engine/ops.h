/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_OPS_H
#define GV_ENGINE_OPS_H

#include "engine/cgroup.h"
#include "engine/engine.h"

/* Inside this layer: what an engine implements. A cell of an engine begins with struct gv_cell. */
#define GV_ROOT_USER 1000u /* who runs a cell that root starts */

struct gv_engine_ops {
	struct gv_cell *(*start)(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err);
	int (*read)(struct gv_cell *c, char **json, size_t *len, struct gv_err *err);
	int (*finish)(struct gv_cell *c, struct gv_cell_end *end, struct gv_err *err);
	int (*keep)(struct gv_cell *c, int64_t until, struct gv_err *err);
	void (*destroy)(struct gv_cell *c);
	int (*enter)(struct gv_engine *e, const char *id, char *const argv[], int *status, struct gv_err *err);
	void (*reap)(struct gv_engine *e);
	void (*close)(struct gv_engine *e);
};

struct gv_engine {
	const struct gv_engine_ops *ops;
	struct gv_engine_info info;
	char *agent;   /* path of gover-agent */
	char *state;   /* gover's state directory: records */
	char *scratch; /* where directories of cells are made */
};

struct gv_cell {
	struct gv_engine *engine;
	char *id; /* "RUN-NAME" */
};

/* Each returns NULL when the engine is not there, and says so in `why` and `err`. `agent` is the program's path. */
struct gv_engine *gv_bwrap_open(const char *agent, struct gv_strv *why, struct gv_err *err);
struct gv_engine *gv_host_open(const char *agent, struct gv_strv *why, struct gv_err *err);

struct gv_engine *gv_docker_open(enum gv_engine_kind kind, const char *agent, struct gv_strv *why, struct gv_err *err);

/* How large a scratch place may get: what is in memory there counts as the cell's memory, so at most half of it. */
uint64_t gv_scratch_bytes(const struct gv_cell_spec *spec);

/* First program of that name on PATH (absolute elements only), or NULL. Caller frees. */
char *gv_engine_program(const char *name);
/* The first line that `argv` prints; NULL when it fails, then `said` has the end of its stderr. Caller frees. */
char *gv_engine_ask(char *const argv[], char *said, size_t said_size);

#endif
