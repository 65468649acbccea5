/* SPDX-License-Identifier: MIT */
/* Tests for things that tests/data/resolve cannot express: pins, the index, `explain`, helpers. */
#include <config.h>

#include "resolve/resolve.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "resolve/pin.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

static char root[] = "/tmp/gover-resolve-XXXXXX";
static struct gv_dirs d;

/* Write a file below the test's root. */
static void
put(const char *name, const char *text)
{
	put_file(root, name, text, 0755);
}

static void
put_sdk(const char *version)
{
	gv_autofree char *name = gv_xasprintf("gover/sdks/go%s/bin/go", version);

	put(name, "#!/bin/sh\n");
}

static void
remove_file(const char *name)
{
	gv_autofree char *path = gv_xasprintf("%s/%s", root, name);

	tap_need(unlink(path) == 0, "%s", path);
}

/* The version that `text` in a .go-version selects; "!" on failure. */
static const char *
version_of(const char *text, struct gv_resolution *r)
{
	struct gv_resolve_how how = { 0 };
	struct gv_err err = GV_ERR_INIT;

	put("p/.go-version", text);
	gv_resolution_release(r);
	return gv_resolve(r, &d, &how, &err) < 0 ? "!" : r->version;
}

static void
versions(void)
{
	gv_autoresolution struct gv_resolution r = { 0 };
	gv_autofree char *goroot = gv_xasprintf("%s/gover/sdks/go1.22.3", root);

	put_sdk("1.22.3");
	put_sdk("1.21.13");
	put_sdk("1.20");
	put("gover/sdks/go1.22.9/README", "half an SDK\n");
	put("gover/sdks/go1.22.10.linux-riscv64/bin/go", "of another platform\n");
	ok(strcmp(version_of("1.22\n", &r), "1.22.3") == 0 && r.installed && strcmp(r.goroot, goroot) == 0 &&
	       strcmp(r.request, "1.22") == 0,
	   "a directory without bin/go is not an SDK");
	ok(strcmp(version_of("go1.22.3 # x\n", &r), "1.22.3") == 0 && strcmp(r.request, "1.22.3") == 0,
	   "the request has no prefix");
	ok(strcmp(version_of("1.22.9\n", &r), "1.22.9") == 0 && !r.installed && r.goroot == NULL,
	   "exact and not installed");
	ok(strcmp(version_of("1.20.0\n", &r), "1.20") == 0 && r.installed, "1.20.0 is the release 1.20");
	ok(strcmp(version_of("latest\n", &r), "1.22.3") == 0, "latest is the newest installed one");
	ok(strcmp(version_of("oldstable\n", &r), "1.21.13") == 0,
	   "oldstable is the newest installed one of the minor before");
	ok(strcmp(version_of("1.19\n", &r), "1.19.13") == 0 && !r.installed,
	   "the newest known one when none is installed");
	ok(strcmp(version_of("1.99\n", &r), "") == 0 && !r.installed && r.goroot == NULL &&
	       strcmp(r.request, "1.99") == 0,
	   "no version when none is known");
	put("gover/index/releases", "gover-index 1\t5\tx\n1.19.99\t-\tstable\n1.99.1\t-\tstable\n");
	ok(strcmp(version_of("1.99\n", &r), "1.99.1") == 0 && strcmp(version_of("1.19\n", &r), "1.19.99") == 0,
	   "the index knows more");
	put("gover/index/releases", "junk\n");
	ok(strcmp(version_of("1.19\n", &r), "1.19.13") == 0, "a broken index does not matter");
	remove_file("gover/index/releases");
	remove_file("p/.go-version");
}

static const char *
module_of(const char *text, struct gv_resolution *r)
{
	struct gv_resolve_how how = { 0 };
	struct gv_err err = GV_ERR_INIT;

	put("p/go.mod", text);
	gv_resolution_release(r);
	return gv_resolve(r, &d, &how, &err) < 0 ? "!" : r->version;
}

