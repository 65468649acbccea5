/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "version/request.h"

#include <string.h>

#include "tests/tap.h"
#include "tests/unit/vectors.h"
#include "util/auto.h"

static const char no_match[] = "-", refused[] = "!";

/* The version that the request `text` selects, written as in select.tsv. */
static const char *
answer(const char *text, const struct gv_strv *candidates)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_request r;
	const char *v;

	if (gv_request_parse(&r, text, GV_REQUEST_ANY, &err) < 0)
		return refused;
	v = gv_request_select(&r, candidates);
	return v != NULL ? v : no_match;
}

static void
select_file(void)
{
	size_t len;
	gv_autofree char *text = vectors_read("tests/data/version/select.tsv", &len);
	gv_autostrv struct gv_strv rows = vectors_lines(text);
	char *c[3] = { NULL };

	for (size_t i = 0; i < rows.n; i++) {
		gv_autofree char *name = NULL, *list = NULL;
		const char *got;

		if (!ok(vectors_columns(rows.v[i], c, 3) == 3, "select.tsv:%zu has three columns", i + 1))
			continue;
		name = gv_xasprintf("tests/data/version/lists/%s.txt", c[1]);
		list = vectors_read(name, &len);
		gv_autostrv struct gv_strv candidates = vectors_lines(list);

		got = answer(c[0], &candidates);
		ok(strcmp(got, c[2]) == 0, "'%s' selects from %s: '%s' (got '%s')", c[0], c[1], c[2], got);
	}
}

static const char *const range_list[] = { "1.19.13", "1.20rc1", "1.20",     "1.20.14", "1.21.0", "1.21.13",
					  "1.22rc1", "1.22.0",  "1.22.3",   "1.22.12", "1.23.4", "1.24rc1",
					  "1.24rc2", "2.0.0",   "1.9.2rc2", "junk" };
