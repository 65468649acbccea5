/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_INFLATE_H
#define GV_ARCHIVE_INFLATE_H

#include <stddef.h>
#include <stdint.h>

#include "archive/feed.h"
#include "util/err.h"

/*
 * Raw deflate (RFC 1951), by ISA-L's igzip when configure found it, else by zlib, which takes three times as long. One
 * state can be used for many streams, one after the other.
 */
struct gv_inflate;

/* A state, ready for a stream; the caller frees it. Reset makes it ready for the next stream at any time. */
struct gv_inflate *gv_inflate_new(void);
void gv_inflate_free(struct gv_inflate *z); /* NULL is fine */
void gv_inflate_reset(struct gv_inflate *z);

enum gv_inflated {
	GV_INFLATE_MORE, /* `out` is full */
	GV_INFLATE_END,  /* the stream is complete; the feed is at the byte after it */
	GV_INFLATE_BAD,  /* the stream is malformed */
	GV_INFLATE_CUT,  /* the feed ended too early, or was stopped */
};

/* Unpack *n bytes into `out`, which has room for at least one. After BAD the feed's position is undefined. */
enum gv_inflated gv_inflate_read(struct gv_inflate *z, struct gv_feed *f, uint8_t *out, size_t room,
				 size_t *n) GV_MUST_CHECK;

/* The CRC-32 of zip and gzip. Start with 0. */
uint32_t gv_crc32(uint32_t crc, const void *data, size_t len);

#endif
