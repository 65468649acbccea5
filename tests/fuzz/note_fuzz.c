/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "verify/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A signed note, and the same bytes as a verifier key. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char known[] = "sumdb.gover.test+689be83c+AfuldnUtVfqsTozthTUTbb0LuNURB/ThhkaT2jiFa5TL";
	gv_autofree char *text = gv_xstrndup((const char *)data, size);
	const char *bytes = (const char *)data;
	struct gv_err err = GV_ERR_INIT;
	struct gv_note_key key, other;
	size_t text_len = 0;

	if (gv_note_key_parse(&key, known, &err) < 0)
		abort();
	if (gv_note_verify(bytes, size, &key, 1, &text_len, &err) == 0 &&
	    (text_len == 0 || text_len >= size || bytes[text_len - 1] != '\n' || bytes[text_len] != '\n'))
		abort();
	if (gv_note_key_parse(&other, text, &err) == 0 && other.name[0] == '\0')
		abort();
	return 0;
}