static void
modules(void)
{
	gv_autoresolution struct gv_resolution r = { 0 };
	gv_autofree char *here = gv_xasprintf("%s/p", root);

	put_sdk("1.23rc2");
	ok(strcmp(module_of("go 1.22.2\n", &r), "1.22.3") == 0 && strcmp(r.request, "1.22.2") == 0 && r.installed,
	   "a floor");
	ok(strcmp(module_of("go 1.22.99\n", &r), "1.22.99") == 0 && !r.installed, "a floor above all that is known");
	ok(strcmp(module_of("go 1.99\n", &r), "") == 0, "an unknown minor");
	ok(strcmp(module_of("go 1.99.3\n", &r), "1.99.3") == 0, "an unknown minor with a patch");
	ok(strcmp(module_of("go 1.23\n", &r), "1.23.12") == 0 && !r.installed,
	   "a release candidate is no patch of its minor");
	ok(strcmp(module_of("go 1.23rc1\n", &r), "1.23rc2") == 0, "unless one is named");
	ok(strcmp(module_of("go 1.21\ntoolchain go1.22.1\n", &r), "1.22.1") == 0 && !r.installed,
	   "a toolchain line is exact");
	ok(strcmp(module_of("go 1.22.2\ntoolchain go1.22.2\n", &r), "1.22.3") == 0 && r.line == 1,
	   "only above the go line");
	ok(strcmp(module_of("go 1.22.2\ntoolchain go1.21.13\n", &r), "1.22.3") == 0, "not below it");
	ok(strcmp(module_of("go 1.22\ntoolchain default\n", &r), "1.22.3") == 0, "default says nothing");
	ok(strcmp(module_of("toolchain go1.21.13\n", &r), "1.21.13") == 0, "a toolchain without a go line");
	ok(strcmp(module_of("go 1.21\ntoolchain go1.22\n", &r), "!") == 0, "a language version is no toolchain");
	ok(strcmp(module_of("go 1.22\ntoolchain go1.20\n", &r), "1.22.3") == 0, "an older one is not looked at");
	ok(strcmp(module_of("go 1.19\ntoolchain go1.20\n", &r), "1.20") == 0, "up to 1.20 it is a release");
	ok(strcmp(module_of("module m\n", &r), "!") == 0, "a go.mod without lines is silent");
	setenv("TMPDIR", here, 1);
	ok(strcmp(module_of("go 1.22\n", &r), "!") == 0,
	   "a go.mod in the directory for temporary files does not count");
	unsetenv("TMPDIR");
	remove_file("p/go.mod");
}

/* Pins for our parent process, which also apply to this test. */
static void
pins(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_resolve_how how = { 0 };
	gv_autoresolution struct gv_resolution r = { 0 };
	struct gv_proc parent;
	bool had;

	tap_need(gv_proc_read(&parent, getppid(), &err) == 0 && gv_pin_write(&d, &parent, "1.21.13", &err) == 0, "%s",
		 err.msg);
	setenv("GOVER_SESSION", "1.22.3", 1);
	put("p/.go-version", "1.22.3\n");
	ok(gv_resolve(&r, &d, &how, &err) == 0 && r.level == GV_LEVEL_PIN && strcmp(r.version, "1.21.13") == 0,
	   "a pin wins over GOVER_SESSION and files");
	gv_resolution_release(&r);
	setenv("GOVER_VERSION", "1.22.3", 1);
	ok(gv_resolve(&r, &d, &how, &err) == 0 && r.level == GV_LEVEL_ENV, "GOVER_VERSION wins over a pin");
	unsetenv("GOVER_VERSION");
	gv_resolution_release(&r);
	how.explain = true;
	ok(gv_resolve(&r, &d, &how, &err) == 0 && r.trail.n == 8 && strstr(r.trail.v[2], "* pin") != NULL &&
	       strstr(r.trail.v[2], parent.comm) != NULL,
	   "explain names who was pinned");
	tap_need(gv_pin_clear(&d, &parent, &had, &err) == 0, "%s", err.msg);
	unsetenv("GOVER_SESSION");
	remove_file("p/.go-version");
}

static bool
mentions(const struct gv_strv *lines, const char *text)
{
	for (size_t i = 0; i < lines->n; i++)
		if (strstr(lines->v[i], text) != NULL)
			return true;
	return false;
}

