/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_TAR_H
#define GV_ENGINE_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/err.h"
#include "util/source.h"
#include "util/str.h"
#include "util/strv.h"

/*
 * ustar (POSIX.1-1988) in memory, and of a directory as a stream. Names longer than the format has room for get a GNU 'L' header.
 * Nothing in it depends on who runs us or when: owner and time are given.
 */
void gv_tar_dir(struct gv_str *t, const char *name, mode_t mode, unsigned uid);
void gv_tar_file(struct gv_str *t, const char *name, mode_t mode, const void *data, size_t len);
void gv_tar_link(struct gv_str *t, const char *name, const char *target);
void gv_tar_end(struct gv_str *t);

/*
 * The tree `dir` as a tar stream: regular files, directories, symbolic links, owned by uid and gid; sockets, FIFOs, devices and
 * what may not be read are left out. A file that shrinks meanwhile is padded with zeros. `as` is the name of the top ("." by
 * default). A single file is a tar of one entry. `pick` is kept by the caller until the stream is closed.
 */
struct gv_tar_pick {
	const struct gv_strv *skip; /* paths below `dir` that are left out, NULL: none */
	const struct gv_strv *only; /* nothing but these, whose parents get no entries, NULL: all; missing ones do not matter */
};
struct gv_source *gv_tar_tree(const char *dir, const char *as, const struct gv_tar_pick *pick, unsigned uid, unsigned gid,
			      struct gv_err *err) GV_MUST_CHECK;

#endif
