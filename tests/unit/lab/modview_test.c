/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "validate/modview.h"

static char work[] = "/tmp/gover-modview-XXXXXX";
static char *cache, *views;

static void
put(const char *name)
{
	gv_autofree char *path = gv_path_join(cache, name), *dir = gv_xstrdup(path);
	struct gv_err err = GV_ERR_INIT;

	gv_path_parent(dir);
	tap_need(gv_fs_mkdir_p(dir, &err) == 0 && gv_fs_replace(path, name, strlen(name), 0644, &err) == 0, "%s: %s",
		 name, err.msg);
}

static bool
same_file(const char *view, const char *name)
{
	gv_autofree char *there = gv_path_join(view, name), *mine = gv_path_join(cache, name);
	struct stat a, b;

	return stat(there, &a) == 0 && stat(mine, &b) == 0 && a.st_ino == b.st_ino;
}

static bool
has(const char *view, const char *name)
{
	gv_autofree char *path = gv_path_join(view, name);

	return gv_fs_exists(path);
}

static unsigned
entries(const char *dir)
{
	gv_autodir DIR *d = opendir(dir);
	struct dirent *e;
	unsigned n = 0;

	while (d != NULL && (e = readdir(d)) != NULL)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	return n;
}

static struct gv_modset
set_of(const char *key)
{
	struct gv_modset s = { .key = gv_xstrdup(key) };

	gv_strv_add(&s.paths, "cache/download/example.com/mine/@v/v1.0.0.info");
	gv_strv_add(&s.paths, "cache/download/example.com/mine/@v/v1.0.0.mod");
	gv_strv_add(&s.paths, "example.com/mine@v1.0.0");
	return s;
}

static void
test_view(void)
{
	gv_autofree char *link = gv_path_join(cache, "example.com/mine@v1.0.0/link"), *first = NULL, *again = NULL;
	struct gv_modset s = set_of("modules abc");
	struct gv_err err = GV_ERR_INIT;
	struct stat before, after;

	put("cache/download/example.com/mine/@v/v1.0.0.mod");
	put("example.com/mine@v1.0.0/a/b/c.go");
	put("example.com/private@v1.0.0/secret.go");
	put("cache/download/example.com/private/@v/v1.0.0.mod");
	tap_need(symlink("../private@v1.0.0", link) == 0, "a link");
	first = gv_modview_make(views, cache, &s, &err);
	tap_need(first != NULL, "a view: %s", err.msg);
	ok(same_file(first, "cache/download/example.com/mine/@v/v1.0.0.mod") &&
	       same_file(first, "example.com/mine@v1.0.0/a/b/c.go"),
	   "a view has the set's files, and takes no space");
	ok(!has(first, "cache/download/example.com/mine/@v/v1.0.0.info"), "what the cache lacks is left out");
	ok(!has(first, "example.com/private@v1.0.0") && !has(first, "cache/download/example.com/private") &&
	       !has(first, "example.com/mine@v1.0.0/link"),
	   "another project's module is not there, nor a link to it");
	tap_need(stat(first, &before) == 0, "a directory");
	again = gv_modview_make(views, cache, &s, &err);
	ok(again != NULL && strcmp(first, again) == 0 && stat(again, &after) == 0 && after.st_ino == before.st_ino,
	   "the same set has the same view");
	ok(entries(views) == 1, "and nothing is left beside it");
	gv_modset_release(&s);
}

static void
test_sweep(void)
{
	const struct timespec week[2] = { { .tv_sec = time(NULL) - 8 * 24 * 3600 },
					  { .tv_sec = time(NULL) - 8 * 24 * 3600 } };
	gv_autofree char *old = gv_path_join(views, "abc"), *used = NULL;
	struct gv_modset s = set_of("modules def");
	struct gv_err err = GV_ERR_INIT;

	used = gv_modview_make(views, cache, &s, &err);
	tap_need(used != NULL && utimensat(AT_FDCWD, old, week, 0) == 0 && utimensat(AT_FDCWD, used, week, 0) == 0,
		 "two old views");
	free(gv_modview_make(views, cache, &s, &err));
	gv_modview_sweep(views);
	ok(!gv_fs_exists(old) && gv_fs_exists(used), "a view that nobody used for a week is removed, another stays");
	ok(has(cache, "example.com/mine@v1.0.0/a/b/c.go"), "the cache keeps its files");
	gv_modset_release(&s);
}

int
main(void)
{
	struct gv_err err = GV_ERR_INIT;

	tap_need(mkdtemp(work) != NULL, "a directory");
	cache = gv_path_join(work, "cache");
	views = gv_path_join(work, "views");
	test_view();
	test_sweep();
	ok(gv_fs_remove_tree(AT_FDCWD, work, &err) == 0, "all is removed");
	free(cache);
	free(views);
	return tap_done();
}
