/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include "tests/fake/log.h"
#include "tests/tap.h"
#include "tests/unit/sdk/tsv.h"
#include "util/auto.h"
#include "verify/tile.h"
#include "verify/tileset.h"
#include "verify/treehash.h"
#include "verify/wire.h"

/* A database that serves a log in memory. A test can make it lie, and can damage its cache. */
struct db {
	const struct log *log;
	uint64_t size; /* partial tiles exist for this size only; 0: for any */
	char asked[64][GV_TILE_PATH];
	size_t n_asked, trips;
	const char *lie; /* the path whose bytes are changed */
	size_t lie_at;
	const char *gone; /* the path that answers 404 */
	bool no_partial;  /* every partial tile answers 404 */
	struct {
		char path[GV_TILE_PATH];
		char *data;
		size_t len;
	} cache[64];
	size_t n_cache;
};

static void
get(void *arg, const char *const *paths, size_t n, struct gv_sumdb_blob *blobs)
{
	struct db *db = arg;

	db->trips++;
	for (size_t i = 0; i < n; i++) {
		struct gv_tile t;
		const uint8_t *data;

		snprintf(db->asked[db->n_asked++ % 64], GV_TILE_PATH, "%s", paths[i]);
		blobs[i].code = GV_ENOTFOUND;
		if (!gv_tile_parse(&t, paths[i]) || (data = log_tile(db->log, &t)) == NULL)
			continue;
		if ((db->gone != NULL && strcmp(db->gone, paths[i]) == 0) ||
		    (t.width < GV_TILE_WIDTH &&
		     (db->no_partial || (db->size > 0 && gv_tile_width(db->size, t.level, t.n) != t.width))))
			continue;
		blobs[i].code = GV_OK;
		blobs[i].len = (size_t)t.width * GV_SHA256_LEN;
		blobs[i].data = gv_xmemdup(data, blobs[i].len);
		if (db->lie != NULL && strcmp(db->lie, paths[i]) == 0)
			blobs[i].data[db->lie_at % blobs[i].len] ^= 4;
	}
}

static bool
cache_read(void *arg, const char *path, char **data, size_t *len)
{
	struct db *db = arg;

	for (size_t i = 0; i < db->n_cache; i++) {
		if (strcmp(db->cache[i].path, path) == 0) {
			*data = gv_xmemdup(db->cache[i].data, db->cache[i].len + 1);
			*len = db->cache[i].len;
			return true;
		}
	}
	return false;
}

static void
cache_write(void *arg, const char *path, const void *data, size_t len)
{
	struct db *db = arg;
	size_t at = 0;

	while (at < db->n_cache && strcmp(db->cache[at].path, path) != 0)
		at++;
	if (at == db->n_cache)
		db->n_cache++;
	else
		free(db->cache[at].data);
	snprintf(db->cache[at].path, GV_TILE_PATH, "%s", path);
	db->cache[at].data = gv_xstrndup("", 0);
	db->cache[at].data = gv_xrealloc(db->cache[at].data, len + 1);
	memcpy(db->cache[at].data, data, len);
	db->cache[at].len = len;
}

static void
cache_free(struct db *db)
{
	for (size_t i = 0; i < db->n_cache; i++)
		free(db->cache[i].data);
	db->n_cache = 0;
}

static struct gv_tree
tree_of(const struct log *l, uint64_t n)
{
	struct gv_tree t = { .n = n };

	log_root(l, n, t.root);
	return t;
}

/* Look up record `id` of a tree. */
static int
leaf_of(struct db *db, bool cache, uint64_t n, uint64_t id, struct gv_err *err)
{
	struct gv_sumdb_io io = { .arg = db, .get = get };
	struct gv_tree tree = tree_of(db->log, n);
	struct gv_tileset *ts;
	log_hash leaf;
	int rc;

	if (cache) {
		io.cache_read = cache_read;
		io.cache_write = cache_write;
	}
	db->n_asked = db->trips = 0;
	ts = gv_tileset_new(&io, &tree);
	gv_tileset_want_leaf(ts, id);
	gv_tileset_load(ts);
	rc = gv_tileset_node(ts, 0, id, leaf, err);
	if (rc == 0 && memcmp(leaf, db->log->level[0][id], sizeof(leaf)) != 0)
		rc = ok(false, "a wrong leaf hash was returned");
	gv_tileset_free(ts);
	return rc;
}

