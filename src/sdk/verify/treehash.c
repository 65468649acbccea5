/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/treehash.h"

#include <string.h>

/* The hash of records lo to hi - 1. lo is a multiple of the smallest power of two >= hi - lo. */
static int
range_hash(struct gv_tileset *ts, uint64_t lo, uint64_t hi, uint8_t out[GV_SHA256_LEN], struct gv_err *err)
{
	uint64_t left = hi - lo, at = hi;
	uint8_t acc[GV_SHA256_LEN] = { 0 }, node[GV_SHA256_LEN] = { 0 };
	struct gv_sha256 *sha = gv_sha256_new();
	int rc = 0;

	for (int level = 0; left > 0 && rc == 0; level++, left >>= 1) {
		if ((left & 1) == 0)
			continue;
		at -= (uint64_t)1 << level;
		rc = gv_tileset_node(ts, level, at >> level, node, err);
		if (at + ((uint64_t)1 << level) == hi)
			memcpy(acc, node, sizeof(acc));
		else
			gv_tlog_node(sha, acc, node, acc);
	}
	gv_sha256_free(sha);
	if (rc == 0)
		memcpy(out, acc, sizeof(acc));
	return rc;
}

int
gv_tree_hash(struct gv_tileset *ts, uint64_t m, uint8_t out[GV_SHA256_LEN], struct gv_err *err)
{
	return range_hash(ts, 0, m, out, err);
}

int
gv_tree_proof(struct gv_tileset *ts, uint64_t m, uint64_t n, uint8_t proof[GV_PROOF_MAX][GV_SHA256_LEN], size_t *count,
	      struct gv_err *err)
{
	uint64_t from[GV_PROOF_MAX], to[GV_PROOF_MAX], lo = 0, hi = n;
	size_t steps = 0, used = 0;

	/* Descend to the subtree that ends with record m. Each step adds the sibling on the other side. */
	while (hi != m) {
		uint64_t half = 1;

		while (half < hi - lo - half)
			half *= 2;
		from[steps] = m <= lo + half ? lo + half : lo;
		to[steps++] = m <= lo + half ? hi : lo + half;
		if (m <= lo + half)
			hi = lo + half;
		else
			lo += half;
	}
	/* Leave out the old tree itself: the checker knows it. */
	if (lo > 0 && range_hash(ts, lo, hi, proof[used++], err) < 0)
		return -1;
	while (steps-- > 0) {
		if (range_hash(ts, from[steps], to[steps], proof[used++], err) < 0)
			return -1;
	}
	*count = used;
	return 0;
}
