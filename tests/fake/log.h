/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_LOG_H
#define GV_TESTS_LOG_H

/*
 * A transparency log in memory, in the simplest form: all complete nodes of all levels. Tests check the client against
 * it, so it uses none of the client's hashing.
 */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "verify/tile.h"

typedef uint8_t log_hash[GV_SHA256_LEN];

struct log {
	log_hash *level[64];
	uint64_t n[64], cap[64];
};

/* SHA-256 of the bytes 0 and record, or 1 and the two hashes below. */
static void
log_sha256(log_hash out, uint8_t kind, const void *a, size_t a_len, const void *b, size_t b_len)
{
	crypto_hash_sha256_state s;

	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, &kind, 1);
	crypto_hash_sha256_update(&s, a, a_len);
	crypto_hash_sha256_update(&s, b, b_len);
	crypto_hash_sha256_final(&s, out);
}

static void
log_node(log_hash out, const log_hash left, const log_hash right)
{
	log_sha256(out, 1, left, sizeof(log_hash), right, sizeof(log_hash));
}

static void __attribute__((unused)) log_add(struct log *l, const void *record, size_t len)
{
	log_hash h;

	log_sha256(h, 0, record, len, "", 0);
	for (int k = 0;; k++) {
		if (l->n[k] == l->cap[k]) {
			l->cap[k] = 2 * l->cap[k] + 16;
			l->level[k] = gv_xreallocarray(l->level[k], l->cap[k], sizeof(log_hash));
		}
		memcpy(l->level[k][l->n[k]++], h, sizeof(h));
		if (l->n[k] % 2 != 0)
			return;
		log_node(h, l->level[k][l->n[k] - 2], l->level[k][l->n[k] - 1]);
	}
}

/* The root of the first n records, by the definition of RFC 6962, 2.1: split at the largest power of two below n. */
static void __attribute__((unused)) log_range(const struct log *l, uint64_t lo, uint64_t hi, log_hash out)
{
	uint64_t half = 1;
	log_hash left, right;
	int level = 0;

	if (hi == lo) {
		crypto_hash_sha256(out, (const uint8_t *)"", 0);
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
	log_node(out, left, right);
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
}

#endif
