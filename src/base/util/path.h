/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_PATH_H
#define GV_UTIL_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/* Join `dir` and `name` with exactly one slash. When `dir` is "", the result is `name`. The caller frees. */
char *gv_path_join(const char *dir, const char *name) GV_MUST_CHECK;

/* The part after the last slash. It points into `path`. */
const char *gv_path_base(const char *path);

/* Shorten `path` to its parent: "/a/b" -> "/a", "/a" -> "/". Returns false when it is "/" or has no slash. */
bool gv_path_parent(char *path);

/*
 * Whether `path` is `dir` or lies in it: "/a/b" is below "/a", "/ab" is not. This compares text only, so both must be
 * absolute and clean.
 */
bool gv_path_is_below(const char *path, const char *dir);

/* Whether `path` is a regular file, or a link to one, that this user may execute. */
bool gv_path_is_program(const char *path);

/*
 * Find the next program `name` on a search path like $PATH. Empty and relative elements are ignored, so that no program
 * in the working directory is run by chance. The caller frees the result. Returns NULL when there is no other.
 *
 *	const char *path = getenv("PATH");
 *
 *	while ((file = gv_path_program(&path, "go")) != NULL)
 *
 * `*path` may be NULL. Afterwards it is the part still to search. To find only the first program, call it once.
 */
char *gv_path_program(const char **path, const char *name) GV_MUST_CHECK;

/* The absolute path of the running program, from /proc/self/exe. The caller frees. Errors: NULL and GV_EIO. */
char *gv_path_self(struct gv_err *err) GV_MUST_CHECK;

#endif
