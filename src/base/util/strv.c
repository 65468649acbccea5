/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/strv.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

void
gv_strv_release(struct gv_strv *sv)
{
	for (size_t i = 0; i < sv->n; i++)
		free(sv->v[i]);
	free(sv->v);
	memset(sv, 0, sizeof(*sv));
}

void
gv_strv_take(struct gv_strv *sv, char *s)
{
	if (sv->n + 2 > sv->cap) {
		sv->cap = sv->cap == 0 ? 8 : sv->cap * 2;
		sv->v = gv_xreallocarray(sv->v, sv->cap, sizeof(char *));
	}
	sv->v[sv->n++] = s;
	sv->v[sv->n] = NULL;
}

void
gv_strv_add(struct gv_strv *sv, const char *s)
{
	gv_strv_take(sv, gv_xstrdup(s));
}

void
gv_strv_addn(struct gv_strv *sv, const char *s, size_t len)
{
	gv_strv_take(sv, gv_xstrndup(s, len));
}

bool
gv_strv_has(const struct gv_strv *sv, const char *s)
{
	for (size_t i = 0; i < sv->n; i++)
		if (strcmp(sv->v[i], s) == 0)
			return true;
	return false;
}

/* Insertion sort is enough: the lists are short or almost sorted. */
void
gv_strv_sort(struct gv_strv *sv, int (*cmp)(const char *, const char *))
{
	for (size_t i = 1; i < sv->n; i++) {
		char *s = sv->v[i];
		size_t k = i;

		for (; k > 0 && cmp(sv->v[k - 1], s) > 0; k--)
			sv->v[k] = sv->v[k - 1];
		sv->v[k] = s;
	}
}
