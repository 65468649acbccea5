/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/feed.h"

#include <string.h>

const uint8_t *
gv_feed_peek(struct gv_feed *f, size_t *n)
{
	if (f->again > 0) {
		*n = f->again;
		return f->last + GV_FEED_BACK - f->again;
	}
	while (f->chunk == NULL || f->at == f->chunk->len) {
		if (f->chunk != NULL)
			gv_ring_release(f->chunks);
		f->at = 0;
		f->chunk = gv_ring_next(f->chunks);
		if (f->chunk == NULL)
			return NULL;
	}
	*n = f->chunk->len - f->at;
	return f->chunk->data + f->at;
}

void
gv_feed_skip(struct gv_feed *f, size_t n)
{
	size_t keep = n < GV_FEED_BACK ? n : GV_FEED_BACK;

	f->offset += n;
	if (f->again > 0) {
		f->again -= n;
		return;
	}
	if (n == 0)
		return;
	f->at += n;
	memmove(f->last, f->last + keep, GV_FEED_BACK - keep);
	memcpy(f->last + GV_FEED_BACK - keep, f->chunk->data + f->at - keep, keep);
}

size_t
gv_feed_read(struct gv_feed *f, void *buf, size_t n)
{
	size_t got = 0, here = 0;
	const uint8_t *p;

	while (got < n && (p = gv_feed_peek(f, &here)) != NULL) {
		if (here > n - got)
			here = n - got;
		memcpy((char *)buf + got, p, here);
		gv_feed_skip(f, here);
		got += here;
	}
	return got;
}

void
gv_feed_back(struct gv_feed *f, size_t n)
{
	f->again += n;
	f->offset -= n;
}
