/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_LOCAL_CELL_H
#define GV_ENGINE_LOCAL_CELL_H

#include <stdbool.h>

#include "engine/child.h"
#include "engine/ops.h"
#include "engine/record.h"

/*
 * A cell whose agent is a child process of ours, in a control group where there are any, with a record that tells a later run what
 * to remove: all that bwrap and host have in common. The functions are those of gv_engine_ops.
 */
struct gv_local_cell {
	struct gv_cell base;
	struct gv_child child;
	struct gv_cgroup cgroup;
	struct gv_record record;
	bool kept;
};

/* With its name, group and the beginning of its record; nothing is started and no record written. NULL on failure. */
struct gv_local_cell *gv_local_new(struct gv_engine *e, const struct gv_cgroup_places *places,
				   const struct gv_cell_spec *spec, struct gv_err *err) GV_MUST_CHECK;

int gv_local_read(struct gv_cell *cell, char **json, size_t *len, struct gv_err *err) GV_MUST_CHECK;
int gv_local_finish(struct gv_cell *cell, struct gv_cell_end *end, struct gv_err *err) GV_MUST_CHECK;
int gv_local_keep(struct gv_cell *cell, int64_t until, struct gv_err *err) GV_MUST_CHECK;
void gv_local_destroy(struct gv_cell *cell);
void gv_local_reap(struct gv_engine *e);

#endif
