/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_EXCHANGE_H
#define GV_NET_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

/* Requests and replies, for all of net. Apart from http.h, so that retry.h and xfer.h need not include that. */

/* When a transfer counts as stalled, and how long to try again. http.h explains the defaults. */
struct gv_http_limits {
	unsigned stall_ms;   /* a transfer stalls when for this long ... */
	unsigned stall_rate; /* ... it brings less than so many bytes a second */
	unsigned retry_ms;   /* all tries without progress end within this */
	unsigned backoff_ms; /* the wait after the first failure; it doubles with each further one */
};

extern const struct gv_http_limits gv_http_limits_default;

struct gv_http_head {
	long status; /* 200; 206 or 416 for a range; 304 for if_none_match */
	char *etag;  /* NULL when absent */
	char *last_modified;
	int64_t length;      /* Content-Length, -1 unknown */
	int64_t range_start; /* from Content-Range of a 206, else 0 */
	int64_t range_total; /* the whole size from Content-Range of a 206 or 416, -1 unknown */
};

/* Frees the contents and zeroes *head. */
void gv_http_head_release(struct gv_http_head *head);

struct gv_http_request {
	const char *url;
	const char *if_none_match; /* ETag: 304 is then a success */
	int64_t range_from;        /* > 0: Range: bytes=N- */
	const char *if_range;      /* validator for it */
	size_t max_body;           /* gv_http_get: more is GV_ETOOBIG */
};

#endif
