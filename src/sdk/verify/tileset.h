/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_TILESET_H
#define GV_VERIFY_TILESET_H

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "verify/sumdb.h"
#include "verify/tlog.h"

/*
 * The tiles of one tree that a proof needs. Say what is wanted, load all of it at once, then ask for hashes.
 *
 *	ts = gv_tileset_new(io, &tree);
 *	gv_tileset_want_tree(ts, older.n);
 *	gv_tileset_want_leaf(ts, id);
 *	gv_tileset_load(ts);
 *	gv_tileset_node(ts, 0, id, leaf, err);
 *
 * Every hash that the set returns is proven up to the tree's root, whatever its source:
 * - The root is computed from all hashes of the partial tiles at the right edge (at most one a level). It must equal
 *   the signed root.
 * - Any other tile is full, so it is the subtree below one hash of its parent tile and must have that hash. The parent
 *   is proven first.
 * There is no third kind, and no tile is exempt: GO-2026-6179 came from exempting some.
 *
 * So the cache need not be trusted: its tiles are proven like any reply. A cached tile that fails is fetched again
 * once, so a damaged cache costs a download but never fails a good proof.
 */
struct gv_tileset;

/* `io` must outlive the set. tree->n is at least 1. The right edge is always loaded. */
struct gv_tileset *gv_tileset_new(const struct gv_sumdb_io *io, const struct gv_tree *tree);
void gv_tileset_free(struct gv_tileset *ts);

static inline void
gv_auto_tileset_(struct gv_tileset **ts)
{
	gv_tileset_free(*ts);
}

#define gv_autotileset __attribute__((cleanup(gv_auto_tileset_)))

void gv_tileset_want_leaf(struct gv_tileset *ts, uint64_t id); /* id < n */
void gv_tileset_want_tree(struct gv_tileset *ts, uint64_t m);  /* 1 <= m <= n */

/*
 * Get what is wanted: from the cache, then in one batch from the network. A second batch asks for the full tiles whose
 * partial forms are gone. A missing tile is an error only for the hash that needs it.
 */
void gv_tileset_load(struct gv_tileset *ts);

/*
 * The proven hash of the node `level` levels above the leaves that covers records from index << level on.
 * Errors: GV_EPROOF for tiles that contradict the root, GV_ENET for missing ones, and what `io` returned.
 */
int gv_tileset_node(struct gv_tileset *ts, int level, uint64_t index, uint8_t out[GV_SHA256_LEN],
		    struct gv_err *err) GV_MUST_CHECK;

#endif
