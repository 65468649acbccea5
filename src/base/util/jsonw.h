/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_JSONW_H
#define GV_UTIL_JSONW_H

#include <stdbool.h>
#include <stdint.h>

#include "util/str.h"

/*
 * A small JSON writer for --json. `key` is the member's name in an object, and NULL in an array. Bytes that are not
 * UTF-8 become U+FFFD. The writer adds the commas; the caller closes every bracket that it opened.
 */
struct gv_jsonout {
	struct gv_str out;
	bool comma;
};

/* Begin, then add values. Strings are copied. End with take or print, which free the writer. */
void gv_jsonout_begin(struct gv_jsonout *j);
void gv_jsonout_open(struct gv_jsonout *j, const char *key, char bracket);     /* '{' or '[' */
void gv_jsonout_close(struct gv_jsonout *j, char bracket);                     /* '}' or ']' */
void gv_jsonout_str(struct gv_jsonout *j, const char *key, const char *value); /* NULL value: null */
void gv_jsonout_int(struct gv_jsonout *j, const char *key, int64_t value);
void gv_jsonout_bool(struct gv_jsonout *j, const char *key, bool value);
/* Append the text and a newline to `out`, and free the writer. */
void gv_jsonout_take(struct gv_jsonout *j, struct gv_str *out);
/* Print the text and a newline to stdout, and free the writer. */
void gv_jsonout_print(struct gv_jsonout *j);

#endif
