/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "version/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
one(const char *v)
{
	gv_autofree char *lang = gv_xmalloc(strlen(v) + 3);
	char name[GV_VERSION_MAX];
	struct gv_err err = GV_ERR_INIT;

	gv_version_lang(lang, strlen(v) + 3, v);
	if (gv_version_valid(v) != (lang[0] != '\0') || gv_version_cmp(v, v) != 0)
		abort();
	if (gv_version_is_lang(v) && strcmp(lang, v) != 0)
		abort();
	if (gv_version_release_name(name, v, &err) == 0 && gv_version_cmp(name, v) != 0)
		abort();
}

/* Two versions, one a line: the order is antisymmetric and agrees with the rest. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gv_autofree char *a = gv_xstrndup((const char *)data, size);
	char *b = strchr(a, '\n');

	if (b != NULL)
		*b++ = '\0';
	else
		b = a + strlen(a);
	one(a);
	one(b);
	if (gv_version_cmp(a, b) != -gv_version_cmp(b, a))
		abort();
	if (gv_version_valid(a) && !gv_version_valid(b) && gv_version_cmp(a, b) != 1)
		abort();
	return 0;
}
