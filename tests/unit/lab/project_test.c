/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "project/project.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"

/* The modules of a project, and the versions to try it with. Each case has its own directory. */
static char *work;

static void
put(const char *name, const char *text)
{
	put_file(work, name, text, 0644);
}

static struct gv_project
find(const char *dir)
{
	gv_autofree char *abs = gv_path_join(work, dir);
	struct gv_project p = { 0 };
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_project_find(&p, abs, &err) == 0, "%s: %s", dir, err.msg);
	return p;
}

/* Check that the root is work/`root` and the modules are `modules`: "DIR=PATH GO[ vendored]|...". */
static bool
is(const struct gv_project *p, const char *root, const char *modules)
{
	gv_autofree char *abs = gv_path_join(work, root), *text = NULL;
	struct gv_str got = GV_STR_INIT(65536);
	struct gv_err err = GV_ERR_INIT;

	for (size_t i = 0; i < p->n; i++)
		gv_str_addf(&got, "%s%s=%s %s%s", i > 0 ? "|" : "", p->modules[i].dir, p->modules[i].path,
			    p->modules[i].go, p->modules[i].vendored ? " vendored" : "");
	text = gv_str_finish(&got, &err);
	gv_str_release(&got);
	if (text != NULL && strcmp(text, modules) == 0 && strcmp(p->root, abs) == 0)
		return true;
	printf("# got %s: %s\n", p->root, text != NULL ? text : err.msg);
	return false;
}

static void
check(const char *dir, const char *root, const char *modules, const char *what)
{
	gv_autoproject struct gv_project p = find(dir);

	ok(is(&p, root, modules), "%s", what);
}

static void
test_module(void)
{
	put("one/go.mod", "// module not/this\nmodule \"example.com/one\" // the name\r\n\ngo 1.21\n");
	put("one/pkg/deep/x.go", "package deep\n");
	check("one", "one", ".=example.com/one 1.21", "a module");
	check("one/pkg/deep", "one", ".=example.com/one 1.21", "the same from a directory of a package");
	put("bare/x.go", "package x\n");
	check("bare", "bare", ".= ", "no go.mod: one module without a name");
	put("nogo/go.mod", "module example.com/nogo\n");
	check("nogo", "nogo", ".=example.com/nogo ", "a go.mod without a go line");
}

/* Directories that the go command ignores are left out. */
static void
test_nested(void)
{
	put("nest/.git/HEAD", "ref: refs/heads/main\n");
	put("nest/go.mod", "module example.com/n\ngo 1.20\n");
	put("nest/b/go.mod", "module example.com/n/b\ngo 1.22\n");
	put("nest/a/x/go.mod", "module example.com/n/a/x\ngo 1.18\n");
	put("nest/vendor/v/go.mod", "module v\n");
	put("nest/b/testdata/t/go.mod", "module t\n");
	put("nest/.hidden/go.mod", "module h\n");
	put("nest/_off/go.mod", "module o\n");
	gv_autoproject struct gv_project p = find("nest");

	ok(is(&p, "nest", ".=example.com/n 1.20|a/x=example.com/n/a/x 1.18|b=example.com/n/b 1.22"),
	   "modules below a module, without vendor, testdata, .x and _x");
	ok(strcmp(p.go, "1.22") == 0, "the highest go line counts: %s", p.go);
	check("nest/b", "nest", "b=example.com/n/b 1.22", "from below: that module, and the repository is copied");
	put("below/cmd/go.mod", "module example.com/cmd\ngo 1.22\n");
	check("below", "below", "cmd=example.com/cmd 1.22", "modules below only: the top is none");
}

static void
test_workspace(void)
{
	put("ws/go.work", "go 1.23\n\nuse ./a/ // the first\nuse (\n\t\"./b/c\"\n\t// ./not\n)\nreplace x => ./y\n");
	put("ws/a/go.mod", "module example.com/a\ngo 1.22\n");
	put("ws/b/c/go.mod", "module example.com/c\ngo 1.20\n");
	put("ws/not/go.mod", "module example.com/not\ngo 1.99\n");
	put("dot/go.work", "go 1.22\nuse .\n");
	put("dot/go.mod", "module example.com/dot\ngo 1.22\n");
	put("repo/.git/HEAD", "ref: refs/heads/main\n");
	put("repo/src/go.work", "go 1.22\nuse (\n\t.\n\t./in\n)\n");
	put("repo/src/go.mod", "module example.com/src\ngo 1.22\n");
	put("repo/src/in/go.mod", "module example.com/in\ngo 1.21\n");
	{
		gv_autoproject struct gv_project p = find("ws/a");

		ok(is(&p, "ws", "a=example.com/a 1.22|b/c=example.com/c 1.20"), "the modules that a go.work uses");
		ok(strcmp(p.go, "1.23") == 0, "the go line of go.work counts, and not one that is not used: %s", p.go);
	}
	check("dot", "dot", ".=example.com/dot 1.22", "use .");
	check("repo/src/in", "repo", "src=example.com/src 1.22|src/in=example.com/in 1.21",
	      "a workspace below the top of its repository");
}

