/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_GUNZIP_H
#define GV_ARCHIVE_GUNZIP_H

#include <stdbool.h>

#include "archive/feed.h"
#include "archive/inflate.h"
#include "util/err.h"

/*
 * A gzip file (RFC 1952) of one or more members. Initialise it with { .feed, .inflate }, which the caller owns. CRC and
 * length of each member are checked. As with gzip(1), the file ends where no other member begins. Bytes after that stay
 * in the feed.
 */
struct gv_gunzip {
	struct gv_feed *feed;
	struct gv_inflate *inflate;
	/* private */
	bool begun, inside, ended;
	uint32_t crc, size; /* of this member so far */
};

/* Unpack *n bytes into `out`; *n is 0 at the end. Returns 0; 1 when the ring was stopped; -1 with GV_EPROOF. */
int gv_gunzip_read(struct gv_gunzip *g, uint8_t *out, size_t room, size_t *n, struct gv_err *err) GV_MUST_CHECK;

#endif
