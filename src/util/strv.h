/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_STRV_H
#define GV_UTIL_STRV_H

#include <stdbool.h>
#include <stddef.h>

/* A vector of owned strings; v[n] is always NULL once anything was added, as execv wants it. */
struct gv_strv {
	char **v;
	size_t n;
	size_t cap;
};

/* clang-format off */
#define GV_STRV_INIT { 0 }
/* clang-format on */
#define gv_autostrv __attribute__((cleanup(gv_strv_free)))

void gv_strv_free(struct gv_strv *sv);
void gv_strv_add(struct gv_strv *sv, const char *s);              /* copies */
void gv_strv_addn(struct gv_strv *sv, const char *s, size_t len); /* copies */
void gv_strv_take(struct gv_strv *sv, char *s);                   /* takes ownership */

bool gv_strv_has(const struct gv_strv *sv, const char *s);

/* Sort; `cmp` compares the strings themselves. */
void gv_strv_sort(struct gv_strv *sv, int (*cmp)(const char *, const char *));

#endif
