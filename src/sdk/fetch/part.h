/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_PART_H
#define GV_FETCH_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"

/*
 * An unfinished download on disk. PART has its bytes, and PART.meta says
 *
 *	gover-part 1\n<URL without userinfo>\n<validator>\n<whole size, or -1>\n<boot id>\n
 *
 * Nothing is synced while bytes come in, so a part from an earlier boot of the machine is not used.
 */
struct gv_part {
	int fd;
	char *path, *meta;
	uint64_t kept;   /* usable bytes when opened; the caller counts those it writes */
	char *validator; /* for If-Range: a strong ETag or a date; NULL when the server gave none */
	int64_t total;   /* -1 unknown */
};

/* Open or create PART (and its directory) for `url`. p->kept says how many of its bytes are usable. Errors: GV_EIO. */
int gv_part_open(struct gv_part *p, const char *path, const char *url, struct gv_err *err) GV_MUST_CHECK;
void gv_part_close(struct gv_part *p);

/* Empty PART, and set a new validator and size. Without a validator (NULL) no other run can resume it. */
int gv_part_reset(struct gv_part *p, const char *url, const char *validator, int64_t total,
		  struct gv_err *err) GV_MUST_CHECK;

/* The ETag if it is a strong one, else the date, else NULL. Borrowed from the arguments. */
const char *gv_part_validator(const char *etag, const char *last_modified);

#endif
