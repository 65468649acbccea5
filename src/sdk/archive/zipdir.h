/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_ZIPDIR_H
#define GV_ARCHIVE_ZIPDIR_H

#include <stddef.h>
#include <stdint.h>

#include "archive/batch.h"
#include "util/err.h"

/*
 * Check the end of a zip (PKWARE APPNOTE 4.3.12, 4.3.16) against the files that were streamed before it.
 *
 * `tail` is everything after the last file, `offset` its place in the archive. It must be one central directory, then
 * an end record, then nothing. The directory must list the same names and offsets in the same order, and no links; the
 * sizes and CRCs of unpacked files must agree. A streaming reader alone does not notice that a zip is cut off here.
 * Zip64 is refused, because no release needs it. Errors: GV_EPROOF.
 */
int gv_zipdir_check(const uint8_t *tail, size_t len, uint64_t offset, const struct gv_members *members,
		    struct gv_err *err) GV_MUST_CHECK;

#endif