static const struct {
	const char *request, *want;
} range_rows[] = {
	{ "1.20 - 1.22", "1.22.12" },
	{ "1.20  -  1.22", "1.22.12" },
	{ "1.20 - 1.22.3", "1.22.3" },
	{ "1.20.1 - 1.21", "1.21.13" },
	{ "1 - 1", "1.23.4" },
	{ "1.25 - 1.26", "-" },
	{ "1.22 - 1.20", "-" },
	{ "1.20 -", "!" },
	{ "- 1.20", "!" },
	{ "1.20-1.22", "!" },
	{ "1.20 -1.22", "!" },
	{ "1.20 - 1.21 - 1.22", "!" },
	{ "1.19 1.20 - 1.22", "!" },
	{ "1.20 - 1.22 <1.22", "!" },
	{ ">=1.20 - 1.22", "!" },
	{ "=1.20 - 1.22", "!" },
	{ "1.20 - >=1.22", "!" },
	{ "1.19 || 1.20 - 1.21", "1.21.13" },
	{ "1.20 - 1.21 || 1.19", "1.21.13" },
	{ "1.20||1.21", "1.21.13" },
	{ "1.20 || 1.21 || 1.19", "1.21.13" },
	{ "1.20 | 1.21", "!" },
	{ "1.20 || ", "!" },
	{ "|| 1.20", "!" },
	{ "||", "!" },
	{ "1.20 ||| 1.21", "!" },
	{ "1.30 || 1.19", "1.19.13" },
	{ ">=1.20 <1.21 || >=1.22 <1.22.4", "1.22.3" },
	{ "<=1.22", "1.22.12" },
	{ "<=1.22.0", "1.22.0" },
	{ "<1.22", "1.21.13" },
	{ ">1.22", "2.0.0" },
	{ ">1.22 <2", "1.23.4" },
	{ ">1.23 <2", "-" },
	{ ">1", "2.0.0" },
	{ ">2", "-" },
	{ "<=1", "1.23.4" },
	{ "<2", "1.23.4" },
	{ "=1.22", "1.22.12" },
	{ "= 1.22.3", "1.22.3" },
	{ "==1.22", "!" },
	{ "~1", "1.23.4" },
	{ "~1.20", "1.20.14" },
	{ "~1.22.4", "1.22.12" },
	{ "~1.22.13", "-" },
	{ "~>1.22", "!" },
	{ "^1", "1.23.4" },
	{ "^1.22.5", "1.23.4" },
	{ "^2", "2.0.0" },
	{ "^0.9", "-" },
	{ "^ 1.21", "1.23.4" },
	{ ">= 1.20 , < 1.22", "1.21.13" },
	{ ">=1.20,,<1.22", "1.21.13" },
	{ ">=1.20<1.22", "!" },
	{ ">\t1.20 <\t1.21", "-" },
	{ "> =1.20", "!" },
	{ ">>1.20", "!" },
	{ "!1.20", "!" },
	{ "<1.20 >1.20", "-" },
	{ "1.21 1.22", "-" },
	{ "1.22 1.22.3", "1.22.3" },
	{ "1.21,1.22", "-" },
	{ "*", "2.0.0" },
	{ "x", "2.0.0" },
	{ "X", "2.0.0" },
	{ "*.*", "2.0.0" },
	{ "x.x.x", "2.0.0" },
	{ "1.X", "1.23.4" },
	{ "1.x.x", "1.23.4" },
	{ "1.x.3", "!" },
	{ "x.1", "!" },
	{ "1.22.x.x", "!" },
	{ "1.22.X", "1.22.12" },
	{ "1.22x", "!" },
	{ ">*", "-" },
	{ "<*", "-" },
	{ ">=*", "2.0.0" },
	{ "^*", "2.0.0" },
	{ ">=1.22.x <1.23.x", "1.22.12" },
	{ "1.24", "-" },
	{ "^1.24", "-" },
	{ "1.24rc2", "1.24rc2" },
	{ "1.24rc3", "-" },
	{ ">=1.24rc1 <2", "1.24rc2" },
	{ "~1.24rc1", "1.24rc2" },
	{ "<1.24rc2", "1.24rc1" },
	{ "^1.23", "1.23.4" },
	{ "^1.20rc1 <1.21", "1.20.14" },
	{ ">=1.23rc1 <1.24", "1.23.4" },
	{ "=1.24rc1", "1.24rc1" },
	{ "1.23 || =1.24rc1", "1.24rc1" },
	{ ">=1.20 || =1.24rc1", "2.0.0" },
	{ "~1.20rc1 <1.20", "-" },
	{ "<=1.20rc1 >=1.20beta1", "1.20rc1" },
	{ "1.24alpha1", "!" },
	{ "1.24rc", "!" },
	{ "1.24rc01", "!" },
	{ "1.24rc1.x", "!" },
	{ "1.22.3rc1", "!" },
	{ "1.22d", "!" },
	{ "1.022", "!" },
	{ "1.9.2rc2", "!" },
	{ "1rc1", "!" },
	{ "go-1.22", "1.22.12" },
	{ "go-1.22.3", "1.22.3" },
	{ ">=go-1.20 <v1.21", "1.20.14" },
	{ "v-1.22", "!" },
	{ "go--1.22", "!" },
	{ "go 1.22", "!" },
	{ "Go1.22", "!" },
	{ "V1.22", "!" },
	{ "GO1.22", "!" },
	{ "gox", "!" },
	{ "v*", "!" },
	{ "go", "!" },
	{ "go-", "!" },
	{ "golatest", "!" },
	{ "Latest", "!" },
	{ "latest", "2.0.0" },
	{ "stable", "2.0.0" },
	{ "oldstable", "1.23.4" },
	{ "latest 1.22", "!" },
	{ ">=latest", "!" },
	{ "stable || 1.22", "!" },
	{ "system", "-" },
	{ "", "!" },
	{ "   ", "!" },
	{ " 1.22.3\n", "1.22.3" },
	{ "1.22\n1.23", "!" },
	{ "1.20.0", "1.20" },
	{ "v1.20.0", "1.20" },
	{ "<1.20.0", "1.19.13" },
	{ "1.22.3 ", "1.22.3" },
	{ "2.0", "2.0.0" },
	{ "1.22.18446744073709551616", "-" },
	{ "99999999999999999999999999999", "-" },
	{ "1.22.3;id", "!" },
	{ "../1.22", "!" },
	{ "1.22.3\x1b[0m", "!" },
	{ "\xef\xbb\xbf"
	  "1.22",
	  "!" },
};

static void
ranges(void)
{
	gv_autostrv struct gv_strv candidates = GV_STRV_INIT;

	for (size_t i = 0; i < GV_ARRAY_LEN(range_list); i++)
		gv_strv_add(&candidates, range_list[i]);
	for (size_t i = 0; i < GV_ARRAY_LEN(range_rows); i++) {
		const char *got = answer(range_rows[i].request, &candidates);

		ok(strcmp(got, range_rows[i].want) == 0, "range row %zu: '%.*s' selects '%s' (got '%s')", i,
		   (int)strcspn(range_rows[i].request, "\n\x1b"), range_rows[i].request, range_rows[i].want, got);
	}
}

