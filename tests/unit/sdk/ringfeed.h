/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_UNIT_SDK_RINGFEED_H
#define GV_TESTS_UNIT_SDK_RINGFEED_H

/* Feeds bytes from memory, in chunks of a given size, without a thread. */
#include <string.h>

#include "archive/feed.h"
#include "archive/ring.h"

static inline struct gv_feed
feed_of(const uint8_t *data, size_t len, size_t step)
{
	struct gv_ring *ring = gv_ring_new(len / step + 2, sizeof(struct gv_chunk));

	for (size_t at = 0, n; at < len; at += n) {
		struct gv_chunk *c = gv_ring_reserve(ring);

		n = len - at < step ? len - at : step;
		memcpy(c->data, data + at, n);
		c->len = n;
		gv_ring_commit(ring);
	}
	gv_ring_end(ring);
	return (struct gv_feed){ .chunks = ring };
}

static inline void
feed_free(struct gv_feed *f)
{
	gv_ring_free(f->chunks);
}

#endif