static void
test_gowork(void)
{
	gv_autofree char *other = gv_path_join(work, "dot/go.work"), *gone = gv_path_join(work, "gone/go.work");
	gv_autofree char *dir = gv_path_join(work, "ws/a"), *sibling = gv_path_join(work, "r2/go.work");
	struct gv_project p = { 0 };
	struct gv_err err = GV_ERR_INIT;

	setenv("GOWORK", "off", 1);
	check("ws/a", "ws/a", ".=example.com/a 1.22", "GOWORK=off: the module alone");
	setenv("GOWORK", other, 1);
	check("ws/a", "dot", ".=example.com/dot 1.22", "GOWORK names another workspace");
	put("r/.git/HEAD", "ref: refs/heads/main\n");
	put("r/x/go.mod", "module example.com/x\ngo 1.22\n");
	put("r2/go.work", "go 1.22\nuse ./m\n");
	put("r2/m/go.mod", "module example.com/m\ngo 1.22\n");
	setenv("GOWORK", sibling, 1);
	check("r/x", "r2", "m=example.com/m 1.22", "GOWORK in a directory whose name begins as the repository's");
	setenv("GOWORK", "", 1);
	check("ws/a", "ws", "a=example.com/a 1.22|b/c=example.com/c 1.20", "GOWORK empty: as if there were none");
	setenv("GOWORK", gone, 1);
	ok(gv_project_find(&p, dir, &err) < 0 && strstr(err.msg, gone) != NULL && p.root == NULL,
	   "GOWORK names a file that is not there: %s", err.msg);
	unsetenv("GOWORK");
}

/* From go 1.14 on, go uses a vendor directory without being asked, but not in a workspace. */
static void
test_vendor(void)
{
	static const struct {
		const char *dir, *go, *want;
	} cases[] = {
		{ "v14", "go 1.14\n", ".=example.com/v 1.14 vendored" },
		{ "v13", "go 1.13\n", ".=example.com/v 1.13" },
		{ "v0", "", ".=example.com/v " },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autofree char *mod = gv_path_join(cases[i].dir, "go.mod");
		gv_autofree char *list = gv_path_join(cases[i].dir, "vendor/modules.txt");
		gv_autofree char *text = gv_xasprintf("module example.com/v\n%s", cases[i].go);

		put(mod, text);
		put(list, "# example.com/dep v1.0.0\n");
		check(cases[i].dir, cases[i].dir, cases[i].want, cases[i].want);
	}
	put("v14/go.work", "go 1.22\nuse .\n");
	check("v14", "v14", ".=example.com/v 1.14", "the vendor directory of a module in a workspace is not used");
}

/* The go command under test judges a line that gover cannot parse. A home directory is not a project. */
static void
test_bad(void)
{
	gv_autofree char *home = gv_path_join(work, "home"), *old = gv_xstrdup(getenv("HOME") ? getenv("HOME") : "");
	struct gv_project p = { 0 };
	struct gv_err err = GV_ERR_INIT;

	put("bad/go.mod", "module example.com/bad\ngo one.two\n");
	check("bad", "bad", ".=example.com/bad ", "a malformed go line of go.mod is left to the go command");
	put("badws/go.work", "go 1.x.y.z\nuse ./m\n");
	put("badws/m/go.mod", "module example.com/m\ngo 1.22\n");
	check("badws", "badws", "m=example.com/m 1.22", "and so is one of go.work");
	put("home/sub/go.mod", "module example.com/sub\ngo 1.22\n");
	setenv("HOME", home, 1);
	ok(gv_project_find(&p, home, &err) < 0 && err.code == GV_EUSAGE && strstr(err.msg, home) != NULL,
	   "a home directory is no project: %s", err.msg);
	check("home/sub", "home/sub", ".=example.com/sub 1.22", "a module below it is one");
	setenv("HOME", old, 1);
}

static void
give(const char *name, uid_t uid)
{
	gv_autofree char *path = gv_path_join(work, name);

	tap_need(lchown(path, uid, (gid_t)-1) == 0, "'%s' to belong to another", name);
}

