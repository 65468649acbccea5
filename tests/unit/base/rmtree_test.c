/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

#define EXCHANGE 2u /* RENAME_EXCHANGE of linux/fs.h, which musl does not declare */

static char work[] = "/tmp/gover-rmtree-XXXXXX";

static char *
at(const char *name)
{
	return gv_path_join(work, name);
}

static void
make_file(const char *name)
{
	gv_autofree char *path = at(name);
	FILE *f = fopen(path, "w");

	tap_need(f != NULL && fputs("x", f) >= 0 && fclose(f) == 0, "a file %s", name);
}

static void
make_dir(const char *name)
{
	gv_autofree char *path = at(name);
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_fs_mkdir_p(path, &err) == 0, "a directory %s", name);
}

static bool
removed(const char *name)
{
	gv_autofree char *path = at(name);
	struct gv_err err = GV_ERR_INIT;
	struct stat st;
	bool done = gv_fs_remove_tree(AT_FDCWD, path, &err) == 0;

	if (!done)
		printf("# %s\n", err.msg);
	return done && lstat(path, &st) < 0;
}

static mode_t
mode_of(const char *name)
{
	gv_autofree char *path = at(name);
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
test_kinds(void)
{
	gv_autofree char *locked = at("a/locked"), *closed = at("a/b/closed"), *outside = at("outside"),
			 *link = at("a/link"), *top = at("top");

	ok(removed("nothing"), "removing a name that does not exist succeeds");
	make_file("file");
	ok(removed("file"), "a file is removed");
	make_dir("outside");
	make_file("outside/kept");
	make_dir("a/b/closed/in");
	make_dir("a/locked");
	make_file("a/locked/file");
	make_file("a/b/file");
	tap_need(symlink(outside, link) == 0 && chmod(locked, 0555) == 0 && chmod(closed, 0) == 0, "modes and a link");
	ok(removed("a"), "a tree with a read-only directory and one of mode 0 is removed");
	ok(mode_of("outside/kept") != 0 && mode_of("outside") == 0755,
	   "the target of a link in the tree does not change");
	tap_need(symlink(outside, top) == 0, "a link");
	ok(removed("top") && mode_of("outside/kept") != 0,
	   "when the name is a link, the link is removed and its target stays");
}

/* A tree with more levels than we may open descriptors, and with paths longer than PATH_MAX. */
static void
test_deep(void)
{
	struct rlimit few, before = { 0 };
	int levels = 0, fd = open(work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (const char *name = "deep"; fd >= 0 && levels < 3000; levels++, name = "d") {
		int below = mkdirat(fd, name, 0700) == 0 ? openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

		close(fd);
		fd = below;
	}
	tap_need(fd >= 0 && getrlimit(RLIMIT_NOFILE, &before) == 0, "a deep tree");
	close(fd);
	few = before;
	few.rlim_cur = 10;
	tap_need(setrlimit(RLIMIT_NOFILE, &few) == 0, "few descriptors");
	ok(removed("deep"), "a tree of %d levels is removed with 10 descriptors", levels);
	setrlimit(RLIMIT_NOFILE, &before);
}

static atomic_bool swapping;

/* Act as another user who owns the tree: replace a directory by a link to `outside`, and back, all the time. */
static void *
swap(void *arg)
{
	gv_autofree char *dir = at("race/dir"), *link = at("race/link");

	(void)arg;
	while (atomic_load(&swapping))
		syscall(SYS_renameat2, AT_FDCWD, dir, AT_FDCWD, link, EXCHANGE);
	return NULL;
}

static void
test_race(void)
{
	gv_autofree char *outside = at("outside"), *dir = at("race/dir"), *link = at("race/link");
	int turns = getenv("GOVER_LONG_TESTS") != NULL ? 20000 : 2000;
	bool kept = true;
	pthread_t thread;

	make_dir("race");
	atomic_store(&swapping, true);
	tap_need(pthread_create(&thread, NULL, swap, NULL) == 0, "a thread");
	for (int i = 0; i < turns && kept; i++) {
		struct gv_err ignored = GV_ERR_INIT;

		/* The last turn may have left a directory at `link`. */
		rmdir(link);
		(void)!symlink(outside, link);
		mkdir(dir, 0700);
		if (gv_fs_remove_tree(AT_FDCWD, dir, &ignored) < 0)
			gv_err_clear(&ignored);
		kept = mode_of("outside") == 0755 && mode_of("outside/kept") != 0;
	}
	atomic_store(&swapping, false);
	pthread_join(thread, NULL);
	ok(kept, "nothing outside changes when a directory becomes a link meanwhile");
	ok(removed("race"), "the tree is removed once nobody changes it");
}

int
main(void)
{
	tap_need(mkdtemp(work) != NULL, "a directory");
	test_kinds();
	test_deep();
	test_race();
	ok(removed(""), "the work directory is removed");
	return tap_done();
}
