/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/commit.h"
#include "store/lock.h"
#include "store/manifest.h"
#include "store/staging.h"
#include "store/sumfile.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

#define H1 "h1:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM="

static char root[] = "store-test-XXXXXX";

static struct gv_dirs
make_dirs(void)
{
	struct gv_dirs d = { 0 };
	struct gv_err err = GV_ERR_INIT;
	char **const all[] = { &d.sdks, &d.staging, &d.manifests, &d.locks };
	static const char *const names[] = { "sdks", "staging", "manifests", "locks" };

	for (size_t i = 0; i < GV_ARRAY_LEN(all); i++) {
		*all[i] = gv_path_join(root, names[i]);
		tap_need(gv_fs_mkdir_p(*all[i], &err) == 0, "%s", err.msg);
	}
	return d;
}

static bool
is_at(const char *dir, const char *name)
{
	gv_autofree char *path = gv_path_join(dir, name);

	return gv_fs_exists(path);
}

/* Start a child that runs `child`, reports that it is ready, and then waits to be killed. */
static pid_t
start(void (*child)(const struct gv_dirs *), const struct gv_dirs *d)
{
	int ready[2];
	char c;
	pid_t pid;

	tap_need(pipe(ready) == 0, "a pipe");
	fflush(stdout);
	pid = fork();
	tap_need(pid >= 0, "a process");
	if (pid == 0) {
		child(d);
		if (write(ready[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	tap_need(read(ready[0], &c, 1) == 1, "a child that is ready");
	close(ready[0]);
	return pid;
}

static void
stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
hold_lock(const struct gv_dirs *d)
{
	static struct gv_lock l = GV_LOCK_INIT;
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_lock_take(&l, d->locks, "go1.22.3", NULL, &err) == 0, "%s", err.msg);
}

/* The waiter's callback kills the owner, whose pid it gets. */
static void
on_waiting(void *arg, long pid)
{
	*(long *)arg = pid;
	kill((pid_t)pid, SIGKILL);
}

static void
test_lock(const struct gv_dirs *d)
{
	struct gv_lock l = GV_LOCK_INIT, other = GV_LOCK_INIT;
	struct gv_err err = GV_ERR_INIT;
	long told = 0;
	struct gv_lock_waiting waiting = { .say = on_waiting, .arg = &told };
	pid_t pid = start(hold_lock, d);

	ok(!gv_lock_try(&l, d->locks, "go1.22.3"), "the lock of a living process cannot be taken");
	ok(gv_lock_try(&other, d->locks, "go1.21.6"), "another version's lock can");
	ok(gv_lock_take(&l, d->locks, "go1.22.3", &waiting, &err) == 0 && told == pid,
	   "a waiting process gets the owner's pid, and the lock when the owner dies");
	waitpid(pid, NULL, 0);
	gv_lock_release(&l);
	ok(gv_lock_try(&l, d->locks, "go1.22.3"), "a released lock is free");
	gv_lock_release(&l);
	gv_lock_release(&other);
	ok(gv_lock_take(&l, "no/such/dir", "go1", NULL, &err) < 0 && err.code == GV_EIO, "no directory: %s", err.msg);
}

static void
make_staging(const struct gv_dirs *d)
{
	static struct gv_staging s = GV_STAGING_INIT;
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_staging_make(&s, d, &err) == 0, "%s", err.msg);
	put_file(s.path, "half", "half", 0644);
}

static size_t
count(const char *dir)
{
	gv_autodir DIR *dp = opendir(dir);
	size_t n = 0;

	while (dp != NULL && readdir(dp) != NULL)
		n++;
	return n - 2;
}

static void
test_sweep(const struct gv_dirs *d)
{
	pid_t alive = start(make_staging, d), dead = start(make_staging, d);
	gv_autolock struct gv_lock lock = GV_LOCK_INIT;
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *sdk = gv_path_join(d->sdks, "go1.22.3");

	stop(dead);
	ok(count(d->staging) == 2, "two processes stage");
	gv_staging_sweep(d);
	ok(count(d->staging) == 1, "a dead process's directory is swept, a living one's stays");
	stop(alive);
	gv_staging_sweep(d);
	ok(count(d->staging) == 0, "it is swept when that process is dead, too");

	tap_need(gv_fs_mkdir_p(sdk, &err) == 0 && gv_lock_take(&lock, d->locks, "go1.20.1", NULL, &err) == 0, "%s",
		 err.msg);
	put_file(d->manifests, "go1.22.3", "x", 0644);
	put_file(d->manifests, "go1.22.3.new", "x", 0644);
	put_file(d->manifests, "go1.19.1", "x", 0644);
	put_file(d->manifests, "go1.20.1", "x", 0644);
	put_file(d->manifests, "go1.20.1.new", "x", 0644);
	gv_staging_sweep(d);
	ok(is_at(d->manifests, "go1.22.3"), "a manifest with its SDK stays");
	ok(!is_at(d->manifests, "go1.19.1"), "one without is removed");
	ok(!is_at(d->manifests, "go1.22.3.new"), "so is one that was being written");
	ok(is_at(d->manifests, "go1.20.1") && is_at(d->manifests, "go1.20.1.new"),
	   "unless its version is being installed");
	gv_lock_release(&lock);
	gv_staging_sweep(d);
	ok(!is_at(d->manifests, "go1.20.1") && !is_at(d->manifests, "go1.20.1.new"),
	   "when the install is over, they are removed");
	unlinkat(AT_FDCWD, sdk, AT_REMOVEDIR);
}

static struct gv_manifest
sample(enum gv_proof_kind proof, const char *witness)
{
	struct gv_manifest m = {
		.version = gv_xstrdup("1.22.3"),
		.platform = gv_xstrdup("linux-amd64"),
		.origin = gv_xstrdup("goproxy"),
		.source = gv_xstrdup("https://proxy.example/a file.zip"),
		.h1 = H1,
		.proof = proof,
		.witness = witness != NULL ? gv_xstrdup(witness) : NULL,
		.record = proof == GV_PROOF_NONE ? 0 : 25587261,
		.tree_size = proof == GV_PROOF_LOG ? 51678125 : 0,
	};

	m.files = gv_xcalloc(2, sizeof(*m.files));
	m.n_files = 2;
	m.files[0] = (struct gv_unpack_file){ .path = gv_xstrdup("VERSION"), .size = 9, .mode = 0444 };
	m.files[1] = (struct gv_unpack_file){ .path = gv_xstrdup("a b/go"), .size = 1ull << 33, .mode = 0555 };
	m.files[1].sha256[31] = 0xa5;
	return m;
}

static bool
same(const struct gv_manifest *a, const struct gv_manifest *b)
{
	return strcmp(a->version, b->version) == 0 && strcmp(a->platform, b->platform) == 0 &&
	       strcmp(a->origin, b->origin) == 0 && strcmp(a->source, b->source) == 0 && strcmp(a->h1, b->h1) == 0 &&
	       a->proof == b->proof && a->record == b->record && a->tree_size == b->tree_size &&
	       (a->witness == NULL ? b->witness == NULL : strcmp(a->witness, b->witness) == 0);
}

static void
test_manifest(const struct gv_dirs *d)
{
	static const struct {
		enum gv_proof_kind proof;
		const char *witness, *what;
	} cases[] = {
		{ GV_PROOF_LOG, "sum.golang.org", "the log" },
		{ GV_PROOF_FILE, "/home/me/a project/gover.sum", "a gover.sum" },
		{ GV_PROOF_NONE, NULL, "nobody" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_manifest m = sample(cases[i].proof, cases[i].witness), all = { 0 }, head = { 0 };
		struct gv_err err = GV_ERR_INIT;
		gv_autofree char *from = gv_path_join(d->manifests, "go1.22.3.new"),
				 *to = gv_path_join(d->manifests, "go1.22.3");

		ok(gv_manifest_write_new(&m, d->manifests, "go1.22.3", &err) == 0 && rename(from, to) == 0 &&
		       gv_manifest_read(&all, d->manifests, "go1.22.3", true, &err) == 0 && same(&m, &all),
		   "a manifest proven by %s is read as it was written %s", cases[i].what, err.msg);
		ok(all.n_files == 2 && strcmp(all.files[1].path, "a b/go") == 0 && all.files[1].size == 1ull << 33 &&
		       all.files[1].mode == 0555 && all.files[1].sha256[31] == 0xa5 && all.files[0].mode == 0444,
		   "with its files");
		ok(gv_manifest_read(&head, d->manifests, "go1.22.3", false, &err) == 0 && same(&m, &head) &&
		       head.n_files == 0,
		   "or without them");
		gv_manifest_release(&m);
		gv_manifest_release(&all);
		gv_manifest_release(&head);
	}
}

#define HEAD "version 1.22.3\nplatform linux-amd64\nsource goproxy x\nh1 " H1 "\n"
#define SHA  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
test_bad_manifests(const struct gv_dirs *d)
{
	static const struct {
		const char *text, *what;
	} cases[] = {
		{ "", "an empty file" },
		{ "something else\n", "another file" },
		{ "gover-manifest 2\n" HEAD "proof none\nfiles 0\n", "a newer format" },
		{ "gover-manifest 1", "no newline" },
		{ "gover-manifest 1\n" HEAD, "cut above the proof" },
		{ "gover-manifest 1\n" HEAD "proof maybe\nfiles 0\n", "an unknown proof" },
		{ "gover-manifest 1\n" HEAD "proof log sum.golang.org 1\nfiles 0\n", "a proof without its numbers" },
		{ "gover-manifest 1\n" HEAD "proof none\nfiles -1\n", "a negative count" },
		{ "gover-manifest 1\n" HEAD "proof none\nfiles 99999999999\n", "a huge count" },
		{ "gover-manifest 1\n" HEAD "proof none\nfiles 1\n", "fewer files than it says" },
		{ "gover-manifest 1\n" HEAD "proof none\nfiles 0\n" SHA " 444 1 x\n", "more files than it says" },
		{ "gover-manifest 1\n" HEAD "proof none\nfiles 1\n" SHA " 644 1 x\n", "an unknown mode" },
		{ "gover-manifest 1\n" HEAD "proof none\nfiles 1\n" SHA " 444 x x\n", "a size that is not a number" },
		{ "gover-manifest 1\n" HEAD "proof none\nfiles 1\n" SHA " 444 1 \n", "no path" },
		{ "gover-manifest 1\n" HEAD "proof none\nfiles 1\nx" SHA " 444 1 x\n", "a bad hash" },
	};
	struct gv_manifest m = { 0 };
	struct gv_err err = GV_ERR_INIT;

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		put_file(d->manifests, "bad", cases[i].text, 0644);
		err = (struct gv_err)GV_ERR_INIT;
		ok(gv_manifest_read(&m, d->manifests, "bad", true, &err) < 0 && err.code == GV_EFORMAT,
		   "%s is refused: %s", cases[i].what, err.msg);
	}
	ok(gv_manifest_read(&m, d->manifests, "none", true, &err) < 0 && err.sys == ENOENT,
	   "a missing manifest has its own error");
}

static void
test_sumfile(void)
{
	gv_autofree char *cwd = getcwd(NULL, 0), *top = gv_path_join(cwd, root), *deep = gv_path_join(top, "a/b/c"),
			 *mid = gv_path_join(top, "a");
	struct gv_sumfile_pin pin = { .file = NULL };
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_fs_mkdir_p(deep, &err) == 0, "%s", err.msg);
	put_file(top, "gover.sum", "golang.org/toolchain v1 " H1 "\n\ngolang.org/toolchain v2 " H1 "\n", 0644);
	ok(gv_sumfile_find(&pin, deep, "golang.org/toolchain", "v2", &err) == 1 && strcmp(pin.h1, H1) == 0 &&
	       pin.line == 3,
	   "a gover.sum further up is found");
	ok(pin.file != NULL && strncmp(pin.file, top, strlen(top)) == 0, "and named");
	free(pin.file);
	ok(gv_sumfile_find(&pin, deep, "golang.org/toolchain", "v3", &err) == 0,
	   "a version that it does not name is not pinned");
	put_file(mid, "gover.sum", "golang.org/toolchain v1 " H1 "\n", 0644);
	ok(gv_sumfile_find(&pin, deep, "golang.org/toolchain", "v2", &err) == 0, "only the nearest one is used");
	put_file(mid, "gover.sum", "golang.org/toolchain v2\n", 0644);
	ok(gv_sumfile_find(&pin, deep, "golang.org/toolchain", "v2", &err) < 0 && err.code == GV_EFORMAT &&
	       strstr(err.msg, "gover.sum:1: ") != NULL,
	   "a malformed line is named: %s", err.msg);
}

/* Another user's file, in a private directory and in one that anybody can write to. */
static void
test_foreign_sumfile(void)
{
	gv_autofree char *cwd = getcwd(NULL, 0), *top = gv_path_join(cwd, root), *open_dir = gv_path_join(top, "open"),
			 *deep = gv_path_join(open_dir, "sub"), *file = gv_path_join(open_dir, GV_SUMFILE_NAME);
	gv_autofree char *ignored = NULL, *none = NULL;
	struct gv_sumfile_pin pin = { .file = NULL };
	struct gv_err err = GV_ERR_INIT;

	if (geteuid() != 0) {
		ok(true, "# SKIP needs another user's file");
		return;
	}
	if (gv_fs_mkdir_p(deep, &err) < 0 || chmod(open_dir, 0755) < 0)
		abort();
	put_file(open_dir, GV_SUMFILE_NAME, "golang.org/toolchain v1\n", 0644);
	if (chown(file, 65534, 65534) < 0)
		abort();
	none = gv_sumfile_ignored(deep);
	ok(gv_sumfile_find(&pin, deep, "golang.org/toolchain", "v1", &err) < 0 && err.code == GV_EFORMAT &&
	       none == NULL,
	   "another user's file is used where only some may write");
	if (chmod(open_dir, 01777) < 0)
		abort();
	gv_err_clear(&err);
	ok(gv_sumfile_find(&pin, deep, "golang.org/toolchain", "v1", &err) == 1 && strstr(pin.file, "/open/") == NULL,
	   "where anybody can write it is ignored, and one further up is used %s", err.msg);
	ignored = gv_sumfile_ignored(deep);
	ok(ignored != NULL && strcmp(ignored, file) == 0, "and named");
	free(pin.file);
	/* For a link, the link's owner counts, not the target's. */
	if (unlink(file) < 0 || symlink("/etc/passwd", file) < 0 || lchown(file, 65534, 65534) < 0)
		abort();
	ok(gv_sumfile_find(&pin, deep, "golang.org/toolchain", "v1", &err) == 1, "and so is a link %s", err.msg);
	free(pin.file);
	if (unlink(file) < 0)
		abort();
	put_file(open_dir, GV_SUMFILE_NAME, "golang.org/toolchain v1\n", 0644);
	ok(gv_sumfile_find(&pin, deep, "golang.org/toolchain", "v1", &err) < 0, "one's own file is used there, too");
}

/* Commit a new SDK, and one that replaces another. */
static void
test_commit(const struct gv_dirs *d)
{
	for (int i = 0; i < 2; i++) {
		struct gv_manifest m = sample(GV_PROOF_NONE, NULL), back = { 0 };
		struct gv_staging s = GV_STAGING_INIT;
		struct gv_err err = GV_ERR_INIT;
		gv_autofree char *sdk = gv_path_join(d->sdks, "go1.22.3"), *text = NULL;
		size_t len = 0;

		tap_need(gv_staging_make(&s, d, &err) == 0, "%s", err.msg);
		put_file(s.path, "VERSION", i == 0 ? "first" : "second", 0644);
		ok(gv_commit(d, "go1.22.3", &s, &m, &err) == 0, "a tree is made visible %s", err.msg);
		gv_staging_remove(&s);
		ok(gv_fs_is_dir(sdk) && count(d->staging) == 0 && !is_at(d->manifests, "go1.22.3.new") &&
		       gv_manifest_read(&back, d->manifests, "go1.22.3", true, &err) == 0,
		   "with its manifest, and nothing is left over");
		free(sdk);
		sdk = gv_path_join(d->sdks, "go1.22.3/VERSION");
		tap_need(gv_fs_read(AT_FDCWD, sdk, 100, &text, &len, &err) == 0, "%s", err.msg);
		ok(strcmp(text, i == 0 ? "first" : "second") == 0, "it is the %s one", text);
		gv_manifest_release(&m);
		gv_manifest_release(&back);
	}
}

int
main(void)
{
	struct gv_dirs d;
	struct gv_err err = GV_ERR_INIT;

	tap_need(mkdtemp(root) != NULL, "a directory");
	d = make_dirs();
	test_lock(&d);
	test_sweep(&d);
	test_manifest(&d);
	test_bad_manifests(&d);
	test_sumfile();
	test_foreign_sumfile();
	test_commit(&d);
	gv_dirs_release(&d);
	ok(gv_fs_remove_tree(AT_FDCWD, root, &err) == 0, "clean up");
	return tap_done();
}
