/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_TREE_H
#define GV_AGENT_TREE_H

#include <stdint.h>

#include "util/err.h"
#include "util/strv.h"

/*
 * Copy the tree `from` into `to`, which is made when missing: regular files, directories and symbolic links (as links, never
 * followed), with their times; modes without set-id bits, directories kept writable for the owner. Sockets, FIFOs and devices are
 * left out. `skip` has paths below `from` that are left out. What may not be read is left out and counted
 * (`*unreadable`, the first one's path in `first`). Stops at the time `deadline_ms` (agent_now_ms()).
 * Errors: GV_EIO (no space), GV_EFAIL (deadline, depth over 200).
 */
struct agent_copy {
	const struct gv_strv *skip;
	uint64_t deadline_ms;
	unsigned unreadable;
	char first[512];
};

int agent_tree_copy(struct agent_copy *c, const char *from, const char *to, struct gv_err *err) GV_MUST_CHECK;

#endif
