/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>

#include "docker/mux.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says in pieces of which size the rest arrives. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t step = size > 0 && data[0] > 0 ? data[0] : 1;
	struct gv_mux m = { 0 };
	int stream = 0;

	for (size_t at = 1; at < size && stream >= 0; at += step) {
		const char *p = (const char *)data + at, *piece;
		size_t left = step < size - at ? step : size - at, len;

		while ((stream = gv_mux_next(&m, &p, &left, &piece, &len)) > 0)
			if (stream > 3 || len == 0 || piece + len != p)
				abort();
	}
	return 0;
}
