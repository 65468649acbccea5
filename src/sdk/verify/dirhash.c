/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/dirhash.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"

struct line {
	char *name;
	uint8_t sha256[GV_SHA256_LEN];
};

struct gv_dirhash {
	struct line *lines;
	size_t n, cap;
};

struct gv_dirhash *
gv_dirhash_new(void)
{
	return gv_xcalloc(1, sizeof(struct gv_dirhash));
}

void
gv_dirhash_free(struct gv_dirhash *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->n; i++)
		free(d->lines[i].name);
	free(d->lines);
	free(d);
}

void
gv_dirhash_add(struct gv_dirhash *d, const char *name, const uint8_t sha256[GV_SHA256_LEN])
{
	struct line *l;

	if (d->n == d->cap) {
		d->cap = d->cap > 0 ? 2 * d->cap : 1024;
		d->lines = gv_xreallocarray(d->lines, d->cap, sizeof(*d->lines));
	}
	l = &d->lines[d->n++];
	l->name = gv_xstrdup(name);
	memcpy(l->sha256, sha256, GV_SHA256_LEN);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->name, ((const struct line *)b)->name);
}

int
gv_dirhash_finish(struct gv_dirhash *d, char out[GV_H1_MAX], struct gv_err *err)
{
	uint8_t sum[GV_SHA256_LEN];
	char hex[GV_SHA256_HEX];
	struct gv_sha256 *all;

	if (d->n > 1)
		qsort(d->lines, d->n, sizeof(*d->lines), by_name);
	for (size_t i = 0; i < d->n; i++) {
		const char *name = d->lines[i].name;

		if (strchr(name, '\n') != NULL)
			return gv_err_set(err, GV_EPROOF, "the file name '%s' holds a newline", name);
		/* If one name had two contents, nobody could say which of them was proven. */
		if (i > 0 && strcmp(name, d->lines[i - 1].name) == 0)
			return gv_err_set(err, GV_EPROOF, "the name '%s' occurs twice", name);
	}
	all = gv_sha256_new();
	for (size_t i = 0; i < d->n; i++) {
		gv_hex(hex, d->lines[i].sha256, GV_SHA256_LEN);
		gv_sha256_update(all, hex, sizeof(hex) - 1);
		gv_sha256_update(all, "  ", 2);
		gv_sha256_update(all, d->lines[i].name, strlen(d->lines[i].name));
		gv_sha256_update(all, "\n", 1);
	}
	gv_sha256_final(all, sum);
	gv_sha256_free(all);
	memcpy(out, "h1:", 3);
	sodium_bin2base64(out + 3, GV_H1_MAX - 3, sum, sizeof(sum), sodium_base64_VARIANT_ORIGINAL);
	return 0;
}

/* Go's distpack leaves these top folders out of the module. A plain file of that name is left out too. */
static bool
outside_module(const char *path)
{
	static const char *const dropped[] = { ".github", "api", "doc", "misc", "test" };
	size_t len = strcspn(path, "/");

	for (size_t i = 0; i < GV_ARRAY_LEN(dropped); i++) {
		if (strlen(dropped[i]) == len && strncmp(path, dropped[i], len) == 0)
			return true;
	}
	return false;
}

char *
gv_dirhash_module_name(const char *prefix, const char *sdk_path)
{
	const char *slash = strrchr(sdk_path, '/');
	const char *base = slash != NULL ? slash + 1 : sdk_path;
	int dir_len = (int)(base - sdk_path);

	if (outside_module(sdk_path))
		return NULL;
	if (strcmp(base, "go.mod") == 0 || strcmp(base, "_go.mod") == 0)
		return gv_xasprintf("%s%.*s_%s", prefix, dir_len, sdk_path, base);
	return gv_xasprintf("%s%s", prefix, sdk_path);
}
