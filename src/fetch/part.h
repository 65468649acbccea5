/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_PART_H
#define GV_FETCH_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"

/*
 * What is kept of an unfinished download: the bytes in PART, and in PART.meta
 *
 *	gover-part 1\n<URL without userinfo>\n<validator>\n<whole size, or -1>\n<boot id>\n
 *
 * Nothing is synced while bytes come in, so what an earlier boot of the machine left is not used.
 */
struct gv_part {
	int fd;
	char *path, *meta;
	uint64_t kept;   /* bytes that may be used; written ones are the caller's to count */
	char *validator; /* for If-Range: a strong ETag or a date; NULL when the server gave none */
	int64_t total;   /* -1 unknown */
};

/* Open or create PART (and its directory) for `url`; p->kept says how much of it is good. */
int gv_part_open(struct gv_part *p, const char *path, const char *url, struct gv_err *err) GV_MUST_CHECK;
void gv_part_close(struct gv_part *p);

/* Start over with a new validator (NULL: none, such a part cannot be resumed by another run) and size. */
int gv_part_reset(struct gv_part *p, const char *url, const char *validator, int64_t total,
		  struct gv_err *err) GV_MUST_CHECK;

/* The ETag if it is a strong one, else the date; NULL for neither. Borrowed from the arguments. */
const char *gv_part_validator(const char *etag, const char *last_modified);

#endif
