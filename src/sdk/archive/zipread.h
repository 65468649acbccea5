/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_ZIPREAD_H
#define GV_ARCHIVE_ZIPREAD_H

#include "archive/feed.h"
#include "archive/intake.h"

/* What follows the last file, for gv_zipdir_check(): the directory and the end record. */
struct gv_ziptail {
	uint8_t *data; /* heap */
	size_t len;
	uint64_t offset; /* in the archive */
};

/*
 * Read a zip while it streams in, by its local headers alone (PKWARE APPNOTE 4.3.7 to 4.3.9). Entries must follow one
 * another without a gap. They are deflated, or stored with the size in the header. Sizes and CRC may follow the data,
 * with or without a signature. Encryption, zip64, other methods and unknown flags are refused. Names are bytes here;
 * the intake checks that they are UTF-8. gv_zipdir_check() then compares everything with the directory.
 *
 * Returns 0; 1 when a ring was stopped; -1 with GV_EPROOF.
 */
int gv_zip_read(struct gv_feed *f, struct gv_intake *t, struct gv_ziptail *tail, struct gv_err *err) GV_MUST_CHECK;

#endif
