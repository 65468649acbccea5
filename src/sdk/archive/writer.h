/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_WRITER_H
#define GV_ARCHIVE_WRITER_H

#include <stdbool.h>

#include "archive/batch.h"
#include "util/err.h"

/*
 * Hash files and write them below a directory that nobody else writes to. Files are created with
 * O_CREAT|O_EXCL|O_NOFOLLOW, directories with mode 0755 when a file needs them. The umask has no effect. `crc`: also
 * compute the CRCs of a zip.
 */
struct gv_writer;

/* `dest_fd` is borrowed and stays open. Free also closes a file that was not written to its end. */
struct gv_writer *gv_writer_new(int dest_fd, bool crc);
void gv_writer_free(struct gv_writer *w); /* NULL is fine */

/* Write a batch. Fills in size, sha256 and crc of the members that end in it. Errors: GV_EIO, GV_EPROOF (too deep). */
int gv_writer_batch(struct gv_writer *w, const struct gv_batch *b, struct gv_err *err) GV_MUST_CHECK;

#endif
