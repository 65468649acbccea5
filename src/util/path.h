/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_PATH_H
#define GV_UTIL_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/* dir + "/" + name with exactly one slash between; "" as dir gives name. Caller frees. */
char *gv_path_join(const char *dir, const char *name) GV_MUST_CHECK;

/* The part after the last slash; borrowed. */
const char *gv_path_base(const char *path);

/* Cut `path` to its parent in place: "/a/b" -> "/a", "/a" -> "/". False when it is "/" or has no slash. */
bool gv_path_parent(char *path);

/* The absolute path of the running program, from /proc/self/exe; caller frees. */
char *gv_path_self(struct gv_err *err) GV_MUST_CHECK;

#endif
