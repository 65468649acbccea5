/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/tile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/tlog.h"
#include "verify/wire.h"
#include "util/text.h"

void
gv_tile_path(char out[GV_TILE_PATH], const struct gv_tile *t)
{
	char groups[40], level[12] = "data", partial[8] = "";
	size_t at = sizeof(groups) - 1;
	uint64_t n = t->n;

	groups[at] = '\0';
	/* From the last group of three digits to the first. All but the last get an x. */
	for (bool last = true; last || n > 0; last = false, n /= 1000) {
		char group[8];
		int len = snprintf(group, sizeof(group), last ? "%03u" : "x%03u/", (unsigned)(n % 1000));

		at -= (size_t)len;
		memcpy(groups + at, group, (size_t)len);
	}
	if (t->level != GV_TILE_DATA)
		snprintf(level, sizeof(level), "%d", t->level);
	if (t->width < GV_TILE_WIDTH)
		snprintf(partial, sizeof(partial), ".p/%u", t->width & 0xffu);
	gv_text_fit(out, GV_TILE_PATH, "tile/8/%s/%s%s", level, groups + at, partial);
}

bool
gv_tile_parse(struct gv_tile *t, const char *path)
{
	struct gv_tile tile = { .level = GV_TILE_DATA, .width = GV_TILE_WIDTH };
	uint64_t v = 0;
	const char *p = path, *slash, *dot;
	char again[GV_TILE_PATH];

	/* Parse loosely, then write the path again and compare: only one spelling is accepted. */
	if (strlen(path) >= sizeof(again) || strncmp(p, "tile/8/", 7) != 0 || (slash = strchr(p + 7, '/')) == NULL)
		return false;
	p += 7;
	if (strncmp(p, "data/", 5) != 0) {
		if (!gv_wire_decimal(&v, p, (size_t)(slash - p)) || v > 63)
			return false;
		tile.level = (int)v;
	}
	p = slash + 1;
	dot = strchr(p, '.');
	if (dot != NULL) {
		if (strncmp(dot, ".p/", 3) != 0 || !gv_wire_decimal(&v, dot + 3, strlen(dot + 3)) || v == 0 || v > 255)
			return false;
		tile.width = (unsigned)v;
	}
	for (const char *end = dot != NULL ? dot : path + strlen(path); p < end; p++) {
		unsigned digit = (unsigned char)*p - (unsigned)'0';

		if (*p == 'x' || *p == '/')
			continue;
		if (digit > 9 || tile.n > ((uint64_t)INT64_MAX - digit) / 10)
			return false;
		tile.n = tile.n * 10 + digit;
	}
	gv_tile_path(again, &tile);
	if (strcmp(again, path) != 0)
		return false;
	*t = tile;
	return true;
}

unsigned
gv_tile_width(uint64_t size, int level, uint64_t n)
{
	uint64_t hashes = size >> (GV_TILE_HEIGHT * level), tiles = hashes / GV_TILE_WIDTH;

	if (n < tiles)
		return GV_TILE_WIDTH;
	return n == tiles ? (unsigned)(hashes % GV_TILE_WIDTH) : 0;
}

void
gv_tile_node(struct gv_sha256 *s, uint8_t out[GV_SHA256_LEN], const uint8_t *tile, unsigned rise, unsigned i)
{
	uint8_t level[GV_TILE_BYTES];
	size_t n = (size_t)1 << rise;

	memcpy(level, tile + i * n * GV_SHA256_LEN, n * GV_SHA256_LEN);
	for (; n > 1; n /= 2) {
		for (size_t k = 0; k < n / 2; k++)
			gv_tlog_node(s, level + k * GV_SHA256_LEN, level + 2 * k * GV_SHA256_LEN,
				     level + (2 * k + 1) * GV_SHA256_LEN);
	}
	memcpy(out, level, GV_SHA256_LEN);
}
