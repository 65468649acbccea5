/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/unit/sdk/tsv.h"
#include "util/auto.h"
#include "verify/sumdb.h"
#include "verify/tlog.h"

/* A directory serves as the database (see tests/data/sumdb/README.md). The stored head is in memory. */
struct db {
	char *dir;
	char *head;
	size_t trips, gets, swaps;
	/* Before the n-th swap another process stores a head (NULL: the swap only reports "changed"). */
	size_t lose_swaps;
	const char *other_head;
};

static bool
read_in(const struct db *db, const char *path, char **data, size_t *len)
{
	gv_autofree char *file = gv_xasprintf("%s/%s", db->dir, strncmp(path, "lookup/", 7) == 0 ? "lookup" : path);
	struct gv_err err = GV_ERR_INIT;

	return gv_fs_read(AT_FDCWD, file, 1 << 20, data, len, &err) == 0;
}

static void
get(void *arg, const char *const *paths, size_t n, struct gv_sumdb_blob *blobs)
{
	struct db *db = arg;

	db->trips++;
	for (size_t i = 0; i < n; i++) {
		db->gets++;
		blobs[i].code = read_in(db, paths[i], &blobs[i].data, &blobs[i].len) ? GV_OK : GV_ENOTFOUND;
	}
}

static int
head_read(void *arg, char **note, struct gv_err *err)
{
	(void)err;
	*note = gv_xstrdup(((struct db *)arg)->head);
	return 0;
}

static int
head_swap(void *arg, const char *old, const char *note, struct gv_err *err)
{
	struct db *db = arg;

	(void)err;
	if (db->swaps++ < db->lose_swaps) {
		if (db->other_head != NULL) {
			free(db->head);
			db->head = gv_xstrdup(db->other_head);
		}
		return 0;
	}
	if (strcmp(db->head, old) != 0)
		return 0;
	free(db->head);
	db->head = gv_xstrdup(note);
	return 1;
}

static struct db
db_open(const char *name)
{
	gv_autofree char *rel = gv_xasprintf("sumdb/client/%s", name);
	struct db db = { .dir = test_data(rel) };
	size_t len = 0;

	if (!read_in(&db, "latest", &db.head, &len))
		db.head = gv_xstrdup("");
	return db;
}

static void
db_free(struct db *db)
{
	free(db->dir);
	free(db->head);
}

static int
lookup(struct db *db, const char *key, const char *module, const char *version, struct gv_sumdb_answer *a,
       struct gv_str *report, struct gv_err *err)
{
	struct gv_sumdb_io io = { .arg = db, .get = get, .head_read = head_read, .head_swap = head_swap };
	struct gv_sumdb_key k;

	if (gv_sumdb_key_parse(&k, key, err) < 0)
		return -1;
	return gv_sumdb_lookup(a, &k, &io, module, version, report, err);
}

/* The size that the stored head claims, whoever signed it; "-" without a head. */
static void
head_size(const struct db *db, char out[24])
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_tree tree;

	snprintf(out, 24, "-");
	if (gv_tree_parse(&tree, db->head, strlen(db->head), &err) == 0)
		snprintf(out, 24, "%" PRIu64, tree.n);
}

static void
check_report(const char *name, const char *report)
{
	gv_autofree char *rel = gv_xasprintf("sumdb/reports/%s.txt", name), *path = test_data(rel), *want = NULL;
	size_t len = 0;

	if (!gv_fs_exists(path))
		return;
	want = test_read(rel, &len);
	ok(want != NULL && strcmp(report, want) == 0, "%s: the report is cmd/go's", name);
}

