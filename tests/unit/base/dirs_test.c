/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/dirs.h"

#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resolve/installed.h"
#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

static const char *const variables[] = { "GOVER_ROOT",      "HOME",           "XDG_DATA_HOME",
					 "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME" };

/* The values of the variables, NULL for unset ones, and the expected paths. */
static const struct {
	const char *name;
	const char *env[GV_ARRAY_LEN(variables)];
	const char *sdks, *config, *index, *pins;
} rows[] = {
	{ "GOVER_ROOT holds all", { "/r", "/h" }, "/r/sdks", "/r/config", "/r/index", "/r/pins" },
	{ "GOVER_ROOT wins over XDG",
	  { "/r", "/h", "/d", "/c", "/k", "/s" },
	  "/r/sdks",
	  "/r/config",
	  "/r/index",
	  "/r/pins" },
	{ "slashes at the end", { "/r//", "/h" }, "/r/sdks", "/r/config", "/r/index", "/r/pins" },
	{ "the root directory", { "/", "/h" }, "/sdks", "/config", "/index", "/pins" },
	{ "an empty GOVER_ROOT is none",
	  { "", "/h" },
	  "/h/.local/share/gover/sdks",
	  "/h/.config/gover/config",
	  "/h/.cache/gover/index",
	  "/h/.local/state/gover/pins" },
	{ "HOME",
	  { NULL, "/h/" },
	  "/h/.local/share/gover/sdks",
	  "/h/.config/gover/config",
	  "/h/.cache/gover/index",
	  "/h/.local/state/gover/pins" },
	{ "XDG",
	  { NULL, "/h", "/d", "/c", "/k", "/s" },
	  "/d/gover/sdks",
	  "/c/gover/config",
	  "/k/gover/index",
	  "/s/gover/pins" },
	{ "XDG without HOME",
	  { NULL, NULL, "/d", "/c", "/k", "/s" },
	  "/d/gover/sdks",
	  "/c/gover/config",
	  "/k/gover/index",
	  "/s/gover/pins" },
	{ "relative XDG directories do not count",
	  { NULL, "/h", "d", "c", "", "./s" },
	  "/h/.local/share/gover/sdks",
	  "/h/.config/gover/config",
	  "/h/.cache/gover/index",
	  "/h/.local/state/gover/pins" },
};

static void
set_variables(const char *const *env)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(variables); i++) {
		if (env[i] != NULL)
			setenv(variables[i], env[i], 1);
		else
			unsetenv(variables[i]);
	}
}

static void
places(void)
{
	struct gv_err err = GV_ERR_INIT;

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		gv_autodirs struct gv_dirs d = { 0 };

		set_variables(rows[i].env);
		ok(gv_dirs_init(&d, &err) == 0 && strcmp(d.sdks, rows[i].sdks) == 0 &&
		       strcmp(d.config, rows[i].config) == 0 && strcmp(d.index, rows[i].index) == 0 &&
		       strcmp(d.pins, rows[i].pins) == 0,
		   "%s", rows[i].name);
	}
}

static void
without_home(void)
{
	static const char *const nothing[GV_ARRAY_LEN(variables)] = { NULL },
				 *const relative[GV_ARRAY_LEN(variables)] = { "r", "/h" };
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	const struct passwd *pw = getpwuid(getuid());
	gv_autofree char *want = NULL;

	set_variables(nothing);
	if (pw != NULL && pw->pw_dir[0] == '/') {
		want = gv_xasprintf("%s/.local/share/gover", pw->pw_dir);
		ok(gv_dirs_init(&d, &err) == 0 && strcmp(d.data, want) == 0,
		   "without HOME, the passwd file's home directory");
	} else {
		ok(gv_dirs_init(&d, &err) == -1 && err.code == GV_EUSAGE && strstr(err.help, "GOVER_ROOT") != NULL,
		   "no home at all is an error");
	}
	gv_dirs_release(&d);
	set_variables(relative);
	ok(gv_dirs_init(&d, &err) == -1 && err.code == GV_EUSAGE && strstr(err.msg, "GOVER_ROOT") != NULL,
	   "a relative GOVER_ROOT is an error");
}

static void
sdk_paths(const struct gv_dirs *d)
{
	gv_autofree char *here = gv_dirs_sdk(d, "1.22.3", NULL), *same = gv_dirs_sdk(d, "1.22.3", gv_platform_host()),
			 *other = gv_dirs_sdk(d, "1.22.3", "plan9-386"), *index = gv_dirs_index_file(d);

	ok(strcmp(strrchr(here, '/'), "/go1.22.3") == 0 && strcmp(here, same) == 0, "the directory of an SDK");
	ok(strcmp(strrchr(other, '/'), "/go1.22.3.plan9-386") == 0, "and for another platform");
	ok(strcmp(strrchr(index, '/'), "/releases") == 0, "the index");
}

static void
put_program(const char *path)
{
	gv_autofree char *dir = gv_xstrdup(path);
	struct gv_err err = GV_ERR_INIT;

	*strrchr(dir, '/') = '\0';
	tap_need(gv_fs_mkdir_p(dir, &err) == 0 && gv_fs_replace(path, "#!/bin/sh\n", 10, 0755, &err) == 0, "%s",
		 err.msg);
}

