/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_TREE_H
#define GV_AGENT_TREE_H

#include <stdint.h>

#include "util/err.h"
#include "util/strv.h"

/*
 * Copy the tree `from` into `to`, which is made when it is missing. Copies regular files, directories and symbolic
 * links (as links, never followed) with their times. Modes lose their set-id bits, and directories stay writable for
 * the owner. Sockets, FIFOs and devices are not copied.
 */
struct agent_copy {
	const struct gv_strv *skip; /* paths below `from` that are not copied */
	uint64_t deadline_ms;       /* when to give up, in gv_clock_ms() */
	unsigned unreadable;        /* set: number of files that we may not read; they are not copied */
	char first[512];            /* set: path of the first of them; cut at its beginning when too long */
};

/* Errors: GV_EIO (no space), GV_EFAIL (deadline, depth over 200). Files copied before the error stay. */
int agent_tree_copy(struct agent_copy *c, const char *from, const char *to, struct gv_err *err) GV_MUST_CHECK;

#endif
