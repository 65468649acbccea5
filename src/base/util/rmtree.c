/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

/*
 * gv_fs_remove_tree(). We may be root, and another user may own the tree and change it meanwhile. Therefore we follow
 * no link, change the mode only of a directory that we have open, and check that ".." leads back to the directory that
 * we came from. The walk keeps only its current directory open, so no tree is too deep.
 */
struct up {
	char *name; /* the subdirectory that we entered from here */
	dev_t dev;  /* device and inode of the directory that we left */
	ino_t ino;
};

struct walk {
	int at; /* the current directory; at depth 0 it belongs to the caller, and we do not close it */
	struct up *up;
	size_t depth;
};

/* Open a directory (no link) and give ourselves the right to read and change it. Returns -1 and sets errno. */
static int
open_dir(int parent, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(parent, name, flags);
	struct stat st;

	if (fd < 0 && errno == EACCES) {
		/* Change the mode through a descriptor: the name may already be another directory. */
		gv_autofd int place = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		char path[64];

		snprintf(path, sizeof(path), "/proc/self/fd/%d", place);
		if (place < 0 || chmod(path, 0700) < 0)
			return -1;
		fd = openat(parent, name, flags);
	}
	if (fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 0700) != 0700)
		fchmod(fd, 0700);
	return fd;
}

static int
go_down(struct walk *w, const char *name)
{
	struct up here = { 0 };
	struct stat st;
	int fd;

	if (fstat(w->at, &st) < 0 || (fd = open_dir(w->at, name)) < 0)
		return -1;
	here = (struct up){ .name = gv_xstrdup(name), .dev = st.st_dev, .ino = st.st_ino };
	w->up = gv_xreallocarray(w->up, w->depth + 1, sizeof(*w->up));
	w->up[w->depth] = here;
	if (w->depth++ > 0)
		close(w->at);
	w->at = fd;
	return 0;
}

/* Go to the parent of the current, empty directory and remove that directory. */
static int
go_up(struct walk *w, int top)
{
	struct up *to = &w->up[w->depth - 1];
	int fd = w->depth == 1 ? top : openat(w->at, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	int rc;

	if (fd < 0)
		return -1;
	close(w->at);
	w->at = fd;
	w->depth--;
	rc = fstat(fd, &st);
	if (rc == 0 && (st.st_dev != to->dev || st.st_ino != to->ino)) {
		errno = ESTALE; /* somebody moved it */
		rc = -1;
	}
	if (rc == 0)
		rc = unlinkat(fd, to->name, AT_REMOVEDIR);
	free(to->name);
	return rc < 0 && errno != ENOENT ? -1 : 0;
}

/*
 * Remove the files of a directory. Returns 0 when it is empty. Returns 1 when it contains a directory: `*name`, which
 * the caller frees. Returns -1 and sets errno on failure.
 */
static int
clear(int at, char **name)
{
	int copy = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), saved;
	gv_autodir DIR *d = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *e;

	if (d == NULL) {
		saved = errno;
		if (copy >= 0)
			close(copy);
		errno = saved;
		return -1;
	}
	while (errno = 0, (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || unlinkat(at, e->d_name, 0) == 0 ||
		    errno == ENOENT)
			continue;
		if (errno != EISDIR)
			return -1;
		*name = gv_xstrdup(e->d_name);
		return 1;
	}
	return errno != 0 ? -1 : 0;
}

/*
 * Remove the directory `name` and everything in it. Returns -1 and sets errno on failure. When the cause is a
 * subdirectory that we cannot enter, `*failed` is its name, which the caller frees.
 */
static int
remove_dir(struct walk *w, int top, const char *name, char **failed)
{
	int rc = go_down(w, name);

	while (rc == 0 && w->depth > 0) {
		gv_autofree char *sub = NULL;

		rc = clear(w->at, &sub);
		if (rc == 0)
			rc = go_up(w, top);
		else if (rc > 0 && (rc = go_down(w, sub)) < 0)
			*failed = gv_steal_ptr(&sub);
	}
	return rc;
}

int
gv_fs_remove_tree(int dir_fd, const char *name, struct gv_err *err)
{
	gv_autofree char *failed = NULL;
	gv_autofd int here = -1;
	struct walk w = { .at = dir_fd };
	int rc, sys;

	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM && errno != EACCES)
		return gv_err_sys(err, GV_EIO, "cannot remove '%s'", name);
	if (dir_fd == AT_FDCWD && (w.at = here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
		return gv_err_sys(err, GV_EIO, "cannot remove '%s'", name);
	rc = remove_dir(&w, w.at, name, &failed);
	sys = errno;
	if (w.depth > 0)
		close(w.at);
	while (w.depth > 0)
		free(w.up[--w.depth].name);
	free(w.up);
	errno = sys;
	if (rc < 0 && failed != NULL)
		return gv_err_sys(err, GV_EIO, "cannot remove '%s' in '%s'", failed, name);
	return rc < 0 ? gv_err_sys(err, GV_EIO, "cannot remove '%s'", name) : 0;
}
