/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_INFLATE_H
#define GV_ARCHIVE_INFLATE_H

#include <stddef.h>
#include <stdint.h>

#include "archive/feed.h"
#include "util/err.h"

/*
 * Raw deflate (RFC 1951), by ISA-L's igzip when configure found it, else by zlib, which takes about three times as long. One
 * state serves many streams, one after the other.
 */
struct gv_inflate;

struct gv_inflate *gv_inflate_new(void);
void gv_inflate_free(struct gv_inflate *z); /* NULL is fine */
void gv_inflate_reset(struct gv_inflate *z);

enum gv_inflated {
	GV_INFLATE_MORE, /* the room is full */
	GV_INFLATE_END,  /* the stream is complete; the feed stands behind its last byte */
	GV_INFLATE_BAD,  /* the stream is malformed */
	GV_INFLATE_CUT,  /* the feed ended first, or was stopped */
};

/* Unpack into `out`, which has room for at least one byte: *n bytes. After BAD the feed stands anywhere. */
enum gv_inflated gv_inflate_read(struct gv_inflate *z, struct gv_feed *f, uint8_t *out, size_t room, size_t *n)
	GV_MUST_CHECK;

/* The CRC-32 of zip and gzip; begins with 0. */
uint32_t gv_crc32(uint32_t crc, const void *data, size_t len);

#endif
