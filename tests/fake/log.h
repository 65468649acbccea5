/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_LOG_H
#define GV_TESTS_LOG_H

/*
 * A transparency log in memory, written the plain way: all complete nodes of all levels. For tests, as the counterpart
 * of the client, and for the static database that fakelog writes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "verify/tile.h"
#include "verify/tlog.h"

typedef uint8_t log_hash[GV_SHA256_LEN];

struct log {
	struct gv_sha256 *sha;
	log_hash *level[64];
	uint64_t n[64], cap[64];
};

static void __attribute__((unused)) log_add(struct log *l, const void *record, size_t len)
{
	log_hash h;

	if (l->sha == NULL)
		l->sha = gv_sha256_new();
	gv_tlog_leaf(l->sha, h, record, len);
	for (int k = 0;; k++) {
		if (l->n[k] == l->cap[k]) {
			l->cap[k] = 2 * l->cap[k] + 16;
			l->level[k] = gv_xreallocarray(l->level[k], l->cap[k], sizeof(log_hash));
		}
		memcpy(l->level[k][l->n[k]++], h, sizeof(h));
		if (l->n[k] % 2 != 0)
			return;
		gv_tlog_node(l->sha, h, l->level[k][l->n[k] - 2], l->level[k][l->n[k] - 1]);
	}
}

/* The root of the first n records, by the definition of RFC 6962, 2.1: split at the largest power of two below n. */
static void __attribute__((unused)) log_range(const struct log *l, uint64_t lo, uint64_t hi, log_hash out)
{
	uint64_t half = 1;
	log_hash left, right;
	int level = 0;

	if (hi == lo) {
		gv_sha256_of("", 0, out);
		return;
	}
	while (half * 2 < hi - lo)
		half *= 2;
	while ((uint64_t)1 << level < hi - lo)
		level++;
	if ((uint64_t)1 << level == hi - lo) {
		memcpy(out, l->level[level][lo >> level], sizeof(left));
		return;
	}
	log_range(l, lo, lo + half, left);
	log_range(l, lo + half, hi, right);
	gv_tlog_node(l->sha, out, left, right);
}

static void __attribute__((unused)) log_root(const struct log *l, uint64_t n, log_hash out)
{
	log_range(l, 0, n, out);
}

/* The bytes of a tile, borrowed, or NULL when the log has no such tile. */
static const uint8_t *__attribute__((unused)) log_tile(const struct log *l, const struct gv_tile *t)
{
	int level = t->level * GV_TILE_HEIGHT;

	if (t->level < 0 || level > 56 || t->n > (uint64_t)1 << 40 || t->n * GV_TILE_WIDTH + t->width > l->n[level])
		return NULL;
	return l->level[level][t->n * GV_TILE_WIDTH];
}

static void __attribute__((unused)) log_free(struct log *l)
{
	for (int k = 0; k < 64; k++)
		free(l->level[k]);
	gv_sha256_free(l->sha);
}

#endif
