/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/lock.h"
#include "store/manifest.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/strv.h"

/* Held from making a directory until it is locked, and while a sweep looks for dead ones. */
#define STAGING_LOCK "staging"

static char *
random_path(const struct gv_dirs *d)
{
	uint64_t r = 0;

	if (getrandom(&r, sizeof(r), 0) < 0)
		r = (uint64_t)getpid() << 32 ^ (uintptr_t)&r;
	return gv_xasprintf("%s/%016llx", d->staging, (unsigned long long)r);
}

static int
open_locked(const char *path)
{
	gv_autofd int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		return -1;
	return gv_steal_fd(&fd);
}

int
gv_staging_make(struct gv_staging *s, const struct gv_dirs *d, struct gv_err *err)
{
	gv_autolock struct gv_lock lock = GV_LOCK_INIT;
	gv_autofree char *path = random_path(d);
	int fd;

	if (gv_lock_take(&lock, d->locks, STAGING_LOCK, NULL, err) < 0)
		return -1;
	if (mkdir(path, 0755) < 0)
		return gv_err_sys(err, GV_EIO, "cannot make directory '%s'", path);
	fd = open_locked(path);
	if (fd < 0 || fchmod(fd, 0755) < 0) {
		gv_err_sys(err, GV_EIO, "cannot lock directory '%s'", path);
		rmdir(path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	s->path = gv_steal_ptr(&path);
	s->fd = fd;
	return 0;
}

int
gv_staging_take(struct gv_staging *s, const struct gv_dirs *d, const char *path, struct gv_err *err)
{
	gv_autofree char *to = random_path(d);
	int fd = open_locked(path);

	if (fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot lock directory '%s'", path);
	if (rename(path, to) < 0) {
		gv_err_sys(err, GV_EIO, "cannot move '%s' to '%s'", path, to);
		close(fd);
		return -1;
	}
	s->path = gv_steal_ptr(&to);
	s->fd = fd;
	return 0;
}

void
gv_staging_forget(struct gv_staging *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	free(s->path);
	s->path = NULL;
}

void
gv_staging_remove(struct gv_staging *s)
{
	struct gv_err ignored = GV_ERR_INIT;

	if (s->path != NULL && gv_fs_remove_tree(AT_FDCWD, s->path, &ignored) < 0)
		gv_err_clear(&ignored);
	gv_staging_forget(s);
}

static void
list_names(const char *dir, struct gv_strv *names)
{
	gv_autodir DIR *dp = opendir(dir);
	const struct dirent *e;

	while (dp != NULL && (e = readdir(dp)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			gv_strv_add(names, e->d_name);
}

static void
sweep_staging(const struct gv_dirs *d)
{
	gv_autolock struct gv_lock lock = GV_LOCK_INIT;
	gv_autostrv struct gv_strv names = GV_STRV_INIT;
	gv_autofree struct gv_staging *dead = NULL;
	size_t n = 0;

	list_names(d->staging, &names);
	if (names.n == 0 || !gv_lock_try(&lock, d->locks, STAGING_LOCK))
		return;
	dead = gv_xcalloc(names.n, sizeof(*dead));
	for (size_t i = 0; i < names.n; i++) {
		gv_autofree char *path = gv_path_join(d->staging, names.v[i]);
		int fd = open_locked(path);

		if (fd >= 0)
			dead[n++] = (struct gv_staging){ .path = gv_steal_ptr(&path), .fd = fd };
	}
	/* This process has locked them now, so no other one takes them. */
	gv_lock_release(&lock);
	for (size_t i = 0; i < n; i++)
		gv_staging_remove(&dead[i]);
}

/*
 * While it holds the version's lock, an install writes goV.new, renames it to goV, and then renames the SDK. So if the
 * lock is free, a .new or a manifest without its SDK is a leftover.
 */
static void
sweep_manifests(const struct gv_dirs *d)
{
	gv_autostrv struct gv_strv names = GV_STRV_INIT;

	list_names(d->manifests, &names);
	for (size_t i = 0; i < names.n; i++) {
		gv_autolock struct gv_lock lock = GV_LOCK_INIT;
		gv_autofree char *name = gv_xstrdup(names.v[i]);
		gv_autofree char *manifest = gv_path_join(d->manifests, names.v[i]);
		gv_autofree char *sdk = NULL;
		size_t len = strlen(name), suffix = strlen(GV_MANIFEST_NEW);
		bool is_new = len > suffix && strcmp(name + len - suffix, GV_MANIFEST_NEW) == 0;

		if (is_new)
			name[len - suffix] = '\0';
		sdk = gv_path_join(d->sdks, name);
		if (!is_new && gv_fs_exists(sdk))
			continue;
		if (gv_lock_try(&lock, d->locks, name) && (is_new || !gv_fs_exists(sdk)))
			unlink(manifest);
	}
}

void
gv_staging_sweep(const struct gv_dirs *d)
{
	sweep_staging(d);
	sweep_manifests(d);
}
