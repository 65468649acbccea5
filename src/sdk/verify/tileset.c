/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/tileset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "verify/tile.h"

/* On each level: a tile of the right edge, one of an older tree's edge, and one above a leaf. */
#define MAX_SLOTS (3 * GV_TILE_LEVELS)

struct slot {
	struct gv_tile tile;
	uint8_t *data; /* tile.width hashes, or NULL */
	bool cached;   /* from the cache: may be damaged */
	bool proven;
	struct gv_err err; /* why there is no data */
};

struct gv_tileset {
	const struct gv_sumdb_io *io;
	struct gv_tree tree;
	struct gv_sha256 *sha;
	struct slot slots[MAX_SLOTS];
	size_t n;
};

static struct slot *
find(struct gv_tileset *ts, int level, uint64_t n)
{
	for (size_t i = 0; i < ts->n; i++) {
		if (ts->slots[i].tile.level == level && ts->slots[i].tile.n == n)
			return &ts->slots[i];
	}
	return NULL;
}

/* Want a tile and those above it, up to the first partial one, which is at the right edge. */
static void
want(struct gv_tileset *ts, int level, uint64_t n)
{
	for (; level < GV_TILE_LEVELS && find(ts, level, n) == NULL; level++, n /= GV_TILE_WIDTH) {
		struct gv_tile tile = { level, n, gv_tile_width(ts->tree.n, level, n) };

		assert(tile.width > 0 && ts->n < MAX_SLOTS);
		ts->slots[ts->n++] = (struct slot){ .tile = tile };
		if (tile.width < GV_TILE_WIDTH)
			return;
	}
}

void
gv_tileset_want_tree(struct gv_tileset *ts, uint64_t m)
{
	/* On each level, the root of m records needs the hashes that its own partial tile would hold. */
	for (int level = 0; level < GV_TILE_LEVELS; level++) {
		uint64_t hashes = m >> (GV_TILE_HEIGHT * level);

		if (hashes % GV_TILE_WIDTH != 0)
			want(ts, level, hashes / GV_TILE_WIDTH);
	}
}

void
gv_tileset_want_leaf(struct gv_tileset *ts, uint64_t id)
{
	want(ts, 0, id / GV_TILE_WIDTH);
}

struct gv_tileset *
gv_tileset_new(const struct gv_sumdb_io *io, const struct gv_tree *tree)
{
	struct gv_tileset *ts = gv_xcalloc(1, sizeof(*ts));

	ts->io = io;
	ts->tree = *tree;
	ts->sha = gv_sha256_new();
	gv_tileset_want_tree(ts, tree->n);
	return ts;
}

void
gv_tileset_free(struct gv_tileset *ts)
{
	if (ts == NULL)
		return;
	for (size_t i = 0; i < ts->n; i++)
		free(ts->slots[i].data);
	gv_sha256_free(ts->sha);
	free(ts);
}

static size_t
tile_bytes(const struct gv_tile *t)
{
	return (size_t)t->width * GV_SHA256_LEN;
}

static void
slot_path(char out[GV_TILE_PATH], const struct slot *s, bool full)
{
	struct gv_tile tile = s->tile;

	if (full)
		tile.width = GV_TILE_WIDTH;
	gv_tile_path(out, &tile);
}

static void
read_cached(struct gv_tileset *ts, struct slot *s, bool full)
{
	size_t want_len = full ? GV_TILE_BYTES : tile_bytes(&s->tile), len = 0;
	char path[GV_TILE_PATH], *data = NULL;

	slot_path(path, s, full);
	if (ts->io->cache_read == NULL || !ts->io->cache_read(ts->io->arg, path, &data, &len))
		return;
	if (len != want_len) {
		free(data);
		return;
	}
	s->data = (uint8_t *)data;
	s->cached = true;
}