static void
allow_all(const char *dir)
{
	gv_autofree char *path = gv_path_join(work, dir);

	tap_need(chmod(path, 01777) == 0, "'%s' to be like /tmp", dir);
}

/* Whether there is a note that holds `text`, or with NULL none. */
static void
check_note(const char *dir, const char *text, const char *what)
{
	gv_autoproject struct gv_project p = find(dir);

	ok(text == NULL ? p.note == NULL : p.note != NULL && strstr(p.note, text) != NULL, "%s: %s", what,
	   p.note != NULL ? p.note : "no note");
}

/* Other users of the machine: who makes a repository around a project would have the cell get all that lies there. */
static void
test_foreign(void)
{
	put("tmp/.git/HEAD", "ref: refs/heads/main\n");
	put("tmp/mine/m/go.mod", "module example.com/mine\ngo 1.22\n");
	put("tmp/mine/m/p/x.go", "package p\n");
	check("tmp/mine/m/p", "tmp", "mine/m=example.com/mine 1.22", "a repository of ours is copied whole");
	check_note("tmp/mine/m", NULL, "and there is nothing to say");
	if (geteuid() != 0) {
		ok(true, "other users # SKIP only root can give files away");
		return;
	}
	give("tmp/.git", 12345);
	check("tmp/mine/m/p", "tmp/mine/m", ".=example.com/mine 1.22", "one with another user's .git is not");
	check_note("tmp/mine/m", "another user's", "and that is said");
	setenv("SUDO_UID", "12345", 1);
	check("tmp/mine/m", "tmp", "mine/m=example.com/mine 1.22", "under sudo its caller's is");
	setenv("SUDO_UID", "12346", 1);
	check("tmp/mine/m", "tmp/mine/m", ".=example.com/mine 1.22", "and nobody else's");
	unsetenv("SUDO_UID");
	give("tmp/.git", 0);
	give("tmp", 12345);
	check("tmp/mine/m", "tmp/mine/m", ".=example.com/mine 1.22", "nor one in another user's directory");
	put("tmp/mine/.git/HEAD", "ref: refs/heads/main\n");
	check("tmp/mine/m", "tmp/mine", "m=example.com/mine 1.22", "ours below it is");

	put("tree/.git", "gitdir: ../other/worktrees/tree\n");
	put("tree/m/go.mod", "module example.com/tree\ngo 1.22\n");
	check("tree/m", "tree", "m=example.com/tree 1.22", "a .git file that leads nowhere");
	put("other/worktrees/tree/HEAD", "ref: refs/heads/main\n");
	check("tree/m", "tree", "m=example.com/tree 1.22", "to a directory of ours");
	give("other/worktrees/tree", 12345);
	check("tree/m", "tree/m", ".=example.com/tree 1.22", "to another user's");
}

/* What somebody lays into /tmp is not above everything in it. */
static void
test_planted(void)
{
	put("all/go.work", "go 1.99\nuse ./bait\n");
	put("all/go.mod", "module example.com/bait\ngo 1.99\n");
	put("all/bait/go.mod", "module example.com/bait\ngo 1.99\n");
	put("all/mine/go.mod", "module example.com/mine\ngo 1.22\n");
	put("all/bare/x.go", "package x\n");
	check("all/mine", "all", "bait=example.com/bait 1.99", "a go.work of ours governs");
	if (geteuid() != 0) {
		ok(true, "what others plant # SKIP only root can give files away");
		return;
	}
	give("all/go.work", 12345);
	give("all/go.mod", 12345);
	check("all/mine", "all", "bait=example.com/bait 1.99", "one of a team does in the team's directory");
	allow_all("all");
	check("all/mine", "all/mine", ".=example.com/mine 1.22", "another user's does not where anybody can write");
	check("all/bare", "all/bare", ".= ", "nor his go.mod");
	give("all/mine", 12345);
	check("all/mine", "all", "bait=example.com/bait 1.99", "for a directory of his it does");
}

