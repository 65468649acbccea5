/* SPDX-License-Identifier: MIT */
/* The client over a store on disk and a database made by tests/fake/fakelog.py: first use, growth, damage, a fork. */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "verify/sumdb.h"
#include "verify/sumdbdisk.h"

#define MODULE "golang.org/toolchain"
#define FIRST  "v0.0.1-go1.22.3.linux-amd64"
#define SECOND "v0.0.1-go1.21.6.linux-amd64"
#define H1     "h1:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM="
#define H2     "h1:zN01Foq0dPpXZKUmz7g2ITUeI2gsUHWy4Y1Wvd+WqjA="

static char root[] = "/tmp/gover-logdisk-XXXXXX";

struct db {
	struct gv_sumdbdisk disk;
	char *served;
	char key[512];
	size_t tiles, asked;
};

static void
get(void *arg, const char *const *paths, size_t n, struct gv_sumdb_blob *blobs)
{
	struct db *db = arg;

	for (size_t i = 0; i < n; i++) {
		gv_autofree char *file = gv_path_join(db->served, paths[i]);
		struct gv_err err = GV_ERR_INIT;

		db->asked++;
		db->tiles += strncmp(paths[i], "tile/", 5) == 0;
		blobs[i].code = GV_OK;
		if (gv_fs_read(AT_FDCWD, file, 1 << 20, &blobs[i].data, &blobs[i].len, &err) < 0)
			blobs[i].code = GV_ENOTFOUND;
	}
}

static bool
cache_read(void *arg, const char *path, char **data, size_t *len)
{
	return gv_sumdbdisk_cache_read(&((struct db *)arg)->disk, path, data, len);
}

static void
cache_write(void *arg, const char *path, const void *data, size_t len)
{
	gv_sumdbdisk_cache_write(&((struct db *)arg)->disk, path, data, len);
}

static int
head_read(void *arg, char **note, struct gv_err *err)
{
	return gv_sumdbdisk_head_read(&((struct db *)arg)->disk, note, err);
}

static int
head_swap(void *arg, const char *old, const char *note, struct gv_err *err)
{
	return gv_sumdbdisk_head_swap(&((struct db *)arg)->disk, old, note, err);
}

/* Run fakelog.py into db->served and take the key that it prints. */
static bool
serve(struct db *db, const char *args)
{
	const char *top = getenv("top_srcdir");
	gv_autofree char *cmd = gv_xasprintf("python3 '%s/tests/fake/fakelog.py' log.test/db 'a seed' %s %s/records %s",
					     top != NULL ? top : ".", db->served, root, args);
	FILE *out = popen(cmd, "r");
	bool got = out != NULL && fgets(db->key, sizeof(db->key), out) != NULL;

	db->key[strcspn(db->key, "\n")] = '\0';
	return (out == NULL || pclose(out) == 0) && got;
}

static int
lookup(struct db *db, const char *version, struct gv_sumdb_answer *a, struct gv_str *report, struct gv_err *err)
{
	struct gv_sumdb_io io = { db, get, cache_read, cache_write, head_read, head_swap, db->disk.head_file };
	struct gv_sumdb_key k;

	db->tiles = db->asked = 0;
	gv_err_clear(err);
	if (gv_sumdb_key_parse(&k, db->key, err) < 0)
		return -1;
	return gv_sumdb_lookup(a, &k, &io, MODULE, version, report, err);
}

static void
damage(struct db *db, const char *path)
{
	gv_autofree char *file = gv_path_join(db->disk.tiles, path);
	int fd = open(file, O_WRONLY);

	ok(fd >= 0 && pwrite(fd, "damage", 6, 100) == 6, "damage %s", path);
	close(fd);
}

static void
test_use(struct db *db)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_sumdb_answer a = { .h1 = "" };

	tap_need(serve(db, "--size 600"), "a log");
	ok(strncmp(db->key, "log.test/db+", 12) == 0, "a log of 600 records: %s", db->key);
	ok(lookup(db, FIRST, &a, NULL, &err) == 0 && strcmp(a.h1, H1) == 0 && a.tree_size == 600 && a.record == 0,
	   "first use: %s", err.msg);
	ok(lookup(db, SECOND, &a, NULL, &err) == 0 && strcmp(a.h1, H2) == 0 && a.record == 1, "another record");
	ok(db->tiles == 0 && db->asked == 1, "it uses the cached tiles");
	damage(db, "tile/8/0/000");
	ok(lookup(db, FIRST, &a, NULL, &err) == 0 && db->tiles == 1, "a damaged tile costs one download");
	damage(db, "tile/8/0/002.p/88");
	ok(lookup(db, FIRST, &a, NULL, &err) == 0 && db->tiles == 2, "at the right edge, one for the whole edge");
	ok(serve(db, "--size 70000"), "the log grows");
	ok(lookup(db, FIRST, &a, NULL, &err) == 0 && a.tree_size == 70000, "and is consistent: %s", err.msg);
	ok(serve(db, "--size 600"), "an older state of the log");
	ok(lookup(db, FIRST, &a, NULL, &err) == 0 && a.tree_size == 70000, "is proven under the newer head: %s",
	   err.msg);
	ok(lookup(db, "v0.0.1-go1.20.linux-amd64", &a, NULL, &err) == -1 && err.code == GV_ENOTFOUND,
	   "an unknown version: %s", err.msg);
}

static void
test_fork(struct db *db)
{
	gv_autostr struct gv_str report = GV_STR_INIT(1 << 18);
	struct gv_err err = GV_ERR_INIT;
	struct gv_sumdb_answer a;
	char *before = NULL, *after = NULL;

	if (!ok(gv_sumdbdisk_head_read(&db->disk, &before, &err) == 0 && serve(db, "--size 80000 --fork"), "a fork"))
		return;
	ok(lookup(db, FIRST, &a, &report, &err) == -1 && err.code == GV_EPROOF, "is refused: %s", err.msg);
	ok(strncmp(gv_str_text(&report), "SECURITY ERROR\n", 15) == 0 && strstr(err.help, db->disk.head_file) != NULL,
	   "and reported: %s", err.help);
	ok(gv_sumdbdisk_head_read(&db->disk, &after, &err) == 0 && strcmp(before, after) == 0, "the head stays");
	free(before);
	free(after);
}

int
main(void)
{
	static const char records[] = MODULE " " FIRST " " H1 "\n" MODULE " " SECOND " " H2 "\n";
	struct gv_err err = GV_ERR_INIT;
	struct db db = { 0 };
	gv_autofree char *file = NULL;

	tap_skip_without("python3");
	tap_need(mkdtemp(root) != NULL, "a directory");
	file = gv_path_join(root, "records");
	db.served = gv_path_join(root, "served");
	gv_sumdbdisk_init(&db.disk, &(struct gv_dirs){ .tiles = root, .heads = root }, "log.test/db");
	ok(gv_fs_replace(file, records, strlen(records), 0644, &err) == 0, "records");
	test_use(&db);
	test_fork(&db);
	ok(gv_fs_remove_tree(AT_FDCWD, root, &err) == 0, "clean up");
	gv_sumdbdisk_release(&db.disk);
	free(db.served);
	return tap_done();
}