static void
kinds(void)
{
	static const struct {
		const char *request, *text, *version;
		enum gv_request_kind kind;
		bool in_file;
	} rows[] = {
		{ "go1.22.3", "1.22.3", "1.22.3", GV_REQUEST_EXACT, true },
		{ " go-1.22.3 ", "1.22.3", "1.22.3", GV_REQUEST_EXACT, true },
		{ "1.20.0", "1.20.0", "1.20", GV_REQUEST_EXACT, true },
		{ "1.23rc2", "1.23rc2", "1.23rc2", GV_REQUEST_EXACT, true },
		{ "1.8beta1", "1.8beta1", "1.8beta1", GV_REQUEST_EXACT, true },
		{ "1", "1", "1", GV_REQUEST_PARTIAL, true },
		{ "v1.22", "1.22", "1.22", GV_REQUEST_PARTIAL, true },
		{ "go1.22.x", "1.22.x", "1.22", GV_REQUEST_PARTIAL, true },
		{ "1.22.*", "1.22.*", "1.22", GV_REQUEST_PARTIAL, true },
		{ "1.x", "1.x", "1", GV_REQUEST_PARTIAL, true },
		{ "1.22.X", "1.22.X", "1.22", GV_REQUEST_PARTIAL, false },
		{ "*", "*", "", GV_REQUEST_PARTIAL, false },
		{ "x", "x", "", GV_REQUEST_PARTIAL, false },
		{ "latest", "latest", "", GV_REQUEST_LATEST, true },
		{ "stable", "stable", "", GV_REQUEST_LATEST, true },
		{ "oldstable", "oldstable", "", GV_REQUEST_OLDSTABLE, true },
		{ "system", "system", "", GV_REQUEST_SYSTEM, true },
		{ ">=1.20 <1.22", ">=1.20 <1.22", "", GV_REQUEST_RANGE, false },
		{ "1.20 1.22", "1.20 1.22", "", GV_REQUEST_RANGE, false },
		{ "^1.22", "^1.22", "", GV_REQUEST_RANGE, false },
		{ "1.20 - 1.22", "1.20 - 1.22", "", GV_REQUEST_RANGE, false },
		{ "1.20 || 1.22", "1.20 || 1.22", "", GV_REQUEST_RANGE, false },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_request r = { .text = "untouched" };
		int rc = gv_request_parse(&r, rows[i].request, GV_REQUEST_ANY, &err);

		ok(rc == 0 && r.kind == rows[i].kind && strcmp(r.text, rows[i].text) == 0 &&
		       strcmp(r.version, rows[i].version) == 0,
		   "'%s' has kind %d, text '%s', version '%s'", rows[i].request, rows[i].kind, rows[i].text,
		   rows[i].version);
		r = (struct gv_request){ .text = "untouched" };
		rc = gv_request_parse(&r, rows[i].request, GV_REQUEST_FILE, &err);
		if (rows[i].in_file)
			ok(rc == 0 && r.kind == rows[i].kind, "'%s' is accepted in .go-version", rows[i].request);
		else
			ok(rc == -1 && err.code == GV_EFORMAT && strcmp(r.text, "untouched") == 0,
			   "'%s' is refused in .go-version", rows[i].request);
	}
}

static void
limits(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_request r;
	char text[400];

	memset(text, '1', sizeof(text));
	text[GV_VERSION_MAX - 1] = '\0';
	ok(gv_request_parse(&r, text, GV_REQUEST_ANY, &err) == 0, "a version of %d bytes is accepted",
	   GV_VERSION_MAX - 1);
	text[GV_VERSION_MAX - 1] = '1';
	text[GV_VERSION_MAX] = '\0';
	ok(gv_request_parse(&r, text, GV_REQUEST_ANY, &err) == -1, "a version of one byte more is refused");
	memset(text, ' ', sizeof(text));
	memcpy(text, ">=1", 3);
	memcpy(text + GV_REQUEST_MAX - 3, "<2", 3);
	ok(gv_request_parse(&r, text, GV_REQUEST_ANY, &err) == 0 && r.kind == GV_REQUEST_RANGE,
	   "a range of %d bytes is accepted", GV_REQUEST_MAX - 1);
	memset(text, ' ', sizeof(text));
	memcpy(text, ">=1", 3);
	memcpy(text + GV_REQUEST_MAX - 2, "<2", 3);
	ok(gv_request_parse(&r, text, GV_REQUEST_ANY, &err) == -1, "a range of one byte more is refused");
	for (size_t i = 0; i < GV_REQUEST_MAX - 2; i += 2)
		memcpy(text + i, "1 ", 3);
	ok(gv_request_parse(&r, text, GV_REQUEST_ANY, &err) == 0, "a range with as many terms as fit is accepted");
	ok(gv_request_parse(&r, "\x1b]0;pwned\x07", GV_REQUEST_ANY, &err) == -1 && strchr(err.msg, '\x1b') == NULL &&
	       strchr(err.msg, '\x07') == NULL,
	   "the message contains no control bytes");
}

int
main(void)
{
	select_file();
	ranges();
	kinds();
	limits();
	return tap_done();
}
