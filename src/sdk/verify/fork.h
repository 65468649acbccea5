/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_FORK_H
#define GV_VERIFY_FORK_H

#include "util/str.h"
#include "verify/tileset.h"
#include "verify/tlog.h"

/* A signed head of the log, and the tree that it names. */
struct gv_head {
	const char *note; /* borrowed; "" is the empty tree */
	struct gv_tree tree;
};

/*
 * Append the report of a log that shows two histories, as cmd/go prints it (x/mod sumdb.Client.checkTrees): both notes,
 * the newer tree's hash of the older tree's records, and the consistency proof for that hash. Anyone can check the
 * contradiction without the server. `ts` holds the tiles of the newer tree, the right edge of the older one included.
 */
void gv_fork_report(struct gv_str *report, struct gv_tileset *ts, const struct gv_head *older,
		    const struct gv_head *newer, const uint8_t older_root[GV_SHA256_LEN]);

#endif
