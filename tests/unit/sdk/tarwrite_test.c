/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/tarwrite.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"
#include "util/strv.h"

/* Python reads the tar streams of trees. */
static char *work;

/* Prints "NAME TYPE SIZE UID/GID MODE LINK CONTENT;" for at most argv[1] entries, and then stops reading. */
static const char reader[] = "import itertools, sys, tarfile\n"
			     "tar = tarfile.open(fileobj=sys.stdin.buffer, mode=\"r|\")\n"
			     "for m in itertools.islice(tar, int(sys.argv[1])):\n"
			     "    text = tar.extractfile(m).read().decode() if m.isreg() and m.size < 100 else \"\"\n"
			     "    print(ascii(m.name)[1:-1], m.type.decode(), m.size, \"%d/%d\" % (m.uid, m.gid),\n"
			     "          oct(m.mode)[2:], ascii(m.linkname)[1:-1], text, end=\";\")\n";

/* The entries that Python finds in the stream; NULL with *err when the stream fails. Caller frees. */
static char *
seen(struct gv_source *src, unsigned entries, struct gv_err *err)
{
	gv_autofree char *list = gv_path_join(work, "list"), *text = NULL;
	gv_autofree char *cmd = gv_xasprintf("python3 -c '%s' %u >'%s'", reader, entries, list);
	FILE *to = popen(cmd, "we");
	const void *chunk;
	ssize_t n = -1;
	size_t len;

	tap_need(to != NULL, "a reader");
	/* Python ends after the last entry that it wants. */
	while (src != NULL && (n = src->read(src, &chunk, err)) > 0 && fwrite(chunk, 1, (size_t)n, to) == (size_t)n)
		continue;
	len = (size_t)pclose(to);
	if (n < 0)
		return NULL;
	tap_need(len == 0 && gv_fs_read(AT_FDCWD, list, 1 << 20, &text, &len, err) == 0, "Python's output");
	return gv_steal_ptr(&text);
}

static void
test_tree(void)
{
	gv_autofree char *tree = gv_path_join(work, "tree"), *link = gv_path_join(tree, "link"),
			 *fifo = gv_path_join(tree, "fifo"), *null = gv_path_join(tree, "null"), *list = NULL;
	gv_autostrv struct gv_strv skip = GV_STRV_INIT;
	gv_autosource struct gv_source *src = NULL;
	struct gv_err err = GV_ERR_INIT;

	put_file(tree, "sub/file", "content", 0640);
	put_file(tree, "sub/store", "content", 0644);
	gv_strv_add(&skip, "sub/store");
	tap_need(symlink("/no/where", link) == 0 && mkfifo(fifo, 0644) == 0, "odd files");
	(void)!mknod(null, S_IFCHR | 0666, 0x103); /* root may */
	src = gv_tar_tree(tree, NULL, &skip, 7, 8, &err);
	list = seen(src, 100, &err);
	ok(list != NULL && strncmp(list, ". 5 0 7/8 755  ;", 16) == 0 &&
	       strstr(list, ";sub 5 0 7/8 755  ;sub/file 0 7 7/8 640  content;") != NULL &&
	       strstr(list, ";link 2 0 7/8 777 /no/where ;") != NULL && strstr(list, "fifo") == NULL &&
	       strstr(list, "null") == NULL && strstr(list, "store") == NULL,
	   "a tree, without files that a tar cannot hold: %s%s", list, err.msg);
}

static void
test_as(void)
{
	gv_autofree char *tree = gv_path_join(work, "names"), *file = gv_path_join(tree, "a/b/c"), *list = NULL,
			 *list2 = NULL;
	gv_autosource struct gv_source *src = NULL, *one = NULL;
	struct gv_err err = GV_ERR_INIT;

	put_file(tree, "a/b/c", "c", 0644);
	src = gv_tar_tree(tree, "top", NULL, 0, 0, &err);
	list = seen(src, 100, &err);
	ok(list != NULL && strstr(list, ";top/a/b/c 0 1 0/0 644  c;") != NULL, "a tree below another name: %s%s", list,
	   err.msg);
	one = gv_tar_tree(file, "agent", NULL, 0, 0, &err);
	list2 = seen(one, 100, &err);
	ok(list2 != NULL && strcmp(list2, "agent 0 1 0/0 644  c;") == 0, "a single file: %s%s", list2, err.msg);
}

