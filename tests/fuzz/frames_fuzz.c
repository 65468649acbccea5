/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cell/frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says in pieces of which size the rest arrives. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gv_frames f = { 0 };
	struct gv_err err = GV_ERR_INIT;
	size_t piece = size > 0 && data[0] > 0 ? data[0] : 1, len;
	char *json;
	int rc = 0;

	for (size_t at = 1; at < size && rc >= 0; at += piece) {
		gv_frames_feed(&f, data + at, piece < size - at ? piece : size - at);
		while ((rc = gv_frames_next(&f, &json, &len, &err)) > 0) {
			if (len > GV_FRAME_MAX || strlen(json) > len)
				abort();
			free(json);
		}
	}
	gv_frames_release(&f);
	return 0;
}
