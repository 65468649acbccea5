/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/err.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/proc.h"
#include "util/sig.h"
#include "util/str.h"
#include "util/text.h"

static void
test_clean(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "plain 1.22.3", "plain 1.22.3" },
		{ "\x1b[31mred", "\\x1b[31mred" },
		{ "bell\x07", "bell\\x07" },
		{ "na\xc3\xafve", "na\xc3\xafve" },
		{ "c1\xc2\x9b", "c1\\xc2\\x9b" },
		{ "bad\xff", "bad\\xff" },
		{ "over\xc0\xaf", "over\\xc0\\xaf" },
		{ "bidi\xe2\x80\xae", "bidi\\xe2\\x80\\xae" },
		{ "two\nlines", "two\\x0alines" },
		{ "\xef\xbb\xbf" "1.22", "\\xef\\xbb\\xbf" "1.22" },
		{ "\xc2\xa0" "1.22", "\\xc2\\xa0" "1.22" },
		{ "1\xe2\x80\x8b.22", "1\\xe2\\x80\\x8b.22" },
		{ "alm\xd8\x9c", "alm\\xd8\\x9c" },
		{ "\xc2\xa1\xe4\xb8\x96", "\xc2\xa1\xe4\xb8\x96" },
	};
	char buf[64], small[8];

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_text_clean(buf, sizeof(buf), cases[i].in, strlen(cases[i].in));
		ok(strcmp(buf, cases[i].out) == 0, "'%s' is shown as that", cases[i].out);
	}
	gv_text_clean(small, sizeof(small), "0123456789", 10);
	ok(strcmp(small, "0123...") == 0, "a long text is cut: %s", small);
	gv_text_clean(small, sizeof(small), "0123456", 7);
	ok(strcmp(small, "0123456") == 0, "a text that just fits is whole: %s", small);
}

static void
test_err(void)
{
	struct gv_err err = GV_ERR_INIT;

	ok(gv_err_set(&err, GV_EFORMAT, "bad '%s'", "\x1b]0;x") == -1 && strcmp(err.msg, "bad '\\x1b]0;x'") == 0,
	   "a message never holds raw escapes");
	gv_err_wrap(&err, "reading '%s'", "f");
	ok(strcmp(err.msg, "reading 'f': bad '\\x1b]0;x'") == 0 && err.code == GV_EFORMAT, "context goes before");
}

static void
test_str(void)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autostr struct gv_str s = GV_STR_INIT(8);
	gv_autofree char *out = NULL;

	gv_str_addf(&s, "%d", 1234);
	gv_str_add(&s, "5678");
	ok(!s.over && strcmp(gv_str_text(&s), "12345678") == 0, "the ceiling itself fits");
	gv_str_addc(&s, '9');
	ok(s.over && (out = gv_str_finish(&s, &err)) == NULL && err.code == GV_ETOOBIG, "one more is too big");
}

static void
test_path(void)
{
	char p[] = "/a/b";
	gv_autofree char *j = gv_path_join("/x/", "y"), *r = gv_path_join("/", "y");

	ok(strcmp(j, "/x/y") == 0 && strcmp(r, "/y") == 0, "join puts one slash");
	ok(gv_path_parent(p) && strcmp(p, "/a") == 0, "parent of /a/b");
	ok(gv_path_parent(p) && strcmp(p, "/") == 0 && !gv_path_parent(p), "the root has no parent");
}

static void
test_fs(void)
{
	char dir[] = "/tmp/gover-util-XXXXXX";
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *buf = NULL, *deep = NULL, *file = NULL, *fifo = NULL;
	size_t len = 0;

	if (!ok(mkdtemp(dir) != NULL, "temporary directory"))
		return;
	deep = gv_path_join(dir, "a/b/c");
	file = gv_path_join(deep, "f");
	fifo = gv_path_join(dir, "fifo");
	ok(gv_fs_mkdir_p(deep, &err) == 0 && gv_fs_is_dir(deep), "mkdir_p makes parents");
	ok(gv_fs_replace(file, "one", 3, 0444, &err) == 0 && gv_fs_replace(file, "two", 3, 0444, &err) == 0,
	   "replace also replaces a read-only file");
	ok(gv_fs_read(AT_FDCWD, file, 3, &buf, &len, &err) == 0 && len == 3 && strcmp(buf, "two") == 0, "read back");
	ok(gv_fs_read(AT_FDCWD, file, 2, &buf, &len, &err) == -1 && err.code == GV_ETOOBIG, "one byte too many");
	ok(mkfifo(fifo, 0600) == 0 && gv_fs_read(AT_FDCWD, fifo, 9, &buf, &len, &err) == -1 && err.code == GV_EFORMAT,
	   "a FIFO is refused without blocking");
	ok(gv_fs_read(AT_FDCWD, dir, 9, &buf, &len, &err) == -1, "a directory is refused");
	ok(chmod(deep, 0500) == 0 && gv_fs_remove_tree(AT_FDCWD, dir, &err) == 0 && !gv_fs_exists(dir),
	   "remove_tree removes read-only directories");
}

static void
test_proc(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_proc self, gone;
	char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)"exit 7", NULL };
	int status = -1;

	ok(gv_proc_read(&self, getpid(), &err) == 0 && self.ppid == getppid() && self.start > 0, "own process");
	ok(gv_proc_read(&gone, 0x3fffffff, &err) == -1 && err.code == GV_ENOTFOUND, "no such process");
	ok(gv_proc_run(argv, &status, &err) == 0 && status == 7, "a child's exit status");
}

/* How a child ends that catches signals and then gets two, or one when `second` is 0. */
static int
ended_by(int first, int second)
{
	struct gv_err err = GV_ERR_INIT;
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		gv_sig_catch();
		raise(first);
		if (gv_sig_caught() != first || gv_sig_check(&err) == 0 || err.code != GV_EINTR)
			_exit(1);
		if (second != 0)
			raise(second);
		_exit(0);
	}
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

static void
test_sig(void)
{
	int twice = ended_by(SIGINT, SIGINT), mixed = ended_by(SIGINT, SIGTERM);

	ok(ended_by(SIGTERM, 0) == 0, "one signal is a flag");
	ok(WIFSIGNALED(twice) && WTERMSIG(twice) == SIGINT, "the second ends the process");
	ok(WIFSIGNALED(mixed) && WTERMSIG(mixed) == SIGTERM, "another one, too");
}

int
main(void)
{
	test_clean();
	test_err();
	test_str();
	test_path();
	test_fs();
	test_proc();
	test_sig();
	return tap_done();
}