static void
explaining(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_resolve_how how = { 0 };
	gv_autoresolution struct gv_resolution r = { 0 };

	put("p/.go-version", "1.21\n");
	put("p/go.mod", "module m\n\ngo 1.22\n");
	put("gover/default", "nonsense\n");
	ok(gv_resolve(&r, &d, &how, &err) == 0 && r.warnings.n == 0 && r.trail.n == 0,
	   "a shim reads no more than it needs");
	gv_resolution_release(&r);
	how.explain = true;
	ok(gv_resolve(&r, &d, &how, &err) == 0 && strcmp(r.version, "1.21.13") == 0 && r.trail.n == 8,
	   "explain: a line for each level");
	ok(mentions(&r.trail, "* project files    1.21, from /tmp/") && mentions(&r.trail, "/p/.go-version:1: 1.21.13"),
	   "what decided");
	ok(mentions(&r.trail, "overruled: 1.22 or a newer patch, from /tmp/") && mentions(&r.trail, "go.mod:3"),
	   "what is overruled");
	ok(mentions(&r.trail, "  default          would fail: /tmp/"), "what is malformed behind it");
	ok(r.warnings.n == 1 && mentions(&r.warnings, "/p/go.mod:3 asks for go 1.22"), "and the warning");
	gv_resolution_release(&r);
	put("p/go.mod", "go 1.21\ntoolchain go1.22.3\n");
	ok(gv_resolve(&r, &d, &how, &err) == 0 && r.warnings.n == 1 &&
	       mentions(&r.warnings, "suggests toolchain go1.22.3"),
	   "a newer toolchain line is a warning");
	gv_resolution_release(&r);
	put("p/go.mod", "go banana\n");
	ok(gv_resolve(&r, &d, &how, &err) == 0 && mentions(&r.warnings, "go.mod:1"),
	   "a malformed go.mod is a warning too");
	gv_resolution_release(&r);
	put("p/go.mod", "go 1.22.3\n");
	put("go.work", "go 1.22.3\n");
	put("p/.go-version", "1.22.3\n");
	ok(gv_resolve(&r, &d, &how, &err) == 0 && r.warnings.n == 0, "no warning where nothing is asked for in vain");
	gv_resolution_release(&r);
	put("go.work", "go 1.23\n");
	ok(gv_resolve(&r, &d, &how, &err) == 0 && r.warnings.n == 1 && mentions(&r.warnings, "go.work:1"),
	   "go.work is looked at too");
	remove_file("go.work");
	remove_file("gover/default");
	remove_file("p/go.mod");
	remove_file("p/.go-version");
}

static void
gotoolchain(void)
{
	static const struct {
		const char *version, *value;
		bool warned;
	} rows[] = {
		{ "1.22.3", "", false },
		{ "1.22.3", "local", false },
		{ "1.22.3", "auto", true },
		{ "1.22.3", "path", true },
		{ "1.22.3", "local+auto", true },
		{ "1.22.3", "go1.22.3", false },
		{ "1.22.3", "go1.22.3+auto", true },
		{ "1.22.3", "go1.21.0", true },
		{ "1.20", "auto", false },
		{ "1.22.3", "banana", true },
	};
	struct gv_resolve_how how = { .explain = true };

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		gv_autoresolution struct gv_resolution r = { 0 };
		struct gv_err err = GV_ERR_INIT;

		setenv("GOTOOLCHAIN", rows[i].value, 1);
		how.argument = rows[i].version;
		ok(gv_resolve(&r, &d, &how, &err) == 0 && mentions(&r.warnings, "GOTOOLCHAIN") == rows[i].warned,
		   "GOTOOLCHAIN=%s and %s: %s", rows[i].value, rows[i].version, rows[i].warned ? "a warning" : "none");
	}
	unsetenv("GOTOOLCHAIN");
}