static void
test_client(void)
{
	struct tsv t = tsv_open("sumdb/client.tsv", 9);

	while (tsv_next(&t)) {
		struct db db = db_open(t.col[0]);
		gv_autostr struct gv_str report = GV_STR_INIT(1 << 18);
		struct gv_err err = GV_ERR_INIT;
		struct gv_sumdb_answer a = { .h1 = "none" };
		char size[24];
		bool right;
		int rc = lookup(&db, t.col[1], t.col[2], t.col[3], &a, &report, &err);

		/* The client does not know the wanted hash, so compare here. */
		right = rc == 0 && strcmp(a.h1, t.col[4]) == 0;
		ok(right == (strcmp(t.col[5], "ok") == 0), "%s (%s): %s", t.col[0], t.col[8], rc == 0 ? a.h1 : err.msg);
		ok(rc == 0 || (err.code != GV_OK && strcmp(a.h1, "none") == 0), "%s: no answer with a failure",
		   t.col[0]);
		head_size(&db, size);
		ok(strcmp(size, t.col[6]) == 0, "%s: the stored head has %s records, want %s", t.col[0], size,
		   t.col[6]);
		if (rc == 0)
			ok(db.trips <= 3, "%s: %zu requests in %zu round trips", t.col[0], db.gets, db.trips);
		check_report(t.col[0], gv_str_text(&report));
		ok((report.len > 0) == (strncmp(t.col[0], "fork", 4) == 0), "%s: there is a report only for a fork",
		   t.col[0]);
		db_free(&db);
	}
	tsv_close(&t);
}

#define KEY       "sumdb.gover.test+689be83c+AfuldnUtVfqsTozthTUTbb0LuNURB/ThhkaT2jiFa5TL"
#define MODULE    "golang.org/toolchain"
#define GO_1_22_3 "v0.0.1-go1.22.3.linux-amd64"

/* The error code of a failure decides the exit status. */
static void
test_codes(void)
{
	static const struct {
		const char *name;
		enum gv_code code;
	} cases[] = {
		{ "forged-l0", GV_EPROOF },  { "wrong-version", GV_EPROOF },   { "empty", GV_EPROOF },
		{ "note-bad", GV_EPROOF },   { "fork-larger", GV_EPROOF },     { "stored-bad", GV_EPROOF },
		{ "tile-short", GV_EPROOF }, { "tile-long", GV_EPROOF },       { "id-huge", GV_EPROOF },
		{ "tile-missing", GV_ENET }, { "no such case", GV_ENOTFOUND },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct db db = db_open(cases[i].name);
		struct gv_err err = GV_ERR_INIT;
		struct gv_sumdb_answer a;
		const char *version = strcmp(cases[i].name, "wrong-version") == 0 ? "v0.0.1-go1.22.4.linux-amd64"
										  : GO_1_22_3;
		int rc = lookup(&db, KEY, MODULE, version, &a, NULL, &err);

		ok(rc == -1 && err.code == cases[i].code, "%s fails with code %d: %s", cases[i].name, err.code,
		   err.msg);
		db_free(&db);
	}
}

static void
test_off(void)
{
	struct db db = db_open("good");
	struct gv_err err = GV_ERR_INIT;
	struct gv_sumdb_answer a;

	ok(lookup(&db, "off", MODULE, GO_1_22_3, &a, NULL, &err) == -1 && err.code == GV_EPROOF && db.gets == 0,
	   "GOSUMDB=off proves nothing: %s", err.msg);
	db_free(&db);
}

/* Another process stores a head between the client's read and write. */
static void
test_swap(void)
{
	gv_autofree char *newer = NULL, *forked = NULL;
	struct gv_err err = GV_ERR_INIT;
	struct gv_sumdb_answer a;
	struct db db, source;
	size_t len = 0;
	char size[24];

	/* The same database, grown to 900 records, serves the tiles of both sizes. */
	source = db_open("shrink");
	newer = gv_xstrdup(source.head);
	db = db_open("shrink");
	free(db.head);
	db.head = gv_xstrdup("");
	db.lose_swaps = 1;
	db.other_head = newer;
	ok(lookup(&db, KEY, MODULE, GO_1_22_3, &a, NULL, &err) == 0 && a.tree_size == 900,
	   "a newer head from another process is checked and kept: %s", err.msg);
	head_size(&db, size);
	ok(strcmp(size, "900") == 0 && db.swaps == 1, "it is not overwritten with the older one: %s", size);
	db_free(&db);
	db_free(&source);

	source = db_open("fork-larger");
	ok(read_in(&source, "latest", &forked, &len), "the head of a fork");
	db = db_open("fork-larger");
	free(db.head);
	db.head = gv_xstrdup("");
	db.lose_swaps = 1;
	db.other_head = forked;
	ok(lookup(&db, KEY, MODULE, GO_1_22_3, &a, NULL, &err) == -1 && err.code == GV_EPROOF,
	   "a forked head from another process is noticed: %s", err.msg);
	head_size(&db, size);
	ok(strcmp(size, "300") == 0, "and kept: %s", size);
	db_free(&db);
	db_free(&source);

	db = db_open("good");
	db.lose_swaps = 3;
	gv_err_clear(&err);
	ok(lookup(&db, KEY, MODULE, GO_1_22_3, &a, NULL, &err) == 0 && db.swaps == 4, "a few failed swaps are retried");
	db_free(&db);
	db = db_open("good");
	db.lose_swaps = SIZE_MAX;
	ok(lookup(&db, KEY, MODULE, GO_1_22_3, &a, NULL, &err) == -1 && err.code == GV_EBUSY,
	   "endless ones are a failure: %s", err.msg);
	db_free(&db);
}

