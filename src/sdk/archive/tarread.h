/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_TARREAD_H
#define GV_ARCHIVE_TARREAD_H

#include "archive/feed.h"
#include "archive/intake.h"

/*
 * Read a tar.gz to its very end. gunzip.h inflates it, libarchive reads the tar. Returns 0; 1 when a ring was stopped;
 * -1 with GV_EPROOF.
 */
int gv_tar_read(struct gv_feed *f, struct gv_intake *t, struct gv_err *err) GV_MUST_CHECK;

#endif
