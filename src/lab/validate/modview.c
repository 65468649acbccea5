/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/modview.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

#define UNUSED_S  (7 * 24 * 3600) /* after this time without use, a view is removed */
#define DEPTH_MAX 200             /* directories inside one another in a module */

/* Copy a file, for file systems without hard links. */
static int
copy_file(int from_dir, int to_dir, const char *name, struct gv_err *err)
{
	gv_autofd int from = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), to = -1;
	char buf[64 << 10];
	ssize_t n = -1;

	if (from >= 0)
		to = openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	while (to >= 0 && (n = read(from, buf, sizeof(buf))) > 0)
		if (gv_fs_write_all(to, buf, (size_t)n, err) < 0)
			return gv_err_wrap(err, "cannot copy module file '%s'", name);
	return n < 0 ? gv_err_sys(err, GV_EIO, "cannot copy module file '%s'", name) : 0;
}

static int
link_file(int from_dir, int to_dir, const char *name, struct gv_err *err)
{
	if (linkat(from_dir, name, to_dir, name, 0) == 0 || errno == EEXIST)
		return 0;
	return copy_file(from_dir, to_dir, name, err);
}

static int link_dir(int from_dir, int to_dir, const char *name, int depth, struct gv_err *err);

/* Link a file or a directory. A module has nothing else: go refuses to unpack it. */
static int
link_entry(int from_dir, int to_dir, const char *name, int depth, struct gv_err *err)
{
	struct stat st;

	if (fstatat(from_dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return gv_err_sys(err, GV_EIO, "cannot read module file '%s'", name);
	if (S_ISDIR(st.st_mode))
		return link_dir(from_dir, to_dir, name, depth, err);
	return S_ISREG(st.st_mode) ? link_file(from_dir, to_dir, name, err) : 0;
}

static int
link_dir(int from_dir, int to_dir, const char *name, int depth, struct gv_err *err)
{
	gv_autofd int from = openat(from_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), to = -1;
	gv_autodir DIR *d = NULL;
	struct dirent *e;
	int scan;

	if (depth > DEPTH_MAX)
		return gv_err_set(err, GV_EIO, "module directory '%s' lies deeper than %d directories", name,
				  DEPTH_MAX);
	if (from < 0 || (mkdirat(to_dir, name, 0755) < 0 && errno != EEXIST) ||
	    (to = openat(to_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0 ||
	    (scan = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return gv_err_sys(err, GV_EIO, "cannot link module directory '%s'", name);
	if ((d = fdopendir(scan)) == NULL) {
		close(scan);
		return gv_err_sys(err, GV_EIO, "cannot read module directory '%s'", name);
	}
	while ((e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
		    link_entry(from, to, e->d_name, depth + 1, err) < 0)
			return -1;
	return 0;
}

/* Link modcache/path to view/path; what the cache lacks is left out. */
static int
add_path(const char *view, const char *modcache, const char *path, struct gv_err *err)
{
	gv_autofree char *from = gv_path_join(modcache, path), *to = gv_path_join(view, path);
	gv_autofd int from_dir = -1, to_dir = -1;
	const char *name = gv_path_base(path);
	struct stat st;

	if (lstat(from, &st) < 0)
		return errno == ENOENT ? 0 : gv_err_sys(err, GV_EIO, "cannot read '%s'", from);
	gv_path_parent(from);
	gv_path_parent(to);
	if (gv_fs_mkdir_p(to, err) < 0)
		return -1;
	from_dir = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to_dir = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (from_dir < 0 || to_dir < 0)
		return gv_err_sys(err, GV_EIO, "cannot link '%s'", path);
	return link_entry(from_dir, to_dir, name, 0, err);
}

static int
fill(const char *view, const char *modcache, const struct gv_modset *set, struct gv_err *err)
{
	for (size_t i = 0; i < set->paths.n; i++)
		if (add_path(view, modcache, set->paths.v[i], err) < 0)
			return -1;
	return 0;
}

char *
gv_modview_make(const char *views, const char *modcache, const struct gv_modset *set, struct gv_err *err)
{
	gv_autofree char *view = gv_path_join(views, set->key + strcspn(set->key, " ") + 1), *draft = NULL;
	struct gv_err ignored = GV_ERR_INIT;

	/* The time of the directory says when the view was last used. */
	if (utimensat(AT_FDCWD, view, NULL, AT_SYMLINK_NOFOLLOW) == 0)
		return gv_steal_ptr(&view);
	if (gv_fs_mkdir_p(views, err) < 0)
		return NULL;
	draft = gv_path_join(views, ".draft-XXXXXX");
	if (mkdtemp(draft) == NULL || chmod(draft, 0755) < 0) {
		gv_err_sys(err, GV_EIO, "cannot make a directory in '%s'", views);
		return NULL;
	}
	if (fill(draft, modcache, set, err) == 0) {
		/* Another gover may have made the same view meanwhile. */
		if (rename(draft, view) == 0 || errno == EEXIST || errno == ENOTEMPTY) {
			if (gv_fs_remove_tree(AT_FDCWD, draft, &ignored) < 0)
				gv_err_clear(&ignored);
			return gv_steal_ptr(&view);
		}
		gv_err_sys(err, GV_EIO, "cannot make '%s'", view);
	}
	if (gv_fs_remove_tree(AT_FDCWD, draft, &ignored) < 0)
		gv_err_clear(&ignored);
	return NULL;
}

void
gv_modview_sweep(const char *views)
{
	gv_autofd int dir = open(views, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gv_autodir DIR *d = opendir(views);
	time_t now = time(NULL);
	struct dirent *e;
	struct stat st;

	while (dir >= 0 && d != NULL && (e = readdir(d)) != NULL) {
		struct gv_err ignored = GV_ERR_INIT;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
		    fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || now - st.st_mtime < UNUSED_S)
			continue;
		if (gv_fs_remove_tree(dir, e->d_name, &ignored) < 0)
			gv_err_clear(&ignored);
	}
}