static void
test_roots(const struct log *l)
{
	struct tsv t = tsv_open("sumdb/roots.tsv", 2);

	while (tsv_next(&t)) {
		struct db db = { .log = l };
		struct gv_sumdb_io io = { .arg = &db, .get = get };
		struct gv_err err = GV_ERR_INIT;
		struct gv_tree tree = { .n = strtoull(t.col[0], NULL, 10) };
		struct gv_tileset *ts;
		log_hash root;

		if (!ok(tree.n <= l->n[0] && gv_wire_hash(tree.root, t.col[1], t.len[1]), "root of %" PRIu64, tree.n) ||
		    tree.n == 0)
			continue;
		ts = gv_tileset_new(&io, &tree);
		gv_tileset_load(ts);
		ok(gv_tree_hash(ts, tree.n, root, &err) == 0 && memcmp(root, tree.root, sizeof(root)) == 0,
		   "%" PRIu64 " records have the known root", tree.n);
		gv_tileset_free(ts);
	}
	tsv_close(&t);
}

/* Sizes around every border of one and two tile levels. */
static const uint64_t sizes[] = { 1,   2,   255, 256,  257,  300,  511,  512,   513,   600,   767,
				  768, 769, 900, 1023, 1024, 1025, 4096, 65535, 65536, 65537, 66321 };

static void
test_leaves(const struct log *l)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(sizes); i++) {
		uint64_t n = sizes[i], step = n / 40 + 1;
		size_t bad = 0, trips = 0;

		for (uint64_t id = 0; id < n; id += step) {
			struct db db = { .log = l };
			struct gv_err err = GV_ERR_INIT;

			bad += leaf_of(&db, false, n, id, &err) != 0;
			trips = db.trips > trips ? db.trips : trips;
		}
		ok(bad == 0 && trips == 1, "records of a tree of %" PRIu64 " are proven, in one round trip", n);
	}
}

/* GO-2026-6179: a change in any tile that a proof uses is noticed, whatever the shape of the tree. */
static void
test_lies(const struct log *l)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(sizes); i++) {
		uint64_t n = sizes[i], step = n / 7 + 1;
		size_t tried = 0, unnoticed = 0;

		for (uint64_t id = 0; id < n; id += step) {
			struct db honest = { .log = l };
			struct gv_err err = GV_ERR_INIT;

			if (leaf_of(&honest, false, n, id, &err) != 0)
				continue;
			for (size_t k = 0; k < honest.n_asked; k++) {
				/* The slot of the record itself, its neighbour's, and another. */
				size_t at[] = { (id % 256) * 32, ((id ^ 1) % 256) * 32 + 31, 7919 * (k + 1) };

				for (size_t a = 0; a < GV_ARRAY_LEN(at); a++) {
					struct db db = { .log = l, .lie = honest.asked[k], .lie_at = at[a] };

					gv_err_clear(&err);
					tried++;
					unnoticed += leaf_of(&db, false, n, id, &err) == 0 || err.code != GV_EPROOF;
				}
			}
		}
		ok(unnoticed == 0 && tried > 0, "%zu of %zu changed tiles of %" PRIu64 " records went unnoticed",
		   unnoticed, tried, n);
	}
}