static void
installed(const struct gv_dirs *d)
{
	static const char *const names[] = { "go1.22.3", "go1.9.7", "go1.22.10", "go1.23rc2", "go1.20" };
	static const char *const others[] = {
		"go1.22.3.linux-riscv64", "go1.22.4.tmp", "1.22.5", "gox", "go", "golang", ".x"
	};
	gv_autostrv struct gv_strv list = GV_STRV_INIT;
	gv_autofree char *half = gv_xasprintf("%s/go1.21.0/bin", d->sdks);
	struct gv_err err = GV_ERR_INIT;

	ok(gv_installed_list(d, &list, &err) == 0 && list.n == 0, "without sdks nothing is installed");
	for (size_t i = 0; i < GV_ARRAY_LEN(names); i++) {
		gv_autofree char *go = gv_xasprintf("%s/%s/bin/go", d->sdks, names[i]);

		put_program(go);
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(others); i++) {
		gv_autofree char *go = gv_xasprintf("%s/%s/bin/go", d->sdks, others[i]);

		put_program(go);
	}
	ok(gv_fs_mkdir_p(half, &err) == 0 && gv_installed_list(d, &list, &err) == 0 && list.n == 5 &&
	       strcmp(list.v[0], "1.23rc2") == 0 && strcmp(list.v[1], "1.22.10") == 0 &&
	       strcmp(list.v[2], "1.22.3") == 0 && strcmp(list.v[3], "1.20") == 0 && strcmp(list.v[4], "1.9.7") == 0,
	   "whole SDKs of this platform, newest first");
	ok(gv_installed(d, "1.22.3") && !gv_installed(d, "1.21.0") && !gv_installed(d, "1.22"), "exact versions");
}

static void
system_tool(const struct gv_dirs *d, const char *root)
{
	static const struct {
		const char *name;
		/*
		 * One letter for each directory on PATH. s: the shims; a, b: a system go; l: a link to a gover;
		 * m: a link to this program; x: no go; d: a directory named go; n: a go that is not executable.
		 */
		const char *path;
		char want;
	} cases[] = {
		{ "one", "/a", 'a' },
		{ "behind others", "/x:/a:/b", 'a' },
		{ "the first of two", "/b:/a", 'b' },
		{ "behind the shims", "/s:/a", 'a' },
		{ "the shims by another name", "/t:/a", 'a' },
		{ "behind the shims of another gover", "/l:/a", 'a' },
		{ "behind a link to our own program", "/m:/a", 'a' },
		{ "not a directory of that name", "/d:/a", 'a' },
		{ "not a file without rights", "/n:/a", 'a' },
		{ "empty elements", "::/a:", 'a' },
		{ "not a relative element", "a:./a:/b", 'b' },
		{ "nothing but the shims", "/s:/t:/l:/m", 0 },
		{ "nothing", "", 0 },
	};
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *self = gv_xasprintf("%s/t", root), *program = gv_path_self(&err),
			 *go = gv_xasprintf("%s/go", d->shims);

	put_program(go);
	put_program("a/go");
	put_program("b/go");
	put_program("other/gover");
	ok(mkdir("x", 0755) == 0 && mkdir("d", 0755) == 0 && mkdir("d/go", 0755) == 0 && mkdir("l", 0755) == 0 &&
	       mkdir("n", 0755) == 0 && symlink("../other/gover", "l/go") == 0 && mkdir("m", 0755) == 0 &&
	       symlink(program, "m/go") == 0 && symlink(d->shims, self) == 0 && symlink(d->shims, "s") == 0 &&
	       gv_fs_replace("n/go", "", 0, 0644, &err) == 0,
	   "the tree is there");
	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autofree char *path = gv_xcalloc(1, 4096), *got = NULL, *want = NULL;

		/* Elements that begin with a slash are below the test's root. */
		for (const char *s = cases[i].path; *s != '\0'; s++)
			snprintf(path + strlen(path), 4096 - strlen(path), "%s%c",
				 *s == '/' && (s == cases[i].path || s[-1] == ':') ? root : "", *s);
		setenv("PATH", path, 1);
		got = gv_system_tool(d, "go");
		want = gv_xasprintf("%s/%c/go", root, cases[i].want);
		ok(cases[i].want != 0 ? got != NULL && strcmp(got, want) == 0 : got == NULL, "go on PATH: %s (%s)",
		   cases[i].name, got != NULL ? got : "none");
	}
	unsetenv("PATH");
	ok(gv_system_tool(d, "go") == NULL, "no PATH");
}

int
main(void)
{
	char root[] = "/tmp/gover-dirs-XXXXXX";
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autofree char *gover = NULL;

	places();
	without_home();
	tap_need(mkdtemp(root) != NULL && chdir(root) == 0, "a directory");
	gover = gv_xasprintf("%s/gover", root);
	setenv("GOVER_ROOT", gover, 1);
	tap_need(gv_dirs_init(&d, &err) == 0, "%s", err.msg);
	sdk_paths(&d);
	installed(&d);
	system_tool(&d, root);
	if (chdir("/") < 0 || gv_fs_remove_tree(AT_FDCWD, root, &err) < 0)
		printf("# %s\n", err.msg);
	return tap_done();
}
