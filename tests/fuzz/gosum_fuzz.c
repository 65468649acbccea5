/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "verify/gosum.h"
#include "verify/sumdb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* gover.sum, and the same bytes as the value of GOSUMDB. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gv_autofree char *text = gv_xstrndup((const char *)data, size);
	const char *bytes = (const char *)data;
	gv_autogosum struct gv_gosum g = { 0 };
	struct gv_err err = GV_ERR_INIT;
	struct gv_sumdb_key key;

	if (gv_gosum_parse(&g, "gover.sum", bytes, size, &err) == 0) {
		for (size_t i = 0; i < g.n; i++) {
			if (gv_gosum_find(&g, g.lines[i].module, g.lines[i].version) != &g.lines[i])
				abort();
		}
	}
	if (gv_sumdb_key_parse(&key, text, &err) == 0 && !key.off && (key.name[0] == '.' || key.url[0] == '\0'))
		abort();
	return 0;
}
