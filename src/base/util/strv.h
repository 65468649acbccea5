/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_STRV_H
#define GV_UTIL_STRV_H

#include <stdbool.h>
#include <stddef.h>

/* A vector that owns its strings. After the first string is added, v[n] is always NULL, as execv(3) needs it. */
struct gv_strv {
	char **v;
	size_t n;
	size_t cap;
};

/* clang-format off */
#define GV_STRV_INIT { 0 }
/* clang-format on */
#define gv_autostrv __attribute__((cleanup(gv_strv_release)))

/* Free the strings, but not `sv` itself, which is then empty and can be used again. */
void gv_strv_release(struct gv_strv *sv);
/* Append a copy of `s`, a copy of its first `len` bytes, or `s` itself, which the vector then owns. */
void gv_strv_add(struct gv_strv *sv, const char *s);
void gv_strv_addn(struct gv_strv *sv, const char *s, size_t len);
void gv_strv_take(struct gv_strv *sv, char *s);

/* Whether the vector contains `s`. */
bool gv_strv_has(const struct gv_strv *sv, const char *s);

/* Sort. Unlike for qsort(3), `cmp` gets the strings, not pointers to them. */
void gv_strv_sort(struct gv_strv *sv, int (*cmp)(const char *, const char *));

#endif
