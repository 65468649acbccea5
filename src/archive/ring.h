/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_RING_H
#define GV_ARCHIVE_RING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A bounded queue between two threads: `n` buffers of `size` bytes, filled by one and read by the other, in order.
 *
 *	producer: p = gv_ring_reserve(r); fill it; gv_ring_commit(r); ... gv_ring_end(r)
 *	consumer: while ((p = gv_ring_next(r)) != NULL) { use it; gv_ring_release(r); }
 *
 * Whoever fails calls gv_ring_stop(): both sides then get NULL, and gv_ring_stopped() tells it from a regular end.
 */
struct gv_ring;

struct gv_ring *gv_ring_new(size_t n, size_t size);
void gv_ring_free(struct gv_ring *r); /* NULL is fine; both threads are done */

/* The next buffer to fill (the same one until commit); NULL when stopped. Blocks while all are full. */
void *gv_ring_reserve(struct gv_ring *r);
void gv_ring_commit(struct gv_ring *r);
void gv_ring_end(struct gv_ring *r);

/* The oldest full buffer (the same one until release); NULL at the end and when stopped. */
void *gv_ring_next(struct gv_ring *r);
void gv_ring_release(struct gv_ring *r);

void gv_ring_stop(struct gv_ring *r);
bool gv_ring_stopped(struct gv_ring *r);

#endif
