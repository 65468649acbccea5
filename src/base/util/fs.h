/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_FS_H
#define GV_UTIL_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "util/err.h"

/*
 * Files. `dir_fd` is the directory that `name` is relative to, or AT_FDCWD. Everything is opened with O_CLOEXEC.
 */

/*
 * Read a whole regular file of at most `max` bytes. Never blocks: it refuses a FIFO, socket, device or
 * directory. `*buf` holds `*len` bytes and a NUL; the caller frees it.
 * Errors: GV_EIO (err->sys is ENOENT when the file does not exist), GV_EFORMAT (not a regular file),
 * GV_ETOOBIG. The message contains `name`.
 */
int gv_fs_read(int dir_fd, const char *name, size_t max, char **buf, size_t *len, struct gv_err *err) GV_MUST_CHECK;

/* Write all of `data`, continuing after short writes and EINTR. Errors: GV_EIO; the message does not name the file. */
int gv_fs_write_all(int fd, const void *data, size_t len, struct gv_err *err) GV_MUST_CHECK;

/* Create the directory `path` and its parents with mode 0755, whatever the umask. Errors: GV_EIO. */
int gv_fs_mkdir_p(const char *path, struct gv_err *err) GV_MUST_CHECK;

/*
 * Remove a file or a whole tree of any depth, including read-only directories. If `name` does not exist, that is
 * success. Another user may change the tree meanwhile: we follow no link, and a directory that was moved out of the
 * tree is an error (ESTALE). We trust only the parent directories in `name`. At most four descriptors are open at a
 * time. Errors: GV_EIO. See rmtree.c.
 */
int gv_fs_remove_tree(int dir_fd, const char *name, struct gv_err *err) GV_MUST_CHECK;

/* Call fsync(2) on a directory, so that a rename in it is on disk. Errors: GV_EIO. */
int gv_fs_sync_dir(const char *path, struct gv_err *err) GV_MUST_CHECK;

/* Whether `path` exists, and whether it is a directory. They follow symbolic links. False also when stat(2) fails. */
bool gv_fs_exists(const char *path);
bool gv_fs_is_dir(const char *path);

/*
 * Replace or create a file atomically: write a temporary file in the same directory, fsync it, rename it. Readers see
 * either the old or the new content, also after a crash. The file gets exactly `mode`, whatever the umask.
 * Errors: GV_EIO.
 */
int gv_fs_replace(const char *path, const void *data, size_t len, mode_t mode, struct gv_err *err) GV_MUST_CHECK;

#endif
