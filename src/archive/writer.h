/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_WRITER_H
#define GV_ARCHIVE_WRITER_H

#include <stdbool.h>

#include "archive/batch.h"
#include "util/err.h"

/*
 * Hash files and write them below a directory that nobody else writes to. Files are made
 * O_CREAT|O_EXCL|O_NOFOLLOW; directories as they are needed, 0755; modes ignore the umask. `crc`: compute the CRCs of zip, too.
 */
struct gv_writer;

struct gv_writer *gv_writer_new(int dest_fd, bool crc);
void gv_writer_free(struct gv_writer *w); /* NULL is fine */

/* Write a batch; fills in size, sha256 and crc of the members that end in it. Errors: GV_EIO. */
int gv_writer_batch(struct gv_writer *w, const struct gv_batch *b, struct gv_err *err) GV_MUST_CHECK;

#endif
