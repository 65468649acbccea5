/* SPDX-License-Identifier: MIT */
#ifndef GV_LOCAL_CELL_H
#define GV_LOCAL_CELL_H

#include <stdbool.h>

#include "engine/ledger.h"
#include "engine/ops.h"
#include "local/child.h"

/*
 * The common part of a cell on bwrap and on the host. The agent is our child process, in a control group if we can make
 * one. The record lists what a later run removes if this one is killed.
 */
struct gv_local_cell {
	struct gv_cell base;
	struct gv_child child;
	struct gv_cgroup cgroup;
	struct gv_ledger ledger;
	bool kept;
};

/*
 * Make a cell with its name, its group and the beginning of its record. Starts and writes nothing. NULL on failure;
 * gv_local_destroy() frees it.
 */
struct gv_local_cell *gv_local_new(struct gv_engine *e, const struct gv_cgroup_places *places,
				   const struct gv_cell_spec *spec, struct gv_err *err) GV_MUST_CHECK;

/* The functions of gv_engine_ops, see engine.h. `cell` is a struct gv_local_cell. */
int gv_local_read(struct gv_cell *cell, char **json, size_t *len, struct gv_err *err) GV_MUST_CHECK;
int gv_local_finish(struct gv_cell *cell, struct gv_cell_end *end, struct gv_err *err) GV_MUST_CHECK;
int gv_local_keep(struct gv_cell *cell, int64_t until, struct gv_err *err) GV_MUST_CHECK;
void gv_local_destroy(struct gv_cell *cell);
void gv_local_reap(struct gv_engine *e);

#endif
