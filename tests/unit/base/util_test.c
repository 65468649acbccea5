/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
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
		{ "\xef\xbb\xbf"
		  "1.22",
		  "\\xef\\xbb\\xbf"
		  "1.22" },
		{ "\xc2\xa0"
		  "1.22",
		  "\\xc2\\xa0"
		  "1.22" },
		{ "1\xe2\x80\x8b.22", "1\\xe2\\x80\\x8b.22" },
		{ "alm\xd8\x9c", "alm\\xd8\\x9c" },
		{ "\xc2\xa1\xe4\xb8\x96", "\xc2\xa1\xe4\xb8\x96" },
	};
	char buf[64], small[8];

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_text_clean(buf, sizeof(buf), cases[i].in, strlen(cases[i].in));
		ok(strcmp(buf, cases[i].out) == 0, "a text is shown as '%s'", cases[i].out);
	}
	gv_text_clean(small, sizeof(small), "0123456789", 10);
	ok(strcmp(small, "0123...") == 0, "a long text is cut: %s", small);
	gv_text_clean(small, sizeof(small), "0123456", 7);
	ok(strcmp(small, "0123456") == 0, "a text that just fits is not cut: %s", small);
}

static void
test_room(void)
{
	char small[8];
	int status = 0;
	pid_t pid;

	gv_text_cut(small, sizeof(small), "%s", "01234567");
	ok(strcmp(small, "0123456") == 0, "a text for people is cut: %s", small);
	gv_text_fit(small, sizeof(small), "%d%s", 7, "654321");
	ok(strcmp(small, "7654321") == 0, "a name that just fits is not cut: %s", small);
	pid = fork();
	if (pid == 0) {
		gv_text_fit(small, sizeof(small), "%s", "01234567");
		_exit(0);
	}
	ok(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
	   "a name that does not fit aborts the process");
}

static void
test_err(void)
{
	struct gv_err err = GV_ERR_INIT;

	ok(gv_err_set(&err, GV_EFORMAT, "bad '%s'", "\x1b]0;x") == -1 && strcmp(err.msg, "bad '\\x1b]0;x'") == 0,
	   "a message never contains raw escape sequences");
	gv_err_wrap(&err, "reading '%s'", "f");
	ok(strcmp(err.msg, "reading 'f': bad '\\x1b]0;x'") == 0 && err.code == GV_EFORMAT,
	   "context is put before the message");
}

static void
test_str(void)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autostr struct gv_str s = GV_STR_INIT(8);
	gv_autofree char *out = NULL;

	gv_str_addf(&s, "%d", 1234);
	gv_str_add(&s, "5678");
	ok(!s.over && strcmp(gv_str_text(&s), "12345678") == 0, "a text of the maximum length fits");
	gv_str_addc(&s, '9');
	ok(s.over && (out = gv_str_finish(&s, &err)) == NULL && err.code == GV_ETOOBIG, "one byte more is an error");
}

static void
test_path(void)
{
	char p[] = "/a/b";
	gv_autofree char *j = gv_path_join("/x/", "y"), *r = gv_path_join("/", "y");

	ok(strcmp(j, "/x/y") == 0 && strcmp(r, "/y") == 0, "a join has exactly one slash");
	ok(gv_path_parent(p) && strcmp(p, "/a") == 0, "the parent of /a/b is /a");
	ok(gv_path_parent(p) && strcmp(p, "/") == 0 && !gv_path_parent(p), "the root has no parent");
}

static void
put_program(const char *dir, const char *sub, mode_t mode)
{
	gv_autofree char *path = gv_xasprintf("%s/%s", dir, sub), *file = gv_path_join(path, "tool");
	struct gv_err err = GV_ERR_INIT;

	ok(gv_fs_mkdir_p(path, &err) == 0 && gv_fs_replace(file, "x", 1, mode, &err) == 0, "a file in '%s'", sub);
}

