/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "verify/tile.h"
#include "verify/tileset.h"
#include "verify/treehash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t len, at;
};

static uint64_t
take(struct input *in, size_t n)
{
	uint64_t v = 0;

	for (; n > 0; n--)
		v = v << 8 | (in->at < in->len ? in->data[in->at++] : 0);
	return v;
}

/* The reply for a tile: some outcome, an almost correct length, and bytes of the input. */
static void
get(void *arg, const char *const *paths, size_t n, struct gv_sumdb_blob *blobs)
{
	struct input *in = arg;

	for (size_t i = 0; i < n; i++) {
		struct gv_tile t;
		unsigned kind = (unsigned)take(in, 1);

		if (!gv_tile_parse(&t, paths[i]))
			abort();
		if (kind % 8 == 7) {
			blobs[i].code = kind % 16 == 7 ? GV_ENOTFOUND : GV_ENET;
			continue;
		}
		blobs[i].len = (size_t)t.width * GV_SHA256_LEN - (kind % 8 == 6);
		blobs[i].data = gv_xmalloc(blobs[i].len + 1);
		memset(blobs[i].data, (int)kind, blobs[i].len + 1);
	}
}

/* A tree of any size, a record and an older size. No input can prove this root. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size, 0 };
	struct gv_sumdb_io io = { .arg = &in, .get = get };
	struct gv_tree tree = { .n = (take(&in, 8) & INT64_MAX) | 1, .root = { 1 } };
	uint64_t id = take(&in, 8) % tree.n, m = take(&in, 8) % tree.n + 1;
	struct gv_tileset *ts = gv_tileset_new(&io, &tree);
	uint8_t out[GV_SHA256_LEN], proof[GV_PROOF_MAX][GV_SHA256_LEN];
	struct gv_err err = GV_ERR_INIT;
	size_t count = 0;

	gv_tileset_want_leaf(ts, id);
	gv_tileset_want_tree(ts, m);
	gv_tileset_load(ts);
	if (gv_tileset_node(ts, 0, id, out, &err) == 0 || gv_tree_hash(ts, m, out, &err) == 0)
		abort();
	if (m < tree.n && gv_tree_proof(ts, m, tree.n, proof, &count, &err) == 0)
		abort();
	gv_tileset_free(ts);
	return 0;
}