static void
take_reply(struct slot *s, struct gv_sumdb_blob *b, const char *path, size_t want_len)
{
	if (b->code == GV_OK && b->data != NULL && b->len == want_len) {
		s->data = (uint8_t *)b->data;
		s->cached = false;
		gv_err_clear(&s->err);
		return;
	}
	if (b->code == GV_OK)
		gv_err_set(&s->err, GV_EPROOF, "the checksum database's '%s' has %zu bytes instead of %zu", path,
			   b->len, want_len);
	else if (b->code == GV_ENOTFOUND)
		gv_err_set(&s->err, GV_ENOTFOUND, "the checksum database has no '%s'", path);
	else if (b->err.code != GV_OK)
		s->err = b->err;
	else
		gv_err_set(&s->err, b->code, "cannot fetch '%s'", path);
	free(b->data);
}

/* Fetch tiles that are missing and not tried yet. With `full`: the full forms of partial tiles that were not found. */
static void
fetch(struct gv_tileset *ts, bool full)
{
	char text[MAX_SLOTS][GV_TILE_PATH];
	const char *paths[MAX_SLOTS];
	struct slot *slots[MAX_SLOTS];
	struct gv_sumdb_blob *blobs;
	size_t n = 0;

	for (size_t i = 0; i < ts->n; i++) {
		struct slot *s = &ts->slots[i];

		if (s->data != NULL || s->err.code != (full ? GV_ENOTFOUND : GV_OK) ||
		    (full && s->tile.width == GV_TILE_WIDTH))
			continue;
		slot_path(text[n], s, full);
		paths[n] = text[n];
		slots[n++] = s;
	}
	if (n == 0)
		return;
	blobs = gv_xcalloc(n, sizeof(*blobs));
	ts->io->get(ts->io->arg, paths, n, blobs);
	for (size_t i = 0; i < n; i++)
		take_reply(slots[i], &blobs[i], paths[i], full ? GV_TILE_BYTES : tile_bytes(&slots[i]->tile));
	free(blobs);
}

void
gv_tileset_load(struct gv_tileset *ts)
{
	for (size_t i = 0; i < ts->n; i++) {
		struct slot *s = &ts->slots[i];

		if (s->data == NULL)
			read_cached(ts, s, false);
		if (s->data == NULL && s->tile.width < GV_TILE_WIDTH)
			read_cached(ts, s, true);
	}
	fetch(ts, false);
	fetch(ts, true);
}

/* Forget a cached tile, so that the next fetch gets it from the network. */
static bool
drop_cached(struct slot *s)
{
	if (!s->cached)
		return false;
	free(s->data);
	s->data = NULL;
	s->cached = false;
	return true;
}

static int
missing(const struct slot *s, struct gv_err *err)
{
	assert(s->err.code != GV_OK);
	*err = s->err;
	if (err->code == GV_ENOTFOUND)
		err->code = GV_ENET; /* the database exists, but lacks one of its tiles */
	return -1;
}

static void
set_proven(struct gv_tileset *ts, struct slot *s)
{
	char path[GV_TILE_PATH];

	s->proven = true;
	if (s->cached || ts->io->cache_write == NULL)
		return;
	slot_path(path, s, false);
	ts->io->cache_write(ts->io->arg, path, s->data, tile_bytes(&s->tile));
}

/* The root, computed from the partial tiles: at most one a level. */
static int
edge_root(struct gv_tileset *ts, uint8_t out[GV_SHA256_LEN], struct gv_err *err)
{
	bool any = false;

	for (int level = 0; level < GV_TILE_LEVELS; level++) {
		uint64_t hashes = ts->tree.n >> (GV_TILE_HEIGHT * level);
		unsigned width = (unsigned)(hashes % GV_TILE_WIDTH);
		struct slot *s;

		if (width == 0)
			continue;
		s = find(ts, level, hashes / GV_TILE_WIDTH);
		assert(s != NULL);
		if (s->data == NULL)
			return missing(s, err);
		/* From the smallest subtree, which is the last one, to the largest. */
		for (unsigned rise = 0; rise < GV_TILE_HEIGHT; rise++) {
			uint8_t node[GV_SHA256_LEN];

			if ((width >> rise & 1) == 0)
				continue;
			gv_tile_node(ts->sha, node, s->data, rise, (width >> rise) - 1);
			if (any)
				gv_tlog_node(ts->sha, out, node, out);
			else
				memcpy(out, node, GV_SHA256_LEN);
			any = true;
		}
	}
	return 0;
}

