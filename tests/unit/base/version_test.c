/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "version/version.h"

#include <string.h>

#include "tests/tap.h"
#include "tests/unit/vectors.h"
#include "util/auto.h"

static char printable[256];

/* A value from a vector file, with its control bytes escaped so that it fits on one TAP line. */
static const char *
show(const char *s)
{
	size_t n = 0;

	for (; *s != '\0' && n + 5 < sizeof(printable); s++)
		n += (size_t)snprintf(printable + n, sizeof(printable) - n, *s < 0x20 || *s == 0x7f ? "\\x%02x" : "%c",
				      (unsigned char)*s);
	printable[n] = '\0';
	return printable;
}

static void
compare_file(void)
{
	size_t len;
	gv_autofree char *text = vectors_read("tests/data/version/compare.tsv", &len);
	gv_autostrv struct gv_strv rows = vectors_lines(text);
	char *c[3] = { NULL };

	for (size_t i = 0; i < rows.n; i++) {
		int want;

		if (!ok(vectors_columns(rows.v[i], c, 3) == 3, "compare.tsv:%zu has three columns", i + 1))
			continue;
		want = (int)strtol(c[2], NULL, 10);
		ok(gv_version_cmp(c[0], c[1]) == want, "'%s' against '%s' is %d", c[0], c[1], want);
		ok(gv_version_cmp(c[1], c[0]) == -want, "'%s' against '%s' is %d", c[1], c[0], -want);
	}
}

static void
valid_file(void)
{
	size_t len;
	gv_autofree char *text = vectors_read("tests/data/version/valid.tsv", &len);
	gv_autostrv struct gv_strv rows = vectors_lines(text);
	char *c[2] = { NULL };

	for (size_t i = 0; i < rows.n; i++) {
		bool want, got;

		if (!ok(vectors_columns(rows.v[i], c, 2) == 2, "valid.tsv:%zu has two columns", i + 1))
			continue;
		want = strcmp(c[1], "yes") == 0;
		len = vectors_unescape(c[0]);
		got = strlen(c[0]) == len && gv_version_valid(c[0]);
		ok(got == want, "'%s' is %s", show(c[0]), want ? "valid" : "not valid");
	}
}

static void
lang_file(void)
{
	size_t len;
	gv_autofree char *text = vectors_read("tests/data/version/lang.tsv", &len);
	gv_autostrv struct gv_strv rows = vectors_lines(text);
	char *c[3] = { NULL }, lang[1024];

	for (size_t i = 0; i < rows.n; i++) {
		int n = vectors_columns(rows.v[i], c, 3);

		if (!ok(n >= 2, "lang.tsv:%zu has two columns", i + 1))
			continue;
		gv_version_lang(lang, sizeof(lang), c[0]);
		ok(strcmp(lang, c[1]) == 0, "language version of '%s' is '%s'", c[0], c[1]);
		if (n == 3)
			ok(gv_version_is_lang(c[0]) == (strcmp(c[2], "yes") == 0), "'%s' is a language version: %s",
			   c[0], c[2]);
	}
}

