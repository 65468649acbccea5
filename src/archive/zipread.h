/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_ZIPREAD_H
#define GV_ARCHIVE_ZIPREAD_H

#include "archive/feed.h"
#include "archive/intake.h"

/* What lies behind the last file: the directory and the end record, for gv_zipdir_check(). */
struct gv_ziptail {
	uint8_t *data; /* heap */
	size_t len;
	uint64_t offset; /* in the archive */
};

/*
 * Read a zip as it comes, by the local headers alone (PKWARE APPNOTE 4.3.7 to 4.3.9), which must follow one another without a
 * gap: deflated entries, and stored ones whose size the header tells. Sizes and CRC may follow the data, with or without a
 * signature. Encryption, zip64, other methods and unknown flags are refused; names are bytes, and the intake wants UTF-8.
 * The directory has the last word: gv_zipdir_check().
 *
 * 0; 1 when stopped; -1 with *err, GV_EPROOF.
 */
int gv_zip_read(struct gv_feed *f, struct gv_intake *t, struct gv_ziptail *tail, struct gv_err *err) GV_MUST_CHECK;

#endif
