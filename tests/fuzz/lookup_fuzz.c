/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "verify/lookup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A lookup reply: a hash that is found must be in the record, not in the text after it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct gv_err err = GV_ERR_INIT;
	struct gv_lookup r;
	char h1[GV_H1_MAX];

	if (gv_lookup_parse(&r, bytes, size, &err) < 0)
		return 0;
	if (r.text < bytes || r.text_len == 0 || r.text[r.text_len - 1] != '\n' || r.note + r.note_len != bytes + size)
		abort();
	if (gv_lookup_h1(&r, "golang.org/toolchain", "v0.0.1-go1.22.3.linux-amd64", h1, &err) == 0 &&
	    (strlen(h1) != GV_H1_MAX - 1 || memmem(r.text, r.text_len, h1, strlen(h1)) == NULL))
		abort();
	return 0;
}
