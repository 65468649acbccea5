/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "json/json.h"

#include <jansson.h>
#include <string.h>

#include "util/str.h"

#define PATH_MAX_BYTES ((size_t)300)

int
gv_json_parse(struct gv_json *root, const char *text, size_t len, struct gv_err *err)
{
	json_error_t e;
	json_t *value = json_loadb(text, len, JSON_DECODE_ANY, &e);

	if (value == NULL)
		return gv_err_set(err, GV_EFORMAT, "line %d, column %d: not JSON: %s", e.line, e.column, e.text);
	*root = (struct gv_json){ .value = value };
	return 0;
}

void
gv_json_release(struct gv_json *root)
{
	if (root->parent == NULL)
		json_decref(root->value);
	root->value = NULL;
}

static void
add_path(struct gv_str *s, const struct gv_json *j)
{
	if (j->parent == NULL) {
		gv_str_addc(s, '$');
		return;
	}
	add_path(s, j->parent);
	if (j->key != NULL)
		gv_str_addf(s, ".%s", j->key);
	else
		gv_str_addf(s, "[%zu]", j->index);
}

int
gv_json_fail(const struct gv_json *j, const char *key, struct gv_err *err, const char *what)
{
	gv_autostr struct gv_str path = GV_STR_INIT(PATH_MAX_BYTES);

	add_path(&path, j);
	if (key != NULL)
		gv_str_addf(&path, ".%s", key);
	return gv_err_set(err, GV_EFORMAT, "%s: %s", gv_str_text(&path), what);
}

bool
gv_json_has(const struct gv_json *j, const char *key)
{
	const json_t *v = json_object_get(j->value, key);

	return v != NULL && !json_is_null(v);
}

const char *
gv_json_next_key(const struct gv_json *j, const char *key)
{
	json_t *o = j->value;
	void *at = key == NULL ? json_object_iter(o) : json_object_iter_next(o, json_object_key_to_iter(key));

	return at != NULL ? json_object_iter_key(at) : NULL;
}

size_t
gv_json_len(const struct gv_json *j)
{
	return json_array_size(j->value);
}

int
gv_json_object(const struct gv_json *j, const char *key, struct gv_json *out, struct gv_err *err)
{
	json_t *v = json_object_get(j->value, key);

	if (!json_is_object(v))
		return gv_json_fail(j, key, err, "want an object");
	*out = (struct gv_json){ .value = v, .parent = j, .key = key };
	return 0;
}

int
gv_json_array(const struct gv_json *j, const char *key, struct gv_json *out, struct gv_err *err)
{
	json_t *v = json_object_get(j->value, key);

	if (!json_is_array(v))
		return gv_json_fail(j, key, err, "want an array");
	*out = (struct gv_json){ .value = v, .parent = j, .key = key };
	return 0;
}

int
gv_json_str(const struct gv_json *j, const char *key, const char **out, struct gv_err *err)
{
	const char *s = json_string_value(json_object_get(j->value, key));

	if (s == NULL)
		return gv_json_fail(j, key, err, "want a string");
	*out = s;
	return 0;
}

int
gv_json_int(const struct gv_json *j, const char *key, int64_t *out, struct gv_err *err)
{
	const json_t *v = json_object_get(j->value, key);

	if (!json_is_integer(v))
		return gv_json_fail(j, key, err, "want a whole number");
	*out = json_integer_value(v);
	return 0;
}

int
gv_json_bool(const struct gv_json *j, const char *key, bool *out, struct gv_err *err)
{
	const json_t *v = json_object_get(j->value, key);

	if (!json_is_boolean(v))
		return gv_json_fail(j, key, err, "want true or false");
	*out = json_is_true(v);
	return 0;
}

int
gv_json_str_opt(const struct gv_json *j, const char *key, const char **out, struct gv_err *err)
{
	return gv_json_has(j, key) ? gv_json_str(j, key, out, err) : 0;
}

int
gv_json_int_opt(const struct gv_json *j, const char *key, int64_t *out, struct gv_err *err)
{
	return gv_json_has(j, key) ? gv_json_int(j, key, out, err) : 0;
}

int
gv_json_num_opt(const struct gv_json *j, const char *key, double *out, struct gv_err *err)
{
	const json_t *v = json_object_get(j->value, key);

	if (!gv_json_has(j, key))
		return 0;
	if (!json_is_number(v))
		return gv_json_fail(j, key, err, "want a number");
	*out = json_number_value(v);
	return 0;
}

int
gv_json_at(const struct gv_json *j, size_t i, struct gv_json *out, struct gv_err *err)
{
	struct gv_json at = { .value = json_array_get(j->value, i), .parent = j, .index = i };

	if (!json_is_object((json_t *)at.value))
		return gv_json_fail(&at, NULL, err, "want an object");
	*out = at;
	return 0;
}

int
gv_json_str_at(const struct gv_json *j, size_t i, const char **out, struct gv_err *err)
{
	struct gv_json at = { .value = json_array_get(j->value, i), .parent = j, .index = i };
	const char *s = json_string_value(at.value);

	if (s == NULL)
		return gv_json_fail(&at, NULL, err, "want a string");
	*out = s;
	return 0;
}

int
gv_json_want_array(const struct gv_json *j, struct gv_err *err)
{
	return json_is_array((json_t *)j->value) ? 0 : gv_json_fail(j, NULL, err, "want an array");
}

int
gv_json_want_object(const struct gv_json *j, struct gv_err *err)
{
	return json_is_object((json_t *)j->value) ? 0 : gv_json_fail(j, NULL, err, "want an object");
}
