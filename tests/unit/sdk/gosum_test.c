/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "verify/gosum.h"

#define H1 "h1:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM="
#define H2 "h1:zN01Foq0dPpXZKUmz7g2ITUeI2gsUHWy4Y1Wvd+WqjA="

static const struct {
	const char *what, *text;
	int lines;      /* -1: refused */
	const char *at; /* the start of the message */
} cases[] = {
	{ "an empty file", "", 0, NULL },
	{ "one line", "a.b/c v1.0.0 " H1 "\n", 1, NULL },
	{ "no newline at the end", "a.b/c v1.0.0 " H1, 1, NULL },
	{ "blank lines, CRLF, tabs", "\n  \na.b/c\tv1.0.0  " H1 " \r\n\r\n", 1, NULL },
	{ "two versions", "a.b/c v1.0.0 " H1 "\na.b/c v1.0.1 " H2 "\n", 2, NULL },
	{ "module and go.mod", "a.b/c v1.0.0 " H1 "\na.b/c v1.0.0/go.mod " H2 "\n", 2, NULL },
	{ "the same line twice", "a.b/c v1.0.0 " H1 "\na.b/c v1.0.0 " H1 "\n", 1, NULL },
	{ "two hashes for one", "a.b/c v1.0.0 " H1 "\n\na.b/c v1.0.0 " H2 "\n", -1, "f:3: " },
	{ "two fields", "a.b/c v1.0.0 " H1 "\na.b/c v1.0.0\n", -1, "f:2: " },
	{ "four fields", "a.b/c v1.0.0 " H1 " x\n", -1, "f:1: " },
	{ "a comment", "# comment\n", -1, "f:1: " },
	{ "another kind of hash", "\na.b/c v1.0.0 h2:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM=\n", -1, "f:2: " },
	{ "a cut hash", "a.b/c v1.0.0 h1:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM\n", -1, "f:1: " },
	{ "conflict markers", "<<<<<<< HEAD\n", -1, "f:1: " },
	{ "control bytes", "a.b/c v1.0.0\x1b " H1 "\n", -1, "f:1: " },
	{ "bytes that are not UTF-8", "a.b/\xff v1.0.0 " H1 "\n", -1, "f:1: " },
};

static void
test_parse(void)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autogosum struct gv_gosum g = { 0 };
		struct gv_err err = GV_ERR_INIT;
		int rc = gv_gosum_parse(&g, "f", cases[i].text, strlen(cases[i].text), &err);

		if (cases[i].lines >= 0)
			ok(rc == 0 && g.n == (size_t)cases[i].lines, "%s: %zu lines", cases[i].what, g.n);
		else
			ok(rc == -1 && err.code == GV_EFORMAT && g.n == 0 &&
			       strncmp(err.msg, cases[i].at, strlen(cases[i].at)) == 0,
			   "%s: %s", cases[i].what, err.msg);
	}
}

static void
test_find(void)
{
	static const char text[] = "a.b/c v1.0.0 " H1 "\na.b/c v1.0.0/go.mod " H2 "\nx.y/z v1.0.0 " H2 "\n";
	gv_autogosum struct gv_gosum g = { 0 };
	struct gv_err err = GV_ERR_INIT;
	const struct gv_gosum_line *l;

	ok(gv_gosum_parse(&g, "f", text, strlen(text), &err) == 0, "three lines");
	l = gv_gosum_find(&g, "a.b/c", "v1.0.0");
	ok(l != NULL && strcmp(l->h1, H1) == 0 && l->line == 1, "found");
	l = gv_gosum_find(&g, "x.y/z", "v1.0.0");
	ok(l != NULL && strcmp(l->h1, H2) == 0 && l->line == 3, "found by module too");
	ok(gv_gosum_find(&g, "a.b/c", "v1.0") == NULL && gv_gosum_find(&g, "a.b", "v1.0.0") == NULL &&
	       gv_gosum_find(&g, "a.b/c", "v1.0.00") == NULL,
	   "a part of a name finds nothing");
}

static void
test_load(void)
{
	gv_autogosum struct gv_gosum g = { 0 };
	struct gv_err err = GV_ERR_INIT;

	ok(gv_gosum_load(&g, "/nonexistent/gover.sum", &err) == -1 && err.code == GV_EIO && err.sys == ENOENT,
	   "a missing file has its own error: %s", err.msg);
}

int
main(void)
{
	test_parse();
	test_find();
	test_load();
	return tap_done();
}
