/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "tests/tap.h"
#include "util/auto.h"

static const char doc[] =
    "{\"a\": [{\"s\": \"x\", \"n\": 7, \"t\": true, \"z\": null}, \"str\", 4], \"o\": {\"p\": {}},"
    " \"big\": 9007199254740993}";

static bool
failed_at(int rc, const struct gv_err *err, const char *msg)
{
	if (rc == -1 && err->code == GV_EFORMAT && strcmp(err->msg, msg) == 0)
		return true;
	printf("# rc %d: %s\n", rc, err->msg);
	return false;
}

static void
test_readers(const struct gv_json *root)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_json a, first, o, p, none = { 0 };
	const char *s = "before";
	int64_t n = -5;
	bool t = false;

	ok(gv_json_want_object(root, &err) == 0 && gv_json_array(root, "a", &a, &err) == 0 && gv_json_len(&a) == 3,
	   "an array");
	ok(gv_json_at(&a, 0, &first, &err) == 0 && gv_json_str(&first, "s", &s, &err) == 0 && strcmp(s, "x") == 0,
	   "a string");
	ok(gv_json_int(&first, "n", &n, &err) == 0 && n == 7, "a number");
	ok(gv_json_bool(&first, "t", &t, &err) == 0 && t, "a boolean");
	ok(gv_json_str_at(&a, 1, &s, &err) == 0 && strcmp(s, "str") == 0, "a string in an array");
	ok(gv_json_object(root, "o", &o, &err) == 0 && gv_json_object(&o, "p", &p, &err) == 0, "objects in objects");
	ok(gv_json_int(root, "big", &n, &err) == 0 && n == 9007199254740993, "a number that a double cannot hold");
	ok(gv_json_has(&first, "s") && !gv_json_has(&first, "z") && !gv_json_has(&first, "q"),
	   "null and absent are the same");
	n = -5;
	s = "before";
	ok(gv_json_str_opt(&first, "z", &s, &err) == 0 && gv_json_int_opt(&first, "q", &n, &err) == 0 && n == -5 &&
	       strcmp(s, "before") == 0,
	   "an optional member leaves its default");

	ok(failed_at(gv_json_str(&first, "n", &s, &err), &err, "$.a[0].n: want a string"), "not a string");
	ok(failed_at(gv_json_str(&first, "q", &s, &err), &err, "$.a[0].q: want a string"), "absent");
	ok(failed_at(gv_json_str_opt(&first, "n", &s, &err), &err, "$.a[0].n: want a string"),
	   "optional, but not a string");
	ok(failed_at(gv_json_int(&first, "s", &n, &err), &err, "$.a[0].s: want a whole number"), "not a number");
	ok(failed_at(gv_json_bool(&first, "n", &t, &err), &err, "$.a[0].n: want true or false"), "not a boolean");
	ok(failed_at(gv_json_at(&a, 1, &none, &err), &err, "$.a[1]: want an object"), "not an object");
	ok(failed_at(gv_json_str_at(&a, 2, &s, &err), &err, "$.a[2]: want a string"), "not a string in an array");
	ok(failed_at(gv_json_array(&o, "p", &none, &err), &err, "$.o.p: want an array"), "not an array");
	ok(failed_at(gv_json_object(&first, "s", &none, &err), &err, "$.a[0].s: want an object"), "not an object");
	ok(failed_at(gv_json_want_array(root, &err), &err, "$: want an array"), "the root is not an array");
	ok(failed_at(gv_json_fail(&p, "q", &err, "too odd"), &err, "$.o.p.q: too odd"), "the caller's own failure");
	ok(gv_json_len(&o) == 0, "an object has no elements");
}

int
main(void)
{
	static const char *const bad[] = { "", "{", "[1,]", "{} {}", "\"a\\u0000b\"", "\xff", "nul" };
	gv_autojson struct gv_json root = { 0 };
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_json_parse(&root, doc, sizeof(doc) - 1, &err) == 0, "a document: %s", err.msg);
	test_readers(&root);
	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++) {
		gv_autojson struct gv_json no = { 0 };

		ok(gv_json_parse(&no, bad[i], strlen(bad[i]), &err) == -1 && err.code == GV_EFORMAT,
		   "bad document %zu is refused", i);
	}
	return tap_done();
}
