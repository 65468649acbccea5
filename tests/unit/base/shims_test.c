/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resolve/shims.h"
#include "tests/tap.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

static struct gv_dirs dirs;

static void
touch_sdk(const char *version)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *sdk = gv_dirs_sdk(&dirs, version, NULL);
	gv_autofree char *bin = gv_path_join(sdk, "bin"), *go = gv_path_join(bin, "go");

	tap_need(gv_fs_mkdir_p(bin, &err) == 0 && gv_fs_replace(go, "", 0, 0755, &err) == 0, "%s", err.msg);
}

/* The target of the link; "" when there is none. */
static const char *
target(const char *name)
{
	static char buf[PATH_MAX];
	gv_autofree char *path = gv_path_join(dirs.shims, name);
	ssize_t n = readlink(path, buf, sizeof(buf) - 1);

	buf[n > 0 ? n : 0] = '\0';
	return buf;
}

static void
test_names(void)
{
	static const char *const good[] = { "go", "gofmt", "gopls", "dlv", "go1.22.3", "go1.20", "go1.23rc1" };
	static const char *const bad[] = { "gover", "gover-core", "god",    "go1.x",  "Go",
					   "",      "gofmt2",     "1.22.3", "go-1.22" };

	for (size_t i = 0; i < GV_ARRAY_LEN(good); i++)
		ok(gv_shims_is_name(good[i]), "'%s' is a shim", good[i]);
	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++)
		ok(!gv_shims_is_name(bad[i]), "'%s' is not", bad[i]);
}

static void
test_ensure(void)
{
	static const char *const names[] = { "go", "gofmt", "gopls", "dlv", "go1.22.3", "go1.20" };
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *gofmt = gv_path_join(dirs.shims, "gofmt"), *mine = gv_path_join(dirs.shims, "mine");
	gv_autofree char *dlv = gv_path_join(dirs.shims, "dlv"), *sdk = NULL;
	struct stat st;
	mode_t mask = umask(0);

	touch_sdk("1.22.3");
	touch_sdk("1.20");
	ok(gv_shims_ensure_to(&dirs, "/opt/one/gover", &err) == 0, "made in an empty root");
	umask(mask);
	for (size_t i = 0; i < GV_ARRAY_LEN(names); i++)
		ok(strcmp(target(names[i]), "/opt/one/gover") == 0, "link '%s'", names[i]);
	ok(stat(dirs.shims, &st) == 0 && (st.st_mode & 022) == 0, "others cannot write there in spite of umask 0");

	unlink(gofmt);
	ok(gv_fs_replace(gofmt, "x", 1, 0755, &err) == 0 && gv_fs_replace(mine, "x", 1, 0755, &err) == 0,
	   "files in the way");
	ok(gv_shims_ensure_to(&dirs, "/opt/two/gover", &err) == 0, "mended after a move");
	for (size_t i = 0; i < GV_ARRAY_LEN(names); i++)
		ok(strcmp(target(names[i]), "/opt/two/gover") == 0, "link '%s' follows", names[i]);
	ok(gv_fs_exists(mine), "a file of the user stays");

	sdk = gv_dirs_sdk(&dirs, "1.20", NULL);
	ok(gv_fs_remove_tree(AT_FDCWD, sdk, &err) == 0 && gv_shims_ensure_to(&dirs, "/opt/two/gover", &err) == 0 &&
	       strcmp(target("go1.20"), "") == 0 && strcmp(target("go1.22.3"), "/opt/two/gover") == 0,
	   "the link of a version that is gone goes too");

	unlink(dlv);
	ok(mkdir(dlv, 0755) == 0 && gv_shims_ensure_to(&dirs, "/opt/three/gover", &err) == -1 && err.code == GV_EIO,
	   "a directory in the way is an error: %s", err.msg);
	ok(strcmp(target("go1.22.3"), "/opt/three/gover") == 0, "the others are made all the same");
}

int
main(void)
{
	char root[] = "/tmp/gover-shims-XXXXXX";
	struct gv_err err = GV_ERR_INIT;

	tap_need(mkdtemp(root) != NULL && setenv("GOVER_ROOT", root, 1) == 0, "a directory");
	tap_need(gv_dirs_init(&dirs, &err) == 0, "%s", err.msg);
	test_names();
	test_ensure();
	gv_dirs_release(&dirs);
	ok(gv_fs_remove_tree(AT_FDCWD, root, &err) == 0, "clean up");
	return tap_done();
}
