/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "archive/entry.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_name(struct gv_entry_set *set, const char *name, size_t len)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *copy = NULL;

	if (gv_entry_check_name(name, len, &err) < 0)
		return;
	copy = gv_xstrndup(name, len);
	if (strlen(copy) != len || len == 0 || copy[0] == '/' || strncmp(copy, "../", 3) == 0 ||
	    strcmp(copy, "..") == 0 || strstr(copy, "/../") != NULL || strchr(copy, '\\') != NULL ||
	    !gv_utf8_valid(copy, len))
		abort();
	if (gv_entry_set_add(set, copy, &err) == 0 && gv_entry_set_add(set, copy, &err) == 0)
		abort();
	(void)gv_entry_mode(copy);
}

/* One name a line, all in one set. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gv_entry_set *set = gv_entry_set_new();
	const char *p = (const char *)data, *end = p + size;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((nl != NULL ? nl : end) - p);

		check_name(set, p, len);
		p += len + 1;
	}
	gv_entry_set_free(set);
	return 0;
}
