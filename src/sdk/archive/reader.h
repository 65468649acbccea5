/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_READER_H
#define GV_ARCHIVE_READER_H

#include "archive/intake.h"
#include "archive/ring.h"
#include "archive/zipread.h"
#include "util/err.h"

/* The reading thread. It takes archive bytes from one ring and puts checked entries into another. */
struct gv_reader {
	const struct gv_unpack_in *in;
	struct gv_ring *chunks;     /* of struct gv_chunk */
	struct gv_ring *batches;    /* of struct gv_batch */
	struct gv_members *members; /* all entries, in the order of the archive */
	struct gv_ziptail tail;     /* zip; the caller frees its data */
};

/*
 * Read to the very end. Returns 0; 1 when another thread stopped a ring (that thread has the reason); -1 with *err.
 * Errors: GV_EPROOF for an archive that is malformed, hostile or beyond the limits.
 */
int gv_reader_run(struct gv_reader *r, struct gv_err *err) GV_MUST_CHECK;

#endif
