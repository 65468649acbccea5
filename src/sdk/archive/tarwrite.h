/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_TARWRITE_H
#define GV_ARCHIVE_TARWRITE_H

#include "util/err.h"
#include "util/source.h"
#include "util/strv.h"

/*
 * The tree `dir` as a tar stream, written by libarchive. It is plain ustar; entries too large for ustar (a file of
 * 8 GiB, a long name, a large owner) get a pax header. Memory use does not grow with the size of files.
 *
 * The tar has regular files, directories and symbolic links, owned by uid and gid. Sockets, FIFOs, devices and files
 * that this user may not read are left out. A file that shrinks meanwhile is padded with zeros; one that grows is sent
 * up to its first size. `as` is the name of the top ("." by default). If `dir` is a single file, the tar has one entry.
 * `skip` has paths below `dir` to leave out (NULL: none) and is borrowed until the stream is closed.
 *
 * Everything else is an error, here or from the stream's read(): GV_ETOOBIG for a tree deeper than 200 directories,
 * GV_EIO when the system or libarchive fails.
 */
struct gv_source *gv_tar_tree(const char *dir, const char *as, const struct gv_strv *skip, unsigned uid, unsigned gid,
			      struct gv_err *err) GV_MUST_CHECK;

#endif