static void
helpers(void)
{
	gv_autoresolution struct gv_resolution r = { 0 };
	struct gv_resolve_how how = { 0 };
	struct gv_err err = GV_ERR_INIT;
	gv_autostrv struct gv_strv all = GV_STRV_INIT;
	gv_autofree char *path = gv_xasprintf("%s/p/.go-version", root);
	unsigned line = 0;

	ok(gv_resolve(&r, &d, &how, &err) == -1 && err.code == GV_ENOTFOUND && err.help[0] != '\0', "nothing speaks");
	ok(gv_default_set(&d, "banana", &err) == -1 && !gv_fs_exists(d.def), "a malformed default is not written");
	ok(gv_default_set(&d, ">=1.20", &err) == -1, "nor a range");
	ok(gv_default_set(&d, "go1.22", &err) == 0 && gv_resolve(&r, &d, &how, &err) == 0 &&
	       r.level == GV_LEVEL_DEFAULT && strcmp(r.version, "1.22.3") == 0 && strcmp(r.file, d.def) == 0 &&
	       r.line == 1,
	   "the default is written and read");
	remove_file("gover/default");
	ok(gv_go_version_file(path, &all, &line, &err) == -1, "no .go-version");
	put("p/.go-version", "# x\n1.22.3\n1.21\n");
	ok(gv_go_version_file(path, &all, &line, &err) == 0 && all.n == 2 && line == 2 && strcmp(all.v[1], "1.21") == 0,
	   "the requests of a .go-version");
	put("p/.go-version", "1.22.3\nbanana\n");
	ok(gv_go_version_file(path, &all, &line, &err) == -1 && all.n == 2 && strstr(err.msg, ".go-version:2:") != NULL,
	   "a malformed one adds nothing");
	remove_file("p/.go-version");
}

static bool
is_working_dir(const char *want)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *wd = gv_working_dir(&err);

	return wd != NULL && strcmp(wd, want) == 0;
}

static void
working_dir(void)
{
	gv_autofree char *here = gv_xasprintf("%s/p", root), *link = gv_xasprintf("%s/link", root), *odd = NULL,
			 *dots = gv_xasprintf("%s/gover/../p", root);
	struct gv_err err = GV_ERR_INIT;

	tap_need(symlink("p", link) == 0, "%s", link);
	setenv("PWD", link, 1);
	ok(is_working_dir(link), "$PWD by a link is kept");
	odd = gv_xasprintf("/%s//p///", root);
	setenv("PWD", odd, 1);
	ok(is_working_dir(here), "slashes are cleaned up");
	setenv("PWD", dots, 1);
	ok(is_working_dir(here), "a path with dots is not believed");
	setenv("PWD", "/", 1);
	ok(is_working_dir(here), "nor another directory");
	setenv("PWD", "p", 1);
	ok(is_working_dir(here), "nor a relative path");
	unsetenv("PWD");
	ok(is_working_dir(here), "no $PWD");
	tap_need(chdir("/") == 0, "/");
	setenv("PWD", "/", 1);
	ok(is_working_dir("/"), "the root");
	setenv("PWD", "//", 1);
	ok(is_working_dir("/"), "the root with two slashes");
	unsetenv("PWD");
	tap_need(chdir(root) == 0 && mkdir("gone", 0755) == 0 && chdir("gone") == 0 && rmdir("../gone") == 0, "gone");
	ok(gv_working_dir(&err) == NULL && err.code == GV_EIO && strstr(err.help, "GOVER_VERSION") != NULL,
	   "a directory that is gone");
}

int
main(void)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *gover = NULL, *here = NULL;

	tap_need(mkdtemp(root) != NULL, "%s", root);
	gover = gv_xasprintf("%s/gover", root);
	here = gv_xasprintf("%s/p", root);
	setenv("GOVER_ROOT", gover, 1);
	setenv("PATH", "/nonexistent", 1);
	for (const char *const *v =
		 (const char *const[]){ "GOVER_VERSION", "GOVER_SESSION", "GOWORK", "GOTOOLCHAIN", "PWD", NULL };
	     *v != NULL; v++)
		unsetenv(*v);
	tap_need(gv_fs_mkdir_p(here, &err) == 0 && chdir(here) == 0 && gv_dirs_init(&d, &err) == 0, "%s", err.msg);
	versions();
	modules();
	pins();
	explaining();
	gotoolchain();
	helpers();
	working_dir();
	gv_dirs_release(&d);
	if (chdir("/") < 0 || gv_fs_remove_tree(AT_FDCWD, root, &err) < 0)
		printf("# %s\n", err.msg);
	return tap_done();
}