/* Cases that are not in the vector files. The expected values come from internal/gover of go1.26.8. */
static void
more(void)
{
	static const char *const valid[] = { "1",      "0",       "10",       "1.0",   "1.22",
					     "1.22.0", "1.22rc1", "1.22beta", "1.2e3", "2.5z0" };
	static const char *const bad[] = { "",
					   ".",
					   "1.",
					   ".1",
					   "1.22.",
					   "01",
					   "1.01",
					   "1.22.03",
					   "1.22rc01",
					   "1.21.3rc1",
					   "1.9.2rc2",
					   "1.22RC1",
					   "1.22-rc1",
					   "1.22.3.4",
					   "1.22 rc1",
					   "go",
					   "go1",
					   "1.22rc1.2",
					   "1.22rc1a",
					   "+1",
					   "1.22_",
					   "1.\xd9\xa2",
					   ("\xef\xbb\xbf"
					    "1.22"),
					   "1e5" };
	static const struct {
		const char *a, *b;
		int want;
	} order[] = {
		{ "", "", 0 },
		{ "", "1", -1 },
		{ "x", "y", 0 },
		{ "1.21.3rc1", "1", -1 },
		{ "0", "go1.22", 1 },
		{ "1.21", "1.21rc1", -1 },
		{ "1.20rc1", "1.20", -1 },
		{ "1.20", "1.20.0", 0 },
		{ "2", "2.0.0", 0 },
		{ "2.1", "2.1.0", 0 },
		{ "2.21", "2.21.0", -1 },
		{ "1.22alpha1", "1.22beta1", -1 },
	};
	static const struct {
		const char *v, *lang;
		bool is;
	} lang[] = {
		{ "1.21", "1.21", true },     { "1.20", "1.20", false }, { "1.21.0", "1.21", false },
		{ "1", "1", false },          { "1.0.0", "1", false },   { "2.21", "2.21", true },
		{ "1.22rc1", "1.22", false }, { "banana", "", false },   { "1.100", "1.100", true },
	};
	char out[16];

	for (size_t i = 0; i < GV_ARRAY_LEN(valid); i++)
		ok(gv_version_valid(valid[i]), "'%s' is valid", valid[i]);
	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++)
		ok(!gv_version_valid(bad[i]), "'%s' is not valid", bad[i]);
	for (size_t i = 0; i < GV_ARRAY_LEN(order); i++)
		ok(gv_version_cmp(order[i].a, order[i].b) == order[i].want, "'%s' against '%s' is %d", order[i].a,
		   order[i].b, order[i].want);
	for (size_t i = 0; i < GV_ARRAY_LEN(lang); i++) {
		gv_version_lang(out, sizeof(out), lang[i].v);
		ok(strcmp(out, lang[i].lang) == 0 && gv_version_is_lang(lang[i].v) == lang[i].is,
		   "language version of '%s'", lang[i].v);
	}
	ok(gv_version_is_prerelease("1.22rc1") && gv_version_is_prerelease("1.22beta"), "rc and beta are pre-releases");
	ok(!gv_version_is_prerelease("1.22.3") && !gv_version_is_prerelease("banana"),
	   "a release and a word are not pre-releases");
}

static void
lang_room(void)
{
	char out[5] = "xxxx";

	gv_version_lang(out, sizeof(out), "1.22.3");
	ok(strcmp(out, "1.22") == 0, "a language version that just fits is written");
	gv_version_lang(out, sizeof(out), "1.100.3");
	ok(strcmp(out, "") == 0, "a language version that does not fit is empty, not cut");
	gv_version_lang(out, sizeof(out), "1.0");
	ok(strcmp(out, "1") == 0, "the language version of 1.0 is 1");
}

static void
release_names(void)
{
	static const struct {
		const char *v, *name; /* NULL: refused */
	} names[] = {
		{ "1.20.0", "1.20" },
		{ "1.20", "1.20" },
		{ "1.0.0", "1" },
		{ "1", "1" },
		{ "1.1.0", "1.1" },
		{ "1.21.0", "1.21.0" },
		{ "1.21", "1.21" },
		{ "1.22.3", "1.22.3" },
		{ "1.20rc1", "1.20rc1" },
		{ "2.0.0", "2.0.0" },
		{ "1.20.10", "1.20.10" },
		{ "go1.20", NULL },
		{ "", NULL },
		{ "../x", NULL },
		{ "1.22.000000000000000000000000000000000000000000000000000000000001", NULL },
		{ "1.22.1111111111111111111111111111111111111111111111111111111111",
		  "1.22.1111111111111111111111111111111111111111111111111111111111" },
		{ "1.22.11111111111111111111111111111111111111111111111111111111111", NULL },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(names); i++) {
		struct gv_err err = GV_ERR_INIT;
		char out[GV_VERSION_MAX] = "untouched";
		int rc = gv_version_release_name(out, names[i].v, &err);

		if (names[i].name != NULL)
			ok(rc == 0 && strcmp(out, names[i].name) == 0, "'%s' is published as '%s'", names[i].v,
			   names[i].name);
		else
			ok(rc == -1 && err.code == GV_EFORMAT && strcmp(out, "untouched") == 0, "'%s' names no release",
			   names[i].v);
	}
}

static void
minors(void)
{
	static const struct {
		const char *v;
		int minor;
	} cases[] = {
		{ "1.22.3", 22 }, { "1.21", 21 }, { "1.23rc2", 23 }, { "1.5beta1", 5 }, { "1", 0 },    { "1.0.3", 0 },
		{ "2.4", -1 },    { "10.4", -1 }, { "", -1 },        { "go1.22", -1 },  { "1.x", -1 }, { NULL, -1 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++)
		ok(gv_version_minor(cases[i].v) == cases[i].minor, "the minor of '%s' is %d",
		   cases[i].v != NULL ? cases[i].v : "(NULL)", cases[i].minor);
	ok(gv_version_minor("1.99999999999999999999") > 1000, "a minor too large for an int is later than all others");
}

int
main(void)
{
	compare_file();
	valid_file();
	lang_file();
	more();
	minors();
	lang_room();
	release_names();
	return tap_done();
}
