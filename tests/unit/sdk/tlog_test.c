/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/unit/sdk/tsv.h"
#include "util/auto.h"
#include "verify/lookup.h"
#include "verify/tile.h"
#include "verify/tlog.h"
#include "verify/wire.h"

static bool
hash_is(const uint8_t hash[GV_SHA256_LEN], const char *base64)
{
	char text[GV_HASH_TEXT];

	gv_wire_hash_text(text, hash);
	return strcmp(text, base64) == 0;
}

static void
test_leaves(void)
{
	struct gv_sha256 *s = gv_sha256_new();
	struct tsv t = tsv_open("sumdb/leaf.tsv", 2);
	uint8_t leaf[GV_SHA256_LEN];

	while (tsv_next(&t)) {
		gv_tlog_leaf(s, leaf, t.col[0], t.len[0]);
		ok(hash_is(leaf, t.col[1]), "leaf hash %s", t.col[1]);
	}
	tsv_close(&t);
	gv_sha256_free(s);
}

static void
test_trees(void)
{
	struct tsv t = tsv_open("sumdb/trees.tsv", 4);

	while (tsv_next(&t)) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_tree tree = { .n = 42 };
		int rc = gv_tree_parse(&tree, t.col[0], t.len[0], &err);
		char n[24];

		snprintf(n, sizeof(n), "%" PRIu64, tree.n);
		if (strcmp(t.col[1], "yes") == 0)
			ok(rc == 0 && strcmp(n, t.col[2]) == 0 && hash_is(tree.root, t.col[3]), "tree %d of %s", t.row,
			   n);
		else
			ok(rc == -1 && err.code == GV_EPROOF && tree.n == 42, "tree %d is refused: %s", t.row, err.msg);
	}
	tsv_close(&t);
}

static void
test_records(void)
{
	struct tsv t = tsv_open("sumdb/records.tsv", 4);

	while (tsv_next(&t)) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_lookup r = { 0 };
		int rc = gv_lookup_parse(&r, t.col[0], t.len[0], &err);
		char id[24];
		bool right;

		snprintf(id, sizeof(id), "%" PRIu64, r.id);
		right = rc == 0 && strcmp(id, t.col[2]) == 0 && r.text_len == t.len[3] &&
			memcmp(r.text, t.col[3], r.text_len) == 0 && r.note == r.text + r.text_len + 1 &&
			r.note + r.note_len == t.col[0] + t.len[0];
		if (strcmp(t.col[1], "yes") == 0)
			ok(right, "record %d is number %s", t.row, id);
		else if (strcmp(t.col[1], "no") == 0)
			ok(rc == -1 && err.code == GV_EPROOF, "record %d is refused: %s", t.row, err.msg);
		else
			ok(rc == -1 || right, "record %d is refused, or read like that", t.row);
	}
	tsv_close(&t);
}

/* Accept only one spelling, even where x/mod accepts more. */
static void
test_strict_records(void)
{
	static const char *const bad[] = { "5\n\n\n", "5\n\na\n\n", "-1\na\n\n", "+1\na\n\n", "05\na\n\n" };

	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_lookup r;

		ok(gv_lookup_parse(&r, bad[i], strlen(bad[i]), &err) == -1 && err.code == GV_EPROOF,
		   "another spelling of a record is refused: %s", err.msg);
	}
}

static void
test_tile_paths(void)
{
	struct tsv t = tsv_open("sumdb/tilepaths.tsv", 6);

	while (tsv_next(&t)) {
		struct gv_tile tile = { .level = 99 };
		bool parsed = strlen(t.col[0]) == t.len[0] && gv_tile_parse(&tile, t.col[0]);
		char path[GV_TILE_PATH] = "", n[24], want[64], got[64];

		if (parsed)
			gv_tile_path(path, &tile);
		snprintf(n, sizeof(n), "%" PRIu64, tile.n);
		snprintf(want, sizeof(want), "8 %s %s %s", t.col[3], t.col[4], t.col[5]);
		snprintf(got, sizeof(got), "8 %d %s %u", tile.level, n, tile.width);
		if (strcmp(t.col[1], "yes") == 0)
			ok(parsed && strcmp(path, t.col[0]) == 0 && strcmp(want, got) == 0, "'%s' is %s", t.col[0],
			   got);
		else if (strcmp(t.col[1], "no") == 0)
			ok(!parsed && tile.level == 99, "'%s' is refused", t.col[0]);
		else
			ok(!parsed || strcmp(path, t.col[0]) == 0, "'%s' is refused, or read like that", t.col[0]);
	}
	tsv_close(&t);
}

