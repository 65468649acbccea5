/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_FEED_H
#define GV_ARCHIVE_FEED_H

#include <stddef.h>
#include <stdint.h>

#include "archive/batch.h"
#include "archive/ring.h"

#define GV_FEED_BACK 8u /* bytes that can be put back: ISA-L reads ahead no further */

/*
 * The bytes of an archive, which the reading thread takes from the ring. Initialise it with { .chunks = ring }.
 *
 *	while ((p = gv_feed_peek(f, &n)) != NULL) { use up to n bytes; gv_feed_skip(f, used); }
 */
struct gv_feed {
	struct gv_ring *chunks;       /* of struct gv_chunk */
	const struct gv_chunk *chunk; /* the one in use */
	size_t at;                    /* the next byte in it */
	uint64_t offset;              /* where the next byte is in the archive */
	uint8_t last[GV_FEED_BACK];   /* the last bytes read, the newest at the end */
	size_t again;                 /* how many of them were put back */
};

/* The next bytes, at least one. Waits for them. NULL at the end, and when the ring was stopped. */
const uint8_t *gv_feed_peek(struct gv_feed *f, size_t *n);
void gv_feed_skip(struct gv_feed *f, size_t n); /* of the bytes that peek returned */

/* Copy n bytes. Returns fewer at the end, and when the ring was stopped. */
size_t gv_feed_read(struct gv_feed *f, void *buf, size_t n);

/* Put back the last n bytes that were read, at most GV_FEED_BACK. */
void gv_feed_back(struct gv_feed *f, size_t n);

#endif
