/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "version/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A request: the command line accepts all that a file may say, and reading the result again changes nothing. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const list[] = { "1.20",    "1.20.14", "1.21rc2", "1.21.0", "1.22.3",
					    "1.22.12", "1.23rc1", "2.0.0",   "x" };
	gv_autofree char *text = gv_xstrndup((const char *)data, size);
	gv_autostrv struct gv_strv candidates = GV_STRV_INIT;
	struct gv_err err = GV_ERR_INIT;
	struct gv_request any, file, again;
	const char *best;

	if (gv_request_parse(&any, text, GV_REQUEST_ANY, &err) < 0) {
		if (gv_request_parse(&file, text, GV_REQUEST_FILE, &err) == 0)
			abort();
		return 0;
	}
	if (gv_request_parse(&again, any.text, GV_REQUEST_ANY, &err) < 0 || again.kind != any.kind ||
	    strcmp(again.text, any.text) != 0 || strcmp(again.version, any.version) != 0)
		abort();
	if (gv_request_parse(&file, text, GV_REQUEST_FILE, &err) == 0 &&
	    (file.kind != any.kind || file.kind == GV_REQUEST_RANGE || strpbrk(file.text, " /\t\n\x1b") != NULL))
		abort();
	for (size_t i = 0; i < GV_ARRAY_LEN(list); i++)
		gv_strv_add(&candidates, list[i]);
	best = gv_request_select(&any, &candidates);
	if (best != NULL && any.kind == GV_REQUEST_EXACT && gv_version_cmp(best, any.version) != 0)
		abort();
	if (best != NULL && gv_version_is_prerelease(best) && any.kind != GV_REQUEST_EXACT &&
	    any.kind != GV_REQUEST_RANGE)
		abort();
	return 0;
}