/* Entries too large for ustar. */
static void
test_large(void)
{
	gv_autofree char *tree = gv_path_join(work, "large"), *big = gv_path_join(work, "big"), *list = NULL,
			 *list2 = NULL, *far = gv_xstrdup(""), *want = NULL;
	gv_autosource struct gv_source *src = NULL, *file = NULL;
	struct gv_err err = GV_ERR_INIT;
	char name[201];
	int fd;

	memset(name, 'n', 200);
	name[200] = '\0';
	for (int i = 0; i < 2; i++) {
		char *longer = gv_path_join(far, name);

		free(far);
		far = longer;
	}
	put_file(tree, far, "far", 0644);
	src = gv_tar_tree(tree, NULL, NULL, 3000000, 4294967294u, &err);
	list = seen(src, 100, &err);
	want = gv_xasprintf(";%s 0 3 3000000/4294967294 644  far;", far);
	ok(list != NULL && strstr(list, want) != NULL, "a large owner and a long name: %.50s...%s", list, err.msg);

	fd = open(big, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	tap_need(fd >= 0 && ftruncate(fd, (8LL << 30) + 5) == 0 && close(fd) == 0, "a large file");
	file = gv_tar_tree(big, "big", NULL, 0, 0, &err);
	list2 = seen(file, 1, &err);
	ok(list2 != NULL && strcmp(list2, "big 0 8589934597 0/0 644  ;") == 0, "a file over 8 GiB: %s%s", list2,
	   err.msg);
}

/* Names are bytes: UTF-8, composed or not, and bytes of no encoding. */
static void
test_names(void)
{
	gv_autofree char *tree = gv_path_join(work, "names"), *list = NULL, *link = gv_path_join(tree, "l");
	gv_autosource struct gv_source *src = NULL;
	struct gv_err err = GV_ERR_INIT;

	put_file(tree, "\xc3\xa4", "1", 0644);
	put_file(tree, "a\xcc\x88", "2", 0644);
	put_file(tree, "\xff", "3", 0644);
	tap_need(symlink("\xc3\xa4", link) == 0, "a link");
	src = gv_tar_tree(tree, NULL, NULL, 0, 0, &err);
	list = seen(src, 100, &err);
	ok(list != NULL && strstr(list, ";\\xe4 0 1 0/0 644  1;") != NULL &&
	       strstr(list, ";a\\u0308 0 1 0/0 644  2;") != NULL && strstr(list, ";\\udcff 0 1 0/0 644  3;") != NULL &&
	       strstr(list, ";l 2 0 0/0 777 \\xe4 ;") != NULL,
	   "names arrive unchanged: %s%s", list, err.msg);
}

static void
test_shrunk(void)
{
	gv_autofree char *tree = gv_path_join(work, "shrunk"), *path = gv_path_join(tree, "f");
	gv_autosource struct gv_source *src = NULL;
	struct gv_err err = GV_ERR_INIT;
	const void *chunk;
	size_t all = 0;
	ssize_t n;

	put_file(tree, "f", "", 0644);
	tap_need(truncate(path, 1 << 20) == 0, "a file");
	src = gv_tar_tree(path, "f", NULL, 0, 0, &err);
	while (src != NULL && (n = src->read(src, &chunk, &err)) > 0) {
		all += (size_t)n;
		tap_need(truncate(path, 10) == 0, "a file that shrinks");
	}
	ok(all == 512 + (1 << 20) + 1024, "a file that shrinks is padded: %zu", all);
}

/* Read a whole stream. Returns its error message, or "". */
static const char *
failure(const char *dir, struct gv_err *err)
{
	gv_autosource struct gv_source *src = gv_tar_tree(dir, NULL, NULL, 0, 0, err);
	const void *chunk;

	while (src != NULL && src->read(src, &chunk, err) > 0)
		continue;
	return err->msg;
}

static void
test_refused(void)
{
	gv_autofree char *deep = gv_path_join(work, "deep"), *missing = gv_path_join(work, "missing");
	struct gv_err err = GV_ERR_INIT, err2 = GV_ERR_INIT, err3 = GV_ERR_INIT;
	gv_autostr struct gv_str path = GV_STR_INIT(4096);

	gv_str_add(&path, deep);
	for (int i = 0; i < 200; i++)
		gv_str_add(&path, "/d");
	tap_need(gv_fs_mkdir_p(gv_str_text(&path), &err) == 0, "a deep tree");
	ok(failure(deep, &err)[0] == '\0', "directories nested 200 deep %s", err.msg);
	put_file(gv_str_text(&path), "d/file", "", 0644);
	ok(failure(deep, &err2)[0] != '\0' && err2.code == GV_ETOOBIG, "a deeper tree is refused: %s", err2.msg);
	ok(failure(missing, &err3)[0] != '\0' && err3.code == GV_EIO, "so is a missing one: %s", err3.msg);
}

/* The reader may close the stream in the middle of a file. */
static void
test_closed(void)
{
	gv_autofree char *big = gv_path_join(work, "big");
	struct gv_err err = GV_ERR_INIT;
	struct gv_source *src = gv_tar_tree(big, "big", NULL, 0, 0, &err);
	const void *chunk;

	if (ok(src != NULL && src->read(src, &chunk, &err) > 0, "a stream that is closed early"))
		src->close(src);
}

int
main(void)
{
	char dir[] = "/tmp/gover-tarwrite-test-XXXXXX";
	struct gv_err err = GV_ERR_INIT;

	if (system("python3 -c '' >/dev/null 2>&1") != 0) {
		printf("1..0 # SKIP python3 not found\n");
		return 0;
	}
	signal(SIGPIPE, SIG_IGN);
	work = mkdtemp(dir);
	tap_need(work != NULL, "a directory");
	test_tree();
	test_as();
	test_large();
	test_names();
	test_shrunk();
	test_refused();
	test_closed();
	if (gv_fs_remove_tree(AT_FDCWD, work, &err) < 0)
		printf("# %s\n", err.msg);
	return tap_done();
}
