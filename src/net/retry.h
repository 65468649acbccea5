/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_RETRY_H
#define GV_NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "net/http.h"
#include "util/err.h"

/*
 * When to try again. A caller that does its own tries (fetch resumes a body) goes
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
	bool brief;             /* nobody answers there: three tries are enough */
	int64_t retry_after_ms; /* what the server asked for, 0 when it did not */
};

void gv_retry_init(struct gv_retry *r);

/* Count a failure: milliseconds to wait before the next try, or -1 to give up. */
int64_t gv_retry_delay(struct gv_retry *r, const struct gv_http_limits *limits, const struct gv_failure *f);

/*
 * After a request of `h` failed with *err: wait and return 0 to try again (*err is then cleared), or -1 to give up,
 * leaving *err, or with GV_EINTR.
 */
int gv_retry_wait(struct gv_retry *r, struct gv_http *h, struct gv_err *err) GV_MUST_CHECK;

#endif
