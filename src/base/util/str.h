/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_STR_H
#define GV_UTIL_STR_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * A growable string with a maximum length. After an append that does not fit, further appends do nothing, and
 * gv_str_finish() reports the error. So a caller checks for it only once.
 *
 *	gv_autostr struct gv_str url = GV_STR_INIT(2048);
 *
 *	gv_str_addf(&url, "%s/%s", base, name);
 *	return gv_str_finish(&url, err);
 */
struct gv_str {
	char *buf;  /* NULL at first; NUL-terminated after the first append */
	size_t len; /* bytes, without the NUL */
	size_t cap;
	size_t max; /* maximum of len, bytes */
	bool over;  /* an append did not fit */
};

/* clang-format off */
#define GV_STR_INIT(max_bytes) { .max = (max_bytes) }
/* clang-format on */
#define gv_autostr __attribute__((cleanup(gv_str_release)))

/* Free the buffer, but not `s` itself. `max` and `over` stay. */
void gv_str_release(struct gv_str *s);
/* Append a copy. If it does not fit, append nothing and set `over`. */
void gv_str_add(struct gv_str *s, const char *text);
void gv_str_addn(struct gv_str *s, const void *data, size_t len);
void gv_str_addc(struct gv_str *s, char c);
void gv_str_addf(struct gv_str *s, const char *fmt, ...) GV_PRINTF(2, 3);
/* Make it empty, reset `over`, and keep the buffer. */
void gv_str_clear(struct gv_str *s);

/* The text so far, never NULL. `s` owns it; it is valid until the next call. */
const char *gv_str_text(const struct gv_str *s);

/* Return the text, which the caller frees. Errors: NULL and GV_ETOOBIG when an append did not fit. */
char *gv_str_finish(struct gv_str *s, struct gv_err *err) GV_MUST_CHECK;

#endif
