/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_BWRAP_H
#define GV_ENGINE_BWRAP_H

#include "engine/ops.h"

/* Inside this layer: the bubblewrap engine. See engine.h for what a sandbox is. */
struct bwrap {
	struct gv_engine base;
	char *program;
	bool root;
	bool sizes, disable_userns; /* what this version knows: 0.7, 0.8 */
	struct gv_cgroup_places places;
};

/*
 * The arguments that every sandbox has, before its mounts. `session`: a new one, so that nothing types into our terminal; enter does
 * without, for job control.
 */
void gv_bwrap_args(struct gv_strv *a, const struct bwrap *b, bool session);

int gv_bwrap_enter(struct gv_engine *e, const char *id, char *const argv[], int *status,
		   struct gv_err *err) GV_MUST_CHECK;

#endif
