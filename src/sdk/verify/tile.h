/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_TILE_H
#define GV_VERIFY_TILE_H

#include <stdbool.h>
#include <stdint.h>

#include "verify/hash.h"

/*
 * Tiles of height 8: tile (L, n) holds the hashes 256 n ... 256 n + width - 1 of tree level 8 L. A full tile has 256;
 * a partial one is at the right edge of its tree and has 1 to 255.
 * Source: golang.org/x/mod/sumdb/tlog; paths as in proposal 25530.
 */
#define GV_TILE_HEIGHT 8
#define GV_TILE_WIDTH  256
#define GV_TILE_LEVELS 8 /* levels of tiles in a tree of less than 2^63 records */
#define GV_TILE_BYTES  (GV_TILE_WIDTH * GV_SHA256_LEN)
#define GV_TILE_PATH   64   /* more than the longest path needs */
#define GV_TILE_DATA   (-1) /* level of a tile of records, "tile/8/data/..." */

struct gv_tile {
	int level;
	uint64_t n;
	unsigned width; /* 1 to 256 */
};

/* Write the path of a tile, "tile/8/0/x112/911.p/237". */
void gv_tile_path(char out[GV_TILE_PATH], const struct gv_tile *t);

/* Accepts exactly the paths that gv_tile_path() makes, for levels up to 63 and n up to 2^63 - 1. */
bool gv_tile_parse(struct gv_tile *t, const char *path);

/* How many hashes tile (level, n) has in a tree of `size` records; 0 when there is no such tile. level: 0 to 7. */
unsigned gv_tile_width(uint64_t size, int level, uint64_t n);

/* The node that is `rise` (0 to 8) levels above the tile's hashes and covers them from i << rise on. */
void gv_tile_node(struct gv_sha256 *s, uint8_t out[GV_SHA256_LEN], const uint8_t *tile, unsigned rise, unsigned i);

#endif