static void
test_gosumdb(void)
{
#define GOLANG "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
	static const struct {
		const char *text, *name, *url; /* name NULL: refused; "": off */
		bool explicit_url;
	} cases[] = {
		{ "", "sum.golang.org", "https://sum.golang.org", false },
		{ " \t ", "sum.golang.org", "https://sum.golang.org", false },
		{ "sum.golang.org", "sum.golang.org", "https://sum.golang.org", false },
		{ GOLANG, "sum.golang.org", "https://sum.golang.org", false },
		{ "sum.golang.org http://127.0.0.1:8080/x/", "sum.golang.org", "http://127.0.0.1:8080/x", true },
		{ "  sum.golang.org   file:///srv/sumdb ", "sum.golang.org", "file:///srv/sumdb", true },
		{ "sum.golang.google.cn", "sum.golang.org", "https://sum.golang.google.cn", true },
		{ "sum.golang.google.cn https://a.b", "sum.golang.org", "https://a.b", true },
		{ KEY, "sumdb.gover.test", "https://sumdb.gover.test", false },
		{ KEY " https://a.b/c", "sumdb.gover.test", "https://a.b/c", true },
		{ "localhost.localdev/sumdb+00000c67+AcTrnkbUA+TU4heY3hkjiSES/DSQniBqIeQ/YppAUtK6",
		  "localhost.localdev/sumdb", "https://localhost.localdev/sumdb", false },
		{ "off", "", "", false },
		{ "off https://a.b", NULL, NULL, false },
		{ "OFF", NULL, NULL, false },
		{ "sum.example.com", NULL, NULL, false },
		{ "sum.golang.org https://a.b c", NULL, NULL, false },
		{ "sum.golang.org a.b", NULL, NULL, false },
		{ "sum.golang.org ftp://a.b", NULL, NULL, false },
		{ "sum.golang.org https://", NULL, NULL, false },
		{ "sum.golang.org https:///x", NULL, NULL, false },
		{ "sum.golang.org https://\xc3\xbc", NULL, NULL, false },
		{ "sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", NULL, NULL, false },
		/* Good keys whose names lead out of a directory, or are not a host. */
		{ "../x+d00b69ff+AdTJ2KNXiJo1LQz4hFVYzI+AAOZe+xY/hTdIz3d0IZEe", NULL, NULL, false },
		{ "\xc3\xbc+ed1e4b84+AdTJ2KNXiJo1LQz4hFVYzI+AAOZe+xY/hTdIz3d0IZEe", NULL, NULL, false },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_sumdb_key k = { 0 };
		int rc = gv_sumdb_key_parse(&k, cases[i].text, &err);

		if (cases[i].name == NULL)
			ok(rc == -1 && err.code == GV_EFORMAT, "GOSUMDB '%s' is refused: %s", cases[i].text, err.msg);
		else
			ok(rc == 0 && k.off == (cases[i].name[0] == '\0') && strcmp(k.name, cases[i].name) == 0 &&
			       strcmp(k.url, cases[i].url) == 0 && k.explicit_url == cases[i].explicit_url,
			   "GOSUMDB '%s' is %s at %s", cases[i].text, k.name, k.url);
	}
}

int
main(void)
{
	test_client();
	test_codes();
	test_off();
	test_swap();
	test_gosumdb();
	return tap_done();
}
