/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "fetch/release.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_index ix;

	if (gv_index_parse(&ix, (const char *)data, size, &err) < 0) {
		if (err.code != GV_EFORMAT && err.code != GV_ETOOBIG)
			abort();
		return 0;
	}
	for (size_t i = 0; i < ix.n; i++) {
		const struct gv_index_file *f = &ix.files[i];

		/* Names become part of paths and URLs. */
		if (strchr(f->filename, '/') != NULL || strstr(f->filename, "..") != NULL || f->filename[0] != 'g' ||
		    f->size == 0)
			abort();
		if (gv_index_find(&ix, f->version, f->os, f->arch) == NULL)
			abort();
	}
	gv_index_release(&ix);
	return 0;
}