static void
test_tile_width(void)
{
	static const struct {
		uint64_t size;
		int level;
		uint64_t n;
		unsigned width;
	} cases[] = {
		{ 0, 0, 0, 0 },
		{ 1, 0, 0, 1 },
		{ 255, 0, 0, 255 },
		{ 255, 1, 0, 0 },
		{ 256, 0, 0, 256 },
		{ 256, 0, 1, 0 },
		{ 256, 1, 0, 1 },
		{ 600, 0, 2, 88 },
		{ 600, 0, 3, 0 },
		{ 600, 0, UINT64_MAX, 0 },
		{ 28905453, 0, 112911, 237 },
		{ 28905453, 1, 441, 15 },
		{ 28905453, 2, 1, 185 },
		{ 28905453, 3, 0, 1 },
		{ 28905453, 4, 0, 0 },
		{ INT64_MAX, 7, 0, 127 },
		{ INT64_MAX, 0, INT64_MAX / 256, 255 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++)
		ok(gv_tile_width(cases[i].size, cases[i].level, cases[i].n) == cases[i].width,
		   "tile %d/%" PRIu64 " in a tree of %" PRIu64 " has %u", cases[i].level, cases[i].n, cases[i].size,
		   cases[i].width);
}

static void
test_h1_line(void)
{
#define H1 "h1:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM="
#define H2 "h1:zN01Foq0dPpXZKUmz7g2ITUeI2gsUHWy4Y1Wvd+WqjA="
	static const struct {
		const char *what, *text;
		bool found;
	} cases[] = {
		{ "the line", "a.b/c v1.0.0 " H1 "\n", true },
		{ "the line among others", "x v1 " H2 "\na.b/c v1.0.0 " H1 "\na.b/c v1.0.0/go.mod " H2 "\n", true },
		{ "only the go.mod line", "a.b/c v1.0.0/go.mod " H1 "\n", false },
		{ "a longer version", "a.b/c v1.0.01 " H1 "\n", false },
		{ "a longer module", "xa.b/c v1.0.0 " H1 "\n", false },
		{ "the line twice", "a.b/c v1.0.0 " H1 "\na.b/c v1.0.0 " H1 "\n", false },
		{ "two hashes", "a.b/c v1.0.0 " H1 "\na.b/c v1.0.0 " H2 "\n", false },
		{ "another kind of hash", "a.b/c v1.0.0 h2:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM=\n", false },
		{ "a cut hash", "a.b/c v1.0.0 h1:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM\n", false },
		{ "a long hash", "a.b/c v1.0.0 " H1 "x\n", false },
		{ "words after the hash", "a.b/c v1.0.0 " H1 " x\n", false },
		{ "two blanks", "a.b/c  v1.0.0 " H1 "\n", false },
		{ "no hash", "a.b/c v1.0.0 \n", false },
		{ "nothing but the version", "a.b/c v1.0.0\n", false },
		{ "a blank before", " a.b/c v1.0.0 " H1 "\n", false },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_lookup r = { .text = cases[i].text, .text_len = strlen(cases[i].text) };
		struct gv_err err = GV_ERR_INIT;
		char h1[GV_H1_MAX] = "none";
		int rc = gv_lookup_h1(&r, "a.b/c", "v1.0.0", h1, &err);

		ok(cases[i].found ? rc == 0 && strcmp(h1, H1) == 0
				  : rc == -1 && err.code == GV_EPROOF && strcmp(h1, "none") == 0,
		   "a record with %s: %s", cases[i].what, rc == 0 ? h1 : err.msg);
	}
}

static void
test_record_path(void)
{
	static const struct {
		const char *module, *version, *path; /* NULL: refused */
	} cases[] = {
		{ "golang.org/toolchain", "v0.0.1-go1.22.3.linux-amd64",
		  "lookup/golang.org/toolchain@v0.0.1-go1.22.3.linux-amd64" },
		{ "github.com/BurntSushi/toml", "v1.0.0-RC1+incompatible",
		  "lookup/github.com/!burnt!sushi/toml@v1.0.0-!r!c1+incompatible" },
		{ "rg/toolchain", "v0.0.1", NULL },
		{ "", "v0.0.1", NULL },
		{ "a.b/", "v0.0.1", NULL },
		{ "/a.b", "v0.0.1", NULL },
		{ "a.b//c", "v0.0.1", NULL },
		{ "a.b/../c", "v0.0.1", NULL },
		{ "a.b/c.", "v0.0.1", NULL },
		{ "-a.b/c", "v0.0.1", NULL },
		{ "a.b/c d", "v0.0.1", NULL },
		{ "a.b/c@d", "v0.0.1", NULL },
		{ "a.b/c?d", "v0.0.1", NULL },
		{ "a.b/c!d", "v0.0.1", NULL },
		{ "a.b/\xc3\xbc", "v0.0.1", NULL },
		{ "a.b/c\nd", "v0.0.1", NULL },
		{ "a.b/c", "", NULL },
		{ "a.b/c", "0.0.1", NULL },
		{ "a.b/c", "v0.0.1/go.mod", NULL },
		{ "a.b/c", "v0.0.1 h1:", NULL },
		{ "a.b/c", "v0.0.1\n", NULL },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = GV_ERR_INIT;
		gv_autofree char *path = gv_lookup_path(cases[i].module, cases[i].version, &err);

		ok(cases[i].path != NULL ? path != NULL && strcmp(path, cases[i].path) == 0
					 : path == NULL && err.code == GV_EFORMAT,
		   "lookup of a module: %s", path != NULL ? path : err.msg);
	}
}

int
main(void)
{
	test_leaves();
	test_trees();
	test_records();
	test_strict_records();
	test_tile_paths();
	test_tile_width();
	test_h1_line();
	test_record_path();
	return tap_done();
}
