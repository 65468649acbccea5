/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_JSONOUT_H
#define GV_UI_JSONOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "util/str.h"

/*
 * A small JSON writer for --json. Keys in objects, NULL key in arrays. Bytes that are not UTF-8 become
 * U+FFFD. Commas and nesting are kept by the writer; the result always parses.
 */
struct gv_jsonout {
	struct gv_str out;
	bool comma;
};

void gv_jsonout_begin(struct gv_jsonout *j);
void gv_jsonout_open(struct gv_jsonout *j, const char *key, char bracket); /* '{' or '[' */
void gv_jsonout_close(struct gv_jsonout *j, char bracket);                 /* '}' or ']' */
void gv_jsonout_str(struct gv_jsonout *j, const char *key, const char *value); /* NULL value: null */
void gv_jsonout_int(struct gv_jsonout *j, const char *key, int64_t value);
void gv_jsonout_bool(struct gv_jsonout *j, const char *key, bool value);
/* Append to `out` with a newline and free. */
void gv_jsonout_take(struct gv_jsonout *j, struct gv_str *out);
/* Print to stdout with a newline and free. */
void gv_jsonout_print(struct gv_jsonout *j);

#endif
