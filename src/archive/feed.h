/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_FEED_H
#define GV_ARCHIVE_FEED_H

#include <stddef.h>
#include <stdint.h>

#include "archive/batch.h"
#include "archive/ring.h"

#define GV_FEED_BACK 8u /* bytes that can be put back: what ISA-L reads ahead at most */

/*
 * The bytes of an archive as the reading thread takes them from the ring. Start with { .chunks = ring }.
 *
 *	while ((p = gv_feed_peek(f, &n)) != NULL) { use up to n bytes; gv_feed_skip(f, used); }
 */
struct gv_feed {
	struct gv_ring *chunks;       /* of struct gv_chunk */
	const struct gv_chunk *chunk; /* the one lent out */
	size_t at;                    /* its next byte */
	uint64_t offset;              /* of the next byte in the archive */
	uint8_t last[GV_FEED_BACK];   /* bytes taken last, the newest at the end */
	size_t again;                 /* of these, how many come again */
};

/* The bytes at hand, at least one; NULL at the end and when stopped. Blocks until some have come. */
const uint8_t *gv_feed_peek(struct gv_feed *f, size_t *n);
void gv_feed_skip(struct gv_feed *f, size_t n); /* of those */

/* Copy n bytes; the count is smaller at the end and when stopped. */
size_t gv_feed_read(struct gv_feed *f, void *buf, size_t n);

/* Put the n bytes taken last back, at most GV_FEED_BACK of them. */
void gv_feed_back(struct gv_feed *f, size_t n);

#endif
