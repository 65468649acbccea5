/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_INSTALLED_H
#define GV_RESOLVE_INSTALLED_H

#include <stdbool.h>

#include "resolve/dirs.h"
#include "util/strv.h"

/* Whether sdks/go<version>/bin/go exists. That is enough, because an install moves a finished tree into sdks. */
bool gv_installed(const struct gv_dirs *d, const char *version);

/*
 * Append the versions that have a directory in sdks/, in any order. This does not check them: ask gv_installed().
 * When sdks/ is missing, nothing is appended.
 */
int gv_installed_names(const struct gv_dirs *d, struct gv_strv *out, struct gv_err *err) GV_MUST_CHECK;

/* Append all versions installed for this platform, newest first. When sdks/ is missing, nothing is appended. */
int gv_installed_list(const struct gv_dirs *d, struct gv_strv *out, struct gv_err *err) GV_MUST_CHECK;

/*
 * The path of the first `tool` on PATH that is not gover itself: files that lead to a gover executable and
 * files in the shims directory are skipped. Empty and relative elements of PATH are ignored. NULL when there
 * is none. Caller frees.
 */
char *gv_system_tool(const struct gv_dirs *d, const char *tool);

#endif
