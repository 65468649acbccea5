/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "resolve/files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as a .go-version and as a .tool-versions. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	gv_autostrv struct gv_strv all = GV_STRV_INIT;
	struct gv_err err = GV_ERR_INIT;
	struct gv_request r, again;
	unsigned line = 0;

	if (gv_go_version_parse(text, size, &r, &all, &line, &err) == 0) {
		if (line == 0 || all.n == 0 || strcmp(all.v[0], r.text) != 0)
			abort();
		for (size_t i = 0; i < all.n; i++)
			if (gv_request_parse(&again, all.v[i], GV_REQUEST_FILE, &err) < 0)
				abort();
	}
	if (gv_tool_versions_parse(text, size, &r, &line, &err) > 0 &&
	    (line == 0 || gv_request_parse(&again, r.text, GV_REQUEST_FILE, &err) < 0))
		abort();
	return 0;
}
