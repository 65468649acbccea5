/* SPDX-License-Identifier: MIT */
#ifndef GV_LOCAL_BWRAP_H
#define GV_LOCAL_BWRAP_H

#include "engine/ops.h"

/* Inside this room: the bubblewrap engine. See local/local.h for what a sandbox is. */
struct bwrap {
	struct gv_engine base;
	char *program;
	bool root;
	bool sizes, disable_userns; /* what this version supports (since 0.7, 0.8) */
	struct gv_cgroup_places places;
};

/*
 * The arguments that every sandbox has, before its mounts. `session`: bwrap starts a new session, so that the
 * cell has no terminal. `gover cell enter` gives the cell a terminal of its own instead (local/session.h). bwrap_args.c
 */
void gv_bwrap_args(struct gv_strv *a, const struct bwrap *b, bool session);

/* Enter a kept cell: see gv_engine_enter(). bwrap_enter.c */
int gv_bwrap_enter(struct gv_engine *e, const char *id, char *const argv[], int *status,
		   struct gv_err *err) GV_MUST_CHECK;

#endif