static void
test_search(void)
{
	char dir[] = "/tmp/gover-util-XXXXXX";
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *text = NULL, *first = NULL, *second = NULL, *third = NULL, *folder = NULL;
	const char *path = NULL, *rest;

	ok(gv_path_program(&path, "tool") == NULL, "without PATH no program is found");
	if (!ok(mkdtemp(dir) != NULL && chdir(dir) == 0, "temporary directory"))
		return;
	put_program(dir, "here", 0755);
	put_program(dir, "plain", 0644);
	put_program(dir, "a", 0755);
	put_program(dir, "b", 0755);
	folder = gv_xasprintf("%s/folder/tool", dir);
	ok(gv_fs_mkdir_p(folder, &err) == 0 && chdir("here") == 0, "a directory of that name");
	text = gv_xasprintf(":.:../a:%s/none:%s/plain:%s/folder:%s/a/::%s/b:", dir, dir, dir, dir, dir);
	path = text;
	first = gv_path_program(&path, "tool");
	rest = path;
	second = gv_path_program(&path, "tool");
	third = gv_path_program(&path, "tool");
	ok(first != NULL && strcmp(first + strlen(dir), "/a/tool") == 0,
	   "relative elements and files that cannot be run are skipped: %s", first);
	ok(rest[0] == ':' && second != NULL && strcmp(second + strlen(dir), "/b/tool") == 0,
	   "a second call finds the next program: %s", second);
	ok(third == NULL, "a third call finds none: %s", third);
	ok(chdir("/") == 0 && gv_fs_remove_tree(AT_FDCWD, dir, &err) == 0, "the directory is removed");
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
	ok(gv_fs_mkdir_p(deep, &err) == 0 && gv_fs_is_dir(deep), "mkdir_p makes the parents too");
	ok(gv_fs_replace(file, "one", 3, 0444, &err) == 0 && gv_fs_replace(file, "two", 3, 0444, &err) == 0,
	   "replace also replaces a read-only file");
	ok(gv_fs_read(AT_FDCWD, file, 3, &buf, &len, &err) == 0 && len == 3 && strcmp(buf, "two") == 0,
	   "a file is read back");
	ok(gv_fs_read(AT_FDCWD, file, 2, &buf, &len, &err) == -1 && err.code == GV_ETOOBIG,
	   "a file of one byte too many is refused");
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

	ok(gv_proc_read(&self, getpid(), &err) == 0 && self.ppid == getppid() && self.start > 0,
	   "our own process is found");
	ok(!gv_proc_is_gone(self.pid, self.start) && gv_proc_is_gone(self.pid, self.start + 1) &&
	       gv_proc_is_gone(0x3fffffff, self.start),
	   "a process is gone when no process has its pid, or one with another start time");
	ok(gv_proc_read(&gone, 0x3fffffff, &err) == -1 && err.code == GV_ENOTFOUND,
	   "a pid without a process is not found");
}

static int
status_of(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/*
 * Run a child in a new pid namespace that still has the old /proc. Returns 0 when it has no world and does not call a
 * process gone, or 77 when this is not allowed.
 */
static int
below_old_proc(const struct gv_proc *parent)
{
	char world[GV_PROC_WORLD_MAX];
	pid_t pid = fork();

	if (pid != 0)
		return status_of(pid);
	if (unshare(CLONE_NEWPID) < 0)
		_exit(77);
	pid = fork();
	if (pid != 0)
		_exit(status_of(pid));
	/* In that /proc our pid is another process, which started at another time. */
	_exit(gv_proc_world(world) || world[0] != '\0' || gv_proc_is_gone(getpid(), parent->start));
}

/*
 * Run a child as a user from whom /proc hides the processes of others. Returns 0 when it does not call a hidden process
 * gone, or 77 when this is not allowed.
 */
static int
with_hidepid(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_proc p, seen;
	pid_t pid = fork();

	if (pid != 0)
		return status_of(pid);
	if (unshare(CLONE_NEWNS | CLONE_NEWPID) < 0)
		_exit(77);
	pid = fork();
	if (pid != 0)
		_exit(status_of(pid));
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", 0, "hidepid=2") < 0 || gv_proc_read(&p, 1, &err) < 0)
		_exit(77);
	pid = fork();
	if (pid != 0)
		_exit(status_of(pid));
	/* A member of group 0 would see all processes. */
	if (setgroups(0, NULL) < 0 || setgid(12345) < 0 || setuid(12345) < 0 || gv_proc_read(&seen, 1, &err) == 0)
		_exit(77);
	_exit(gv_proc_is_gone(1, p.start) || !gv_proc_is_gone(0x3fffffff, p.start));
}

/* A process that we cannot see does not count as gone. */
static void
test_unseen(void)
{
	struct gv_err err = GV_ERR_INIT;
	char world[GV_PROC_WORLD_MAX], boot[GV_PROC_BOOT_MAX];
	struct gv_proc self;
	int below, hidden;

	tap_need(gv_proc_read(&self, getpid(), &err) == 0, "own process");
	ok(gv_proc_world(world) && gv_proc_boot(boot) && strncmp(world, boot, strlen(boot)) == 0,
	   "the world begins with the boot id: %s", world);
	fflush(stdout);
	below = below_old_proc(&self);
	hidden = with_hidepid();
	ok(below == 0 || below == 77, "with the /proc of another pid namespace no process counts as gone%s",
	   below == 77 ? " # SKIP not allowed" : "");
	ok(hidden == 0 || hidden == 77, "a process that /proc hides does not count as gone%s",
	   hidden == 77 ? " # SKIP not allowed" : "");
}

/* The wait status of a child that catches signals and then gets `first` and, unless it is 0, `second`. */
static int
ended_by(int first, int second)
{
	struct gv_err err = GV_ERR_INIT;
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		/* A background job may inherit these as ignored, and gv_sig_catch() would leave them so. */
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
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

	ok(ended_by(SIGTERM, 0) == 0, "the first signal only sets a flag");
	ok(WIFSIGNALED(twice) && WTERMSIG(twice) == SIGINT, "a second signal of the same kind ends the process");
	ok(WIFSIGNALED(mixed) && WTERMSIG(mixed) == SIGTERM, "a second signal of another kind ends the process");
}

int
main(void)
{
	test_clean();
	test_room();
	test_err();
	test_str();
	test_path();
	test_search();
	test_fs();
	test_proc();
	test_unseen();
	test_sig();
	return tap_done();
}
