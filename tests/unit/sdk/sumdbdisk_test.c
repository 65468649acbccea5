/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "verify/sumdbdisk.h"
#include "verify/tile.h"

static char root[] = "/tmp/gover-sumdbdisk-XXXXXX";

static void
open_in(struct gv_sumdbdisk *s, const char *below)
{
	gv_autofree char *tiles = gv_xasprintf("%s/%s/cache", root, below),
			 *heads = gv_xasprintf("%s/%s/state", root, below);
	struct gv_dirs d = { .tiles = tiles, .heads = heads };

	gv_sumdbdisk_init(s, &d, "host.test/sub");
}

static void
put(const char *file, const char *data, size_t len)
{
	struct gv_err err = GV_ERR_INIT;

	if (gv_fs_replace(file, data, len, 0644, &err) < 0)
		ok(false, "%s", err.msg);
}

static void
test_tiles(void)
{
	static const char *const outside[] = { "",       "lookup/a@v1", "tile/8/0/../../../../x", "../x",
					       "/tmp/x", "tile/8/0/0",  "tile/8/0/000/",          "latest" };
	static const char path[] = "tile/8/0/x097/380", part[] = "tile/8/0/x112/911.p/237";
	gv_autofree char *file = NULL, *leftovers = NULL;
	char tile[GV_TILE_BYTES + 1] = "some tile";
	struct gv_sumdbdisk s;
	struct stat st;
	char *data = NULL;
	size_t len = 0;

	open_in(&s, "tiles");
	ok(!gv_sumdbdisk_cache_read(&s, path, &data, &len), "an empty cache has nothing");
	umask(077);
	gv_sumdbdisk_cache_write(&s, path, tile, GV_TILE_BYTES);
	umask(022);
	ok(gv_sumdbdisk_cache_read(&s, path, &data, &len) && len == GV_TILE_BYTES && memcmp(data, tile, len) == 0,
	   "a tile comes back");
	free(data);
	file = gv_xasprintf("%s/tiles/cache/host.test/sub/%s", root, path);
	ok(stat(file, &st) == 0 && (st.st_mode & 0777) == 0644, "it is where cmd/go would put it, readable: %s", path);
	gv_sumdbdisk_cache_write(&s, part, tile, 237 * 32);
	gv_sumdbdisk_cache_write(&s, part, "other", 5);
	ok(gv_sumdbdisk_cache_read(&s, part, &data, &len) && len == 5, "it can be replaced");
	free(data);
	for (size_t i = 0; i < GV_ARRAY_LEN(outside); i++) {
		gv_sumdbdisk_cache_write(&s, outside[i], tile, 32);
		ok(!gv_sumdbdisk_cache_read(&s, outside[i], &data, &len), "'%s' is not a tile", outside[i]);
	}
	put(file, "", 0);
	ok(!gv_sumdbdisk_cache_read(&s, path, &data, &len), "an empty file is not a tile");
	put(file, tile, sizeof(tile));
	ok(!gv_sumdbdisk_cache_read(&s, path, &data, &len), "a file that is too long is not a tile");
	ok(unlink(file) == 0 && mkdir(file, 0755) == 0 && !gv_sumdbdisk_cache_read(&s, path, &data, &len),
	   "a directory is not a tile");
	gv_sumdbdisk_cache_write(&s, path, tile, 32);
	leftovers = gv_xasprintf("ls %s/tiles/cache/host.test/sub/tile/8/0/x097 | grep -c tmp >/dev/null", root);
	ok(system(leftovers) != 0, "a failed write leaves nothing behind");
	gv_sumdbdisk_release(&s);
}

