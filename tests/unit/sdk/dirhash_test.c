/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "util/auto.h"
#include "verify/dirhash.h"

struct file {
	const char *name, *data;
};

static int
h1_of(const struct file *files, size_t n, char out[GV_H1_MAX], struct gv_err *err)
{
	struct gv_dirhash *d = gv_dirhash_new();
	int rc;

	for (size_t i = 0; i < n; i++) {
		uint8_t sum[GV_SHA256_LEN];

		gv_sha256_of(files[i].data, strlen(files[i].data), sum);
		gv_dirhash_add(d, files[i].name, sum);
	}
	rc = gv_dirhash_finish(d, out, err);
	gv_dirhash_free(d);
	return rc;
}

/* Known answers of golang.org/x/mod/sumdb/dirhash. */
static void
test_known(void)
{
	static const struct {
		const char *what, *h1;
		struct file files[2];
		size_t n;
	} cases[] = {
		{ "two files",
		  "h1:EP6WfDoQTSk9klnxcjriWJOGztueJUywHNmWeq+efB8=",
		  { { "abc", "data for abc" }, { "xyz", "data for xyz" } },
		  2 },
		{ "two files, given in the other order",
		  "h1:EP6WfDoQTSk9klnxcjriWJOGztueJUywHNmWeq+efB8=",
		  { { "xyz", "data for xyz" }, { "abc", "data for abc" } },
		  2 },
		{ "two files with a prefix",
		  "h1:rLyfpGMAgqOnGE2aKOY5Xb6cOc0/YQhPjHBHBwkblhs=",
		  { { "prefix/abc", "data for abc" }, { "prefix/xyz", "data for xyz" } },
		  2 },
		{ "the go.mod of every toolchain module",
		  "h1:8wlg68NqwW7eMnI1aABk/C2pDYXj8mrMY4TyRfiLeS0=",
		  { { "go.mod", "module golang.org/toolchain\n" } },
		  1 },
		{ "no file at all", "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", { { NULL, NULL } }, 0 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = GV_ERR_INIT;
		char h1[GV_H1_MAX] = "";

		ok(h1_of(cases[i].files, cases[i].n, h1, &err) == 0 && strcmp(h1, cases[i].h1) == 0, "h1 of %s: %s",
		   cases[i].what, h1);
	}
}

static void
test_order(void)
{
	/* Names sort as bytes, not by locale: '-' before '/', and bytes above 127 last. */
	static const struct file sorted[] = { { "a-b", "1" }, { "a/b", "2" }, { "z", "3" }, { "\xc3\x9e", "4" } };
	struct file turned[GV_ARRAY_LEN(sorted)];
	struct gv_err err = GV_ERR_INIT;
	char a[GV_H1_MAX] = "", b[GV_H1_MAX] = "";

	for (size_t i = 0; i < GV_ARRAY_LEN(sorted); i++)
		turned[i] = sorted[GV_ARRAY_LEN(sorted) - 1 - i];
	ok(h1_of(sorted, GV_ARRAY_LEN(sorted), a, &err) == 0 && h1_of(turned, GV_ARRAY_LEN(turned), b, &err) == 0 &&
	       strcmp(a, b) == 0,
	   "the order of adding does not matter");
	ok(strcmp(a, "h1:3j6JVUbQ7c73C+z59oJZTnoRsYIbDyviZMR+5wf2YOs=") == 0, "names sort as bytes: %s", a);
}

static void
test_refused(void)
{
	static const struct file newline[] = { { "a\nb", "" } };
	static const struct file twice[] = { { "bin/go", "one" }, { "x", "" }, { "bin/go", "two" } };
	struct gv_err err = GV_ERR_INIT;
	char h1[GV_H1_MAX] = "as it was";

	ok(h1_of(newline, 1, h1, &err) == -1 && err.code == GV_EPROOF, "a newline in a name is refused: %s", err.msg);
	gv_err_clear(&err);
	ok(h1_of(twice, 3, h1, &err) == -1 && err.code == GV_EPROOF, "a name given twice is refused: %s", err.msg);
	ok(strcmp(h1, "as it was") == 0, "a refusal leaves the output alone");
}

static void
test_module_name(void)
{
	static const struct {
		const char *sdk, *module; /* NULL: not in the module */
	} cases[] = {
		{ "VERSION", "p/VERSION" },
		{ "go.mod", "p/_go.mod" },
		{ "src/go.mod", "p/src/_go.mod" },
		{ "src/cmd/go.mod", "p/src/cmd/_go.mod" },
		{ "src/xgo.mod", "p/src/xgo.mod" },
		{ "src/go.mod.txt", "p/src/go.mod.txt" },
		{ "src/go.mod/file", "p/src/go.mod/file" },
		{ "src/_go.mod", "p/src/__go.mod" },
		{ "src/go.sum", "p/src/go.sum" },
		{ "api/go1.txt", NULL },
		{ "doc/a/go.mod", NULL },
		{ "misc/x", NULL },
		{ "test/fixedbugs/a.go", NULL },
		{ ".github/x", NULL },
		{ "test", NULL },
		{ "tests/x", "p/tests/x" },
		{ "tes/x", "p/tes/x" },
		{ "src/test/x", "p/src/test/x" },
		{ "src/api", "p/src/api" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autofree char *got = gv_dirhash_module_name("p/", cases[i].sdk);

		ok(cases[i].module == NULL ? got == NULL : got != NULL && strcmp(got, cases[i].module) == 0,
		   "'%s' is %s", cases[i].sdk, got != NULL ? got : "not in the module");
	}
}

int
main(void)
{
	test_known();
	test_order();
	test_refused();
	test_module_name();
	return tap_done();
}