static void
test_missing(const struct log *l)
{
	struct gv_err err = GV_ERR_INIT;
	struct db none = { .log = l, .gone = "tile/8/0/000" }, grown = { .log = l, .no_partial = true };
	struct db edge = { .log = l, .no_partial = true };

	ok(leaf_of(&none, false, 600, 5, &err) == -1 && err.code == GV_ENET, "a missing full tile: %s", err.msg);
	gv_err_clear(&err);
	ok(leaf_of(&grown, false, 65536 + 512, 65536 + 5, &err) == -1 && err.code == GV_ENET,
	   "a missing partial tile, without a full one: %s", err.msg);
	gv_err_clear(&err);
	ok(leaf_of(&edge, false, 65535, 3, &err) == 0 && edge.trips == 2,
	   "full tiles replace partial ones, in a second round trip");
}

static void
test_cache(const struct log *l)
{
	struct db db = { .log = l };
	struct gv_err err = GV_ERR_INIT;
	size_t n;

	ok(leaf_of(&db, true, 66321, 1000, &err) == 0 && db.trips == 1 && db.n_cache == db.n_asked,
	   "a proof leaves its tiles in the cache");
	ok(leaf_of(&db, true, 66321, 1000, &err) == 0 && db.trips == 0, "the next needs no network");
	n = db.n_cache;
	for (size_t i = 0; i < n; i++) {
		db.cache[i].data[40 % db.cache[i].len] ^= 1;
		ok(leaf_of(&db, true, 66321, 1000, &err) == 0 && db.trips > 0, "a changed byte in %s costs a download",
		   db.cache[i].path);
		ok(leaf_of(&db, true, 66321, 1000, &err) == 0 && db.trips == 0, "once");
		db.cache[i].len /= 2;
		ok(leaf_of(&db, true, 66321, 1000, &err) == 0 && db.trips > 0, "and so does a cut tile");
	}
	for (size_t i = 0; i < n; i++)
		memset(db.cache[i].data, 'x', db.cache[i].len);
	ok(leaf_of(&db, true, 66321, 1000, &err) == 0, "and so does rubbish in every tile");
	for (size_t i = 0; i < n; i++)
		memset(db.cache[i].data, 'x', db.cache[i].len);
	db.lie = "tile/8/0/003";
	ok(leaf_of(&db, true, 66321, 1000, &err) == -1 && err.code == GV_EPROOF,
	   "a damaged cache does not excuse a lie: %s", err.msg);
	cache_free(&db);
	db.lie = NULL;
	gv_err_clear(&err);
	db.lie = "tile/8/0/003";
	ok(leaf_of(&db, true, 66321, 1000, &err) == -1, "a lie is refused");
	for (size_t i = 0; i < db.n_cache; i++)
		ok(strcmp(db.cache[i].path, db.lie) != 0, "and is not cached: %s", db.cache[i].path);
	cache_free(&db);
	db.lie = NULL;
	/* A cached full tile of a grown tree also serves as the partial tile of a smaller tree. */
	ok(leaf_of(&db, true, 1024, 513, &err) == 0 && leaf_of(&db, true, 600, 513, &err) == 0, "grown, then smaller");
	for (size_t i = 0; i < db.n_asked; i++)
		ok(strncmp(db.asked[i], "tile/8/0/002", 12) != 0, "the full tile is cached, so only %s is fetched",
		   db.asked[i]);
	cache_free(&db);
}

/* RFC 9162, 2.1.4.2: whether `proof` shows that tree (n, root) starts with tree (m, old). */
static bool
consistent(uint64_t m, uint64_t n, const log_hash old, const log_hash root, uint8_t proof[][GV_SHA256_LEN],
	   size_t count)
{
	uint64_t fn = m - 1, sn = n - 1;
	size_t i = 0;
	log_hash fr, sr;

	if (m == n)
		return count == 0 && memcmp(old, root, sizeof(fr)) == 0;
	if ((m & (m - 1)) == 0)
		memcpy(fr, old, sizeof(fr));
	else if (count == 0)
		return false;
	else
		memcpy(fr, proof[i++], sizeof(fr));
	memcpy(sr, fr, sizeof(sr));
	while (fn & 1)
		fn >>= 1, sn >>= 1;
	for (; i < count; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			log_node(fr, proof[i], fr);
			log_node(sr, proof[i], sr);
			while (!(fn & 1) && fn != 0)
				fn >>= 1, sn >>= 1;
		} else {
			log_node(sr, sr, proof[i]);
		}
		fn >>= 1, sn >>= 1;
	}
	return sn == 0 && memcmp(fr, old, sizeof(fr)) == 0 && memcmp(sr, root, sizeof(sr)) == 0;
}

