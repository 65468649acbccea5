/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_STR_H
#define GV_UTIL_STR_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * A growable string with a declared ceiling. Overflow is sticky: appends after it do nothing,
 * and gv_str_finish() reports it once.
 *
 *	gv_autostr struct gv_str url = GV_STR_INIT(2048);
 *
 *	gv_str_addf(&url, "%s/%s", base, name);
 *	return gv_str_finish(&url, err);
 */
struct gv_str {
	char *buf;  /* NUL-terminated once anything was added */
	size_t len; /* bytes, without the NUL */
	size_t cap;
	size_t max; /* ceiling of len, bytes */
	bool over;
};

/* clang-format off */
#define GV_STR_INIT(max_bytes) { .max = (max_bytes) }
/* clang-format on */
#define gv_autostr __attribute__((cleanup(gv_str_free)))

void gv_str_free(struct gv_str *s);
void gv_str_add(struct gv_str *s, const char *text);
void gv_str_addn(struct gv_str *s, const void *data, size_t len);
void gv_str_addc(struct gv_str *s, char c);
void gv_str_addf(struct gv_str *s, const char *fmt, ...) GV_PRINTF(2, 3);
void gv_str_clear(struct gv_str *s);

/* The text so far, never NULL; borrowed until the next call. */
const char *gv_str_text(const struct gv_str *s);

/* Hand over the buffer (caller frees), or NULL and GV_ETOOBIG when anything was cut. */
char *gv_str_finish(struct gv_str *s, struct gv_err *err) GV_MUST_CHECK;

#endif