static void
test_head(void)
{
	struct gv_sumdbdisk s;
	struct gv_err err = GV_ERR_INIT;
	char *note = NULL;

	open_in(&s, "head");
	ok(gv_sumdbdisk_head_read(&s, &note, &err) == 0 && note[0] == '\0', "no head at first");
	free(note);
	ok(gv_sumdbdisk_head_swap(&s, "", "one", &err) == 1, "the first is stored");
	ok(gv_sumdbdisk_head_swap(&s, "", "two", &err) == 0, "not if there is another");
	ok(gv_sumdbdisk_head_swap(&s, "on", "two", &err) == 0, "not if the old one differs");
	ok(gv_sumdbdisk_head_swap(&s, "one", "two", &err) == 1, "but if the old one is the one that was read");
	ok(gv_sumdbdisk_head_read(&s, &note, &err) == 0 && strcmp(note, "two") == 0, "and is stored");
	free(note);
	put(s.head_file, "", 0);
	ok(gv_sumdbdisk_head_read(&s, &note, &err) == 0 && note[0] == '\0',
	   "an empty file means no head, as in cmd/go");
	free(note);
	put(s.head_file, "a\0b", 3);
	ok(gv_sumdbdisk_head_read(&s, &note, &err) == -1 && err.code == GV_EPROOF &&
	       strstr(err.msg, s.head_file) != NULL,
	   "a damaged one is named: %s", err.msg);
	gv_err_clear(&err);
	ok(gv_sumdbdisk_head_swap(&s, "", "x", &err) == -1 && err.code == GV_EPROOF, "and not overwritten");
	gv_err_clear(&err);
	ok(unlink(s.head_file) == 0 && mkdir(s.head_file, 0755) == 0 && gv_sumdbdisk_head_read(&s, &note, &err) == -1,
	   "a directory is not a head: %s", err.msg);
	gv_sumdbdisk_release(&s);
}

static void
test_unwritable(void)
{
	gv_autofree char *file = gv_xasprintf("%s/file", root);
	struct gv_sumdbdisk s;
	struct gv_err err = GV_ERR_INIT;
	char *data = NULL, *note = NULL;
	size_t len = 0;

	put(file, "x", 1);
	open_in(&s, "file/below");
	gv_sumdbdisk_cache_write(&s, "tile/8/0/000", "x", 1);
	ok(!gv_sumdbdisk_cache_read(&s, "tile/8/0/000", &data, &len), "an unwritable cache is empty");
	ok(gv_sumdbdisk_head_read(&s, &note, &err) == 0 && note[0] == '\0', "there is no head");
	free(note);
	ok(gv_sumdbdisk_head_swap(&s, "", "one", &err) == -1 && err.code == GV_EIO, "and none can be stored: %s",
	   err.msg);
	gv_sumdbdisk_release(&s);
}

enum { WRITERS = 4, ROUNDS = 25 };

/* One process that counts up in the head and retries until it succeeds. */
static void
writer(struct gv_sumdbdisk *s)
{
	for (int i = 0; i < ROUNDS;) {
		struct gv_err err = GV_ERR_INIT;
		char *old = NULL, text[16];
		int rc;

		if (gv_sumdbdisk_head_read(s, &old, &err) < 0)
			_exit(1);
		snprintf(text, sizeof(text), "%d", (int)strtol(old, NULL, 10) + 1);
		rc = gv_sumdbdisk_head_swap(s, old, text, &err);
		free(old);
		if (rc < 0)
			_exit(1);
		i += rc;
	}
	_exit(0);
}

static void
test_parallel(void)
{
	struct gv_sumdbdisk s;
	struct gv_err err = GV_ERR_INIT;
	char *note = NULL;
	int bad = 0, count = 0;

	open_in(&s, "parallel");
	fflush(stdout);
	for (int i = 0; i < WRITERS; i++) {
		if (fork() == 0)
			writer(&s);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status = -1;

		bad += wait(&status) < 0 || status != 0;
	}
	if (gv_sumdbdisk_head_read(&s, &note, &err) == 0)
		count = (int)strtol(note, NULL, 10);
	ok(bad == 0 && count == WRITERS * ROUNDS, "no update is lost among %d processes: %d", WRITERS, count);
	free(note);
	gv_sumdbdisk_release(&s);
}

int
main(void)
{
	struct gv_err err = GV_ERR_INIT;

	tap_need(mkdtemp(root) != NULL, "a directory");
	test_tiles();
	test_head();
	test_unwritable();
	test_parallel();
	ok(gv_fs_remove_tree(AT_FDCWD, root, &err) == 0, "clean up");
	return tap_done();
}