/* Prove all partial tiles at once. */
static int
prove_edge(struct gv_tileset *ts, struct gv_err *err)
{
	uint8_t root[GV_SHA256_LEN];
	size_t dropped = 0;

	for (bool again = false;; again = true) {
		if (edge_root(ts, root, err) < 0)
			return -1;
		if (memcmp(root, ts->tree.root, sizeof(root)) == 0)
			break;
		for (size_t i = 0; i < ts->n && !again; i++) {
			if (ts->slots[i].tile.width < GV_TILE_WIDTH)
				dropped += drop_cached(&ts->slots[i]);
		}
		if (again || dropped == 0)
			return gv_err_set(
			    err, GV_EPROOF,
			    "downloaded inconsistent tiles: their root is not the signed root of %llu records",
			    (unsigned long long)ts->tree.n);
		fetch(ts, false);
		fetch(ts, true);
	}
	for (size_t i = 0; i < ts->n; i++) {
		if (ts->slots[i].tile.width < GV_TILE_WIDTH)
			set_proven(ts, &ts->slots[i]);
	}
	return 0;
}

/* Whether a full tile has the hash that its proven parent holds for it. */
static bool
fits_parent(struct gv_tileset *ts, const struct slot *s, const struct slot *parent)
{
	uint8_t hash[GV_SHA256_LEN];
	size_t at = (size_t)(s->tile.n % GV_TILE_WIDTH);

	if (s->data == NULL)
		return false;
	gv_tile_node(ts->sha, hash, s->data, GV_TILE_HEIGHT, 0);
	return memcmp(hash, parent->data + at * GV_SHA256_LEN, sizeof(hash)) == 0;
}

static int
prove(struct gv_tileset *ts, struct slot *s, struct gv_err *err)
{
	char path[GV_TILE_PATH];
	struct slot *parent;

	if (s->proven)
		return 0;
	if (s->tile.width < GV_TILE_WIDTH)
		return prove_edge(ts, err);
	parent = find(ts, s->tile.level + 1, s->tile.n / GV_TILE_WIDTH);
	assert(parent != NULL);
	if (prove(ts, parent, err) < 0)
		return -1;
	if (!fits_parent(ts, s, parent) && drop_cached(s))
		fetch(ts, false);
	if (s->data == NULL)
		return missing(s, err);
	if (!fits_parent(ts, s, parent)) {
		slot_path(path, s, false);
		return gv_err_set(err, GV_EPROOF, "downloaded inconsistent tile '%s'", path);
	}
	set_proven(ts, s);
	return 0;
}

int
gv_tileset_node(struct gv_tileset *ts, int level, uint64_t index, uint8_t out[GV_SHA256_LEN], struct gv_err *err)
{
	unsigned rise = (unsigned)level % GV_TILE_HEIGHT;
	uint64_t first = index << rise; /* in hashes of the tile's level */
	struct slot *s = find(ts, level / GV_TILE_HEIGHT, first / GV_TILE_WIDTH);

	if (s == NULL)
		return gv_err_set(err, GV_EFAIL, "tile of node %d/%llu was not asked for", level,
				  (unsigned long long)index);
	if (prove(ts, s, err) < 0)
		return -1;
	assert((first % GV_TILE_WIDTH) + (1u << rise) <= s->tile.width);
	gv_tile_node(ts->sha, out, s->data, rise, (unsigned)(first % GV_TILE_WIDTH) >> rise);
	return 0;
}
