/* SPDX-License-Identifier: MIT */
#ifndef GV_JSON_JSON_H
#define GV_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

/*
 * Typed readers over jansson. A struct gv_json is a place in a document. It lives on the caller's stack, points to its
 * parent and borrows from the document. Every error is GV_EFORMAT and names the place, as in
 * "$.files[0].sha256: want a string".
 *
 *	gv_autojson struct gv_json root = { 0 };
 *	struct gv_json files, f;
 *
 *	if (gv_json_parse(&root, text, len, err) < 0 || gv_json_array(&root, "files", &files, err) < 0)
 *		return -1;
 *	for (size_t i = 0; i < gv_json_len(&files); i++) {
 *		if (gv_json_at(&files, i, &f, err) < 0 || gv_json_str(&f, "sha256", &sha256, err) < 0)
 *			return -1;
 *	}
 */
struct gv_json {
	void *value;
	const struct gv_json *parent; /* NULL: the root, which owns the document */
	const char *key;              /* member of an object ... */
	size_t index;                 /* ... or, when NULL, of an array */
};

#define gv_autojson __attribute__((cleanup(gv_json_release)))

/* `text` must be exactly one JSON text, without NUL in its strings. Errors name the line. */
int gv_json_parse(struct gv_json *root, const char *text, size_t len, struct gv_err *err) GV_MUST_CHECK;
/* Call it on the root only. Nothing borrowed from the document is valid afterwards. */
void gv_json_release(struct gv_json *root);

/* True when `j` is an object with this member, and the member is not null. */
bool gv_json_has(const struct gv_json *j, const char *key);
/* The key after `key` in an object; NULL asks for the first. NULL at the end or for another type. Borrowed. */
const char *gv_json_next_key(const struct gv_json *j, const char *key);
/* How many elements an array has; 0 when `j` is not an array. */
size_t gv_json_len(const struct gv_json *j);

/* Read a member of an object. It must be there and have this type. */
int gv_json_object(const struct gv_json *j, const char *key, struct gv_json *out, struct gv_err *err) GV_MUST_CHECK;
int gv_json_array(const struct gv_json *j, const char *key, struct gv_json *out, struct gv_err *err) GV_MUST_CHECK;
int gv_json_str(const struct gv_json *j, const char *key, const char **out, struct gv_err *err) GV_MUST_CHECK;
int gv_json_int(const struct gv_json *j, const char *key, int64_t *out, struct gv_err *err) GV_MUST_CHECK;
int gv_json_bool(const struct gv_json *j, const char *key, bool *out, struct gv_err *err) GV_MUST_CHECK;

/* The same, but when the member is absent or null, *out stays as it is. */
int gv_json_str_opt(const struct gv_json *j, const char *key, const char **out, struct gv_err *err) GV_MUST_CHECK;
int gv_json_int_opt(const struct gv_json *j, const char *key, int64_t *out, struct gv_err *err) GV_MUST_CHECK;
int gv_json_num_opt(const struct gv_json *j, const char *key, double *out, struct gv_err *err) GV_MUST_CHECK;

/* Elements of an array, each an object or a string. `i` is below gv_json_len(). */
int gv_json_at(const struct gv_json *j, size_t i, struct gv_json *out, struct gv_err *err) GV_MUST_CHECK;
int gv_json_str_at(const struct gv_json *j, size_t i, const char **out, struct gv_err *err) GV_MUST_CHECK;

/* Fail at this place, for a rule that the types do not cover. Returns -1. */
int gv_json_fail(const struct gv_json *j, const char *key, struct gv_err *err, const char *what);

/* Check that the root itself is an array, or an object. */
int gv_json_want_array(const struct gv_json *j, struct gv_err *err) GV_MUST_CHECK;
int gv_json_want_object(const struct gv_json *j, struct gv_err *err) GV_MUST_CHECK;

#endif
