/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_RETRY_H
#define GV_NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "net/exchange.h"
#include "util/err.h"

struct gv_http;

/*
 * When to try again. A caller that makes its own tries, as fetch does to resume a body, writes
 *
 *	struct gv_retry retry;
 *
 *	gv_retry_init(&retry);
 *	while ((src = gv_http_open(h, &req, &head, err)) == NULL)
 *		if (gv_retry_wait(&retry, h, err) < 0)
 *			return -1;
 *
 * and calls gv_retry_init() again on progress.
 */
struct gv_retry {
	int64_t since_ms; /* monotonic clock, at the start or the last progress */
	unsigned tries;   /* failures since then */
};

/* How the last request of a handle failed. */
struct gv_failure {
	bool transient;
	bool brief;             /* nothing answers there, so three tries are enough */
	int64_t retry_after_ms; /* from the server's Retry-After; 0 without one */
};

/* Start with no failures. The clock starts now. */
void gv_retry_init(struct gv_retry *r);

/* Count a failure. Returns the milliseconds to wait before the next try, or -1 to give up. */
int64_t gv_retry_delay(struct gv_retry *r, const struct gv_http_limits *limits, const struct gv_failure *f);

/*
 * Call it after a request of `h` failed with *err. Returns 0 after a wait, with *err cleared: try again. Returns -1 to
 * give up: *err stays, or is GV_EINTR.
 */
int gv_retry_wait(struct gv_retry *r, struct gv_http *h, struct gv_err *err) GV_MUST_CHECK;

#endif