/* Dotfiles are often kept in a repository at the top of the home directory. */
static void
test_home(void)
{
	gv_autofree char *home = gv_path_join(work, "h"), *slash = gv_xasprintf("%s/", home);
	gv_autofree char *old = gv_xstrdup(getenv("HOME") ? getenv("HOME") : "");

	put("h/.git/HEAD", "ref: refs/heads/main\n");
	put("h/src/own/go.mod", "module example.com/own\ngo 1.22\n");
	put("h/src/own/in/go.mod", "module example.com/own/in\ngo 1.21\nreplace example.com/own => ../\n");
	put("h/src/two/go.mod", "module example.com/two\ngo 1.22\nreplace (\n\tx.y/z v1.0.0 => \"../own\"\n)\n");
	put("h/work/.git/HEAD", "ref: refs/heads/main\n");
	put("h/work/m/go.mod", "module example.com/m\ngo 1.22\nreplace example.com/n => ../n\n");
	setenv("HOME", slash, 1);
	check("h/src/own", "h/src/own", ".=example.com/own 1.22|in=example.com/own/in 1.21",
	      "a project below a repository at home is copied alone");
	check_note("h/src/own", NULL, "it misses nothing");
	check("h/src/two", "h/src/two", ".=example.com/two 1.22", "one that replaces a neighbour, too");
	check_note("h/src/two", "home directory", "and it is said what it misses");
	check("h/work/m", "h/work", "m=example.com/m 1.22", "a repository of its own is copied whole");
	check_note("h/work/m", NULL, "and misses nothing");
	setenv("HOME", old, 1);
}

/* The versions of the project in `dir`, in one line; "" when there is an error. */
static char *
versions(const char *dir, struct gv_err *err)
{
	static const char *const all[] = { "1.15.15", "1.16.1",  "1.16.15", "1.20.3",
					   "1.21.0",  "1.21.13", "1.22.0",  "1.23rc1" };
	gv_autostrv struct gv_strv known = GV_STRV_INIT, out = GV_STRV_INIT;
	gv_autofree char *abs = gv_path_join(work, dir), *line = gv_xstrdup("");
	gv_autoproject struct gv_project p = find(dir);

	for (size_t i = 0; i < GV_ARRAY_LEN(all); i++)
		gv_strv_add(&known, all[i]);
	if (gv_project_versions(&p, abs, &known, &out, err) < 0)
		return gv_steal_ptr(&line);
	for (size_t i = 0; i < out.n; i++) {
		char *more = gv_xasprintf("%s%s%s", line, i > 0 ? " " : "", out.v[i]);

		free(line);
		line = more;
	}
	return gv_steal_ptr(&line);
}

static void
test_versions(void)
{
	static const struct {
		const char *dir, *go, *file, *want, *why;
	} cases[] = {
		{ "f21", "go 1.21\n", NULL, "1.21.13 1.22.0", "the newest patch of each minor from the go line" },
		{ "f214", "go 1.21.4\n", NULL, "1.21.13 1.22.0", "a go line with a patch" },
		{ "f0", "", NULL, "1.16.15 1.20.3 1.21.13 1.22.0", "no go line is 1.16" },
		{ "fmany", "go 1.21\n", "1.20.3\n1.22.0\n", "1.20.3 1.22.0", "the lines of .go-version" },
		{ "fone", "go 1.22\n", "1.20.3\n", "1.22.0", "one line of .go-version is no list" },
	};
	struct gv_err err = GV_ERR_INIT;

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autofree char *mod = gv_path_join(cases[i].dir, "go.mod"), *got = NULL;
		gv_autofree char *file = gv_path_join(cases[i].dir, ".go-version");
		gv_autofree char *text = gv_xasprintf("module m\n%s", cases[i].go);

		put(mod, text);
		if (cases[i].file != NULL)
			put(file, cases[i].file);
		got = versions(cases[i].dir, &err);
		ok(strcmp(got, cases[i].want) == 0, "%s: %s", cases[i].why, got);
	}
	put("fnew/go.mod", "module m\ngo 1.99\n");
	gv_autofree char *none = versions("fnew", &err);

	ok(none[0] == '\0' && err.code == GV_ENOTFOUND && strstr(err.msg, "1.99") != NULL, "too new: %s", err.msg);
	gv_err_clear(&err);
	put("fbad/go.mod", "module m\ngo 1.21\n");
	put("fbad/.go-version", "1.20.3\n\nno/version\n");
	gv_autofree char *bad = versions("fbad", &err);

	ok(bad[0] == '\0' && err.code == GV_EFORMAT && strstr(err.msg, "fbad/.go-version:3: ") != NULL,
	   "a malformed .go-version is named with its line: %s", err.msg);
}

int
main(void)
{
	static char dir[] = "/tmp/gover-project-test-XXXXXX";
	struct gv_err err = GV_ERR_INIT;

	unsetenv("GOWORK");
	unsetenv("SUDO_UID");
	work = mkdtemp(dir);
	tap_need(work != NULL, "a directory");
	test_module();
	test_nested();
	test_workspace();
	test_gowork();
	test_vendor();
	test_bad();
	test_foreign();
	test_planted();
	test_home();
	test_versions();
	if (gv_fs_remove_tree(AT_FDCWD, work, &err) < 0)
		printf("# %s\n", err.msg);
	return tap_done();
}
