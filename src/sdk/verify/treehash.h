/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_TREEHASH_H
#define GV_VERIFY_TREEHASH_H

#include <stddef.h>
#include <stdint.h>

#include "verify/tileset.h"

/* Hashes computed from the proven nodes of a tree. Call gv_tileset_want_tree(ts, m) before gv_tileset_load(). */

/* The root of the tree's first m records; 1 <= m. Errors: those of gv_tileset_node(). */
int gv_tree_hash(struct gv_tileset *ts, uint64_t m, uint8_t out[GV_SHA256_LEN], struct gv_err *err) GV_MUST_CHECK;

#define GV_PROOF_MAX 64
/* The consistency proof between the first m records and all n (RFC 6962, 2.1.2). 1 <= m <= n; n is the tree's size. */
int gv_tree_proof(struct gv_tileset *ts, uint64_t m, uint64_t n, uint8_t proof[GV_PROOF_MAX][GV_SHA256_LEN],
		  size_t *count, struct gv_err *err) GV_MUST_CHECK;

#endif
