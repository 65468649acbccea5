/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/sumdbdisk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/sig.h"
#include "verify/tile.h"

void
gv_sumdbdisk_init(struct gv_sumdbdisk *s, const struct gv_dirs *d, const char *db_name)
{
	s->tiles = gv_path_join(d->tiles, db_name);
	s->heads = gv_path_join(d->heads, db_name);
	s->head_file = gv_path_join(s->heads, "latest");
}

void
gv_sumdbdisk_release(struct gv_sumdbdisk *s)
{
	free(s->tiles);
	free(s->heads);
	free(s->head_file);
	memset(s, 0, sizeof(*s));
}

/* NULL for anything but the path of a tile, so no path can lead out of the cache. */
static char *
tile_file(const struct gv_sumdbdisk *s, const char *path)
{
	struct gv_tile tile;

	return gv_tile_parse(&tile, path) ? gv_path_join(s->tiles, path) : NULL;
}

bool
gv_sumdbdisk_cache_read(struct gv_sumdbdisk *s, const char *path, char **data, size_t *len)
{
	gv_autofree char *file = tile_file(s, path), *buf = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t n = 0;

	if (file == NULL || gv_fs_read(AT_FDCWD, file, GV_TILE_BYTES, &buf, &n, &err) < 0 || n == 0)
		return false;
	*data = gv_steal_ptr(&buf);
	*len = n;
	return true;
}

/*
 * No fsync, unlike gv_fs_replace(): a tile damaged by a crash is noticed and fetched again, and two dozen syncs would
 * cost more than the download.
 */
void
gv_sumdbdisk_cache_write(struct gv_sumdbdisk *s, const char *path, const void *data, size_t len)
{
	gv_autofree char *file = tile_file(s, path), *dir = NULL, *tmp = NULL;
	struct gv_err err = GV_ERR_INIT;
	gv_autofd int fd = -1;

	if (file == NULL)
		return;
	dir = gv_xstrdup(file);
	tmp = gv_xasprintf("%s.tmp-XXXXXX", file);
	if (!gv_path_parent(dir) || gv_fs_mkdir_p(dir, &err) < 0 || (fd = mkostemp(tmp, O_CLOEXEC)) < 0)
		return;
	if (gv_fs_write_all(fd, data, len, &err) < 0 || fchmod(fd, 0644) < 0 || rename(tmp, file) < 0)
		unlink(tmp);
}

static int
damaged(const struct gv_sumdbdisk *s, struct gv_err *err)
{
	gv_err_set(err, GV_EPROOF, "the stored log head '%s' is damaged", s->head_file);
	return gv_err_help(err, "if you know how it was damaged, remove it and try again");
}

int
gv_sumdbdisk_head_read(struct gv_sumdbdisk *s, char **note, struct gv_err *err)
{
	struct gv_err read_err = GV_ERR_INIT;
	gv_autofree char *buf = NULL;
	size_t len = 0;

	if (gv_fs_read(AT_FDCWD, s->head_file, GV_NOTE_MAX, &buf, &len, &read_err) < 0) {
		if (read_err.code != GV_EIO) /* too big, or not a regular file */
			return damaged(s, err);
		if (read_err.sys != ENOENT && read_err.sys != ENOTDIR) {
			*err = read_err;
			return -1;
		}
		buf = gv_xstrdup("");
	}
	if (strlen(buf) != len)
		return damaged(s, err);
	*note = gv_steal_ptr(&buf);
	return 0;
}

/* The lock is held until the descriptor closes, which is only while one file is replaced. */
static int
lock_heads(struct gv_sumdbdisk *s, struct gv_err *err)
{
	gv_autofree char *file = gv_xasprintf("%s.lock", s->head_file);
	gv_autofd int fd = -1;

	if (gv_fs_mkdir_p(s->heads, err) < 0)
		return -1;
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot open '%s'", file);
	while (flock(fd, LOCK_EX) < 0) {
		if (errno != EINTR)
			return gv_err_sys(err, GV_EIO, "cannot lock '%s'", file);
		if (gv_sig_check(err) < 0)
			return -1;
	}
	return gv_steal_fd(&fd);
}

int
gv_sumdbdisk_head_swap(struct gv_sumdbdisk *s, const char *old, const char *note, struct gv_err *err)
{
	gv_autofd int lock = lock_heads(s, err);
	gv_autofree char *now = NULL;

	if (lock < 0 || gv_sumdbdisk_head_read(s, &now, err) < 0)
		return -1;
	if (strcmp(now, old) != 0)
		return 0;
	return gv_fs_replace(s->head_file, note, strlen(note), 0644, err) < 0 ? -1 : 1;
}
