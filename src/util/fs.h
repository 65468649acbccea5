/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_FS_H
#define GV_UTIL_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "util/err.h"

/*
 * Files, below a directory descriptor (or AT_FDCWD). Everything is opened O_CLOEXEC.
 */

/*
 * Read a whole regular file of at most `max` bytes. Never blocks: a FIFO, socket, device or
 * directory is refused. `*buf` is NUL-terminated after `*len` bytes and freed by the caller.
 * Errors: GV_EIO (sys is ENOENT when it does not exist), GV_EFORMAT (not a regular file),
 * GV_ETOOBIG. The message names `name`.
 */
int gv_fs_read(int dir_fd, const char *name, size_t max, char **buf, size_t *len, struct gv_err *err) GV_MUST_CHECK;

/* Write all of `data`, across short writes and EINTR. The message does not name the file. */
int gv_fs_write_all(int fd, const void *data, size_t len, struct gv_err *err) GV_MUST_CHECK;

/* Make `path` and its parents, mode 0755 whatever the umask. */
int gv_fs_mkdir_p(const char *path, struct gv_err *err) GV_MUST_CHECK;

/* Remove a file or a whole tree, read-only directories included. A missing one is success. */
int gv_fs_remove_tree(int dir_fd, const char *name, struct gv_err *err) GV_MUST_CHECK;

/* fsync a directory so that a rename in it is on disk. */
int gv_fs_sync_dir(const char *path, struct gv_err *err) GV_MUST_CHECK;

bool gv_fs_exists(const char *path);
bool gv_fs_is_dir(const char *path);
/* A regular file that this user may execute. */
bool gv_fs_is_program(const char *path);

/*
 * Replace or create a file in one step: write a temporary beside it, fsync, rename. Readers see
 * the old or the new content, and a crash leaves one of the two. `mode` ignores the umask.
 */
int gv_fs_replace(const char *path, const void *data, size_t len, mode_t mode, struct gv_err *err) GV_MUST_CHECK;

#endif
