/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_RING_H
#define GV_ARCHIVE_RING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A bounded queue of `n` buffers of `size` bytes. One thread fills them, another reads them in the same order.
 *
 *	producer: p = gv_ring_reserve(r); fill it; gv_ring_commit(r); ... gv_ring_end(r)
 *	consumer: while ((p = gv_ring_next(r)) != NULL) { use it; gv_ring_release(r); }
 *
 * A side that fails calls gv_ring_stop(). Both sides then get NULL, and gv_ring_stopped() is true.
 */
struct gv_ring;

/* The buffers are one allocation of n * size bytes. */
struct gv_ring *gv_ring_new(size_t n, size_t size);
void gv_ring_free(struct gv_ring *r); /* call it when both threads are done; NULL is fine */

/* The next buffer to fill, the same one until commit. Waits while all are full. NULL when stopped. */
void *gv_ring_reserve(struct gv_ring *r);
void gv_ring_commit(struct gv_ring *r);
void gv_ring_end(struct gv_ring *r);

/* The oldest full buffer, the same one until release. Waits for one. NULL at the end, and when stopped. */
void *gv_ring_next(struct gv_ring *r);
void gv_ring_release(struct gv_ring *r);

/* Stop both sides and wake a waiting one. Either side may call it, even after a stop or the end. */
void gv_ring_stop(struct gv_ring *r);
bool gv_ring_stopped(struct gv_ring *r);

#endif
