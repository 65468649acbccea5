/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "verify/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The path of a tile: an accepted path is written again unchanged. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gv_autofree char *text = gv_xstrndup((const char *)data, size);
	char again[GV_TILE_PATH];
	struct gv_tile t;

	if (!gv_tile_parse(&t, text))
		return 0;
	gv_tile_path(again, &t);
	if (strcmp(again, text) != 0 || strstr(text, "..") != NULL || t.width < 1 || t.width > GV_TILE_WIDTH)
		abort();
	return 0;
}
