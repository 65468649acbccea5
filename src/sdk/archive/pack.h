/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_PACK_H
#define GV_ARCHIVE_PACK_H

#include <stddef.h>
#include <sys/types.h>

#include "util/err.h"
#include "util/str.h"

/*
 * A small tar in memory: plain ustar (POSIX.1-1988). Its bytes do not depend on a library, the user or the time,
 * because the ID of gover's image (docker/image.h) is their hash. For whole trees see tarwrite.h.
 *
 * The functions append to `t` and keep to its size limit. ustar has no room for a name or target over 100 bytes (a
 * directory's includes the slash), an owner over 2097151 or a file of 8 GiB. gv_tar_end() reports these, too. `uid` is
 * also the group. Times are 0.
 */
void gv_tar_dir(struct gv_str *t, const char *name, mode_t mode, unsigned uid);
void gv_tar_file(struct gv_str *t, const char *name, mode_t mode, const void *data, size_t len);
void gv_tar_link(struct gv_str *t, const char *name, const char *target);
/* Write the end of the archive. Errors: GV_ETOOBIG when something before did not fit; then `t` is unusable. */
int gv_tar_end(struct gv_str *t, struct gv_err *err) GV_MUST_CHECK;

#endif