static bool
one_consistency(const struct log *l, uint64_t m, uint64_t n)
{
	struct db db = { .log = l };
	struct gv_sumdb_io io = { .arg = &db, .get = get };
	struct gv_err err = GV_ERR_INIT;
	struct gv_tree tree = tree_of(l, n), older = tree_of(l, m);
	struct gv_tileset *ts = gv_tileset_new(&io, &tree);
	uint8_t proof[GV_PROOF_MAX][GV_SHA256_LEN];
	size_t count = 0;
	log_hash root;
	bool good;

	gv_tileset_want_tree(ts, m);
	gv_tileset_load(ts);
	good = gv_tree_hash(ts, m, root, &err) == 0 && memcmp(root, older.root, sizeof(root)) == 0 &&
	       gv_tree_proof(ts, m, n, proof, &count, &err) == 0 &&
	       consistent(m, n, older.root, tree.root, proof, count) && db.trips == 1;
	if (good && count > 0) {
		proof[0][0] ^= 1;
		good = !consistent(m, n, older.root, tree.root, proof, count);
	}
	gv_tileset_free(ts);
	return good;
}

static void
test_consistency(const struct log *l)
{
	size_t bad = 0, tried = 0;

	for (uint64_t n = 1; n <= 40; n++) {
		for (uint64_t m = 1; m <= n; m++, tried++)
			bad += !one_consistency(l, m, n);
	}
	ok(bad == 0, "every older tree of up to 40 records: %zu of %zu fail", bad, tried);
	for (size_t i = 0; i < GV_ARRAY_LEN(sizes); i++) {
		for (size_t k = bad = 0; k <= i; k++)
			bad += !one_consistency(l, sizes[k], sizes[i]);
		ok(bad == 0, "older trees of %" PRIu64 " records: %zu fail", sizes[i], bad);
	}
}

/* Nothing overflows in a tree near 2^63, which nothing serves. */
static void
test_huge(const struct log *l)
{
	static const uint64_t ids[] = { 0, 1, (uint64_t)1 << 62, INT64_MAX - 1 };

	for (size_t i = 0; i < GV_ARRAY_LEN(ids); i++) {
		struct db db = { .log = l };
		struct gv_sumdb_io io = { .arg = &db, .get = get };
		struct gv_err err = GV_ERR_INIT;
		struct gv_tree tree = { .n = INT64_MAX };
		struct gv_tileset *ts = gv_tileset_new(&io, &tree);
		log_hash out;

		gv_tileset_want_leaf(ts, ids[i]);
		gv_tileset_want_tree(ts, ids[i] + 1);
		gv_tileset_load(ts);
		ok(gv_tileset_node(ts, 0, ids[i], out, &err) == -1 && gv_tree_hash(ts, ids[i] + 1, out, &err) == -1,
		   "record %" PRIu64 " of 2^63 - 1: %s", ids[i], err.msg);
		gv_tileset_free(ts);
	}
}

int
main(void)
{
	struct log l = { 0 };

	for (unsigned i = 0; i < 66321; i++) {
		char leaf[24];

		log_add(&l, leaf, (size_t)snprintf(leaf, sizeof(leaf), "leaf %u", i));
	}
	test_roots(&l);
	test_leaves(&l);
	test_lies(&l);
	test_missing(&l);
	test_cache(&l);
	test_consistency(&l);
	test_huge(&l);
	log_free(&l);
	return tap_done();
}
