/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "net/retry.h"

#include <time.h>

#include "net/xfer.h"
#include "util/clock.h"
#include "util/sig.h"

#define MAX_TRIES       5
#define MAX_BRIEF_TRIES 3
#define MAX_DOUBLINGS   5

void
gv_retry_init(struct gv_retry *r)
{
	r->since_ms = gv_clock_ms();
	r->tries = 0;
}

/* 75 to 125 % of `ms`, so that many clients of one server do not come back at the same moment. */
static int64_t
jitter(int64_t ms)
{
	return ms * 3 / 4 + gv_clock_us() % (ms / 2 + 1);
}

int64_t
gv_retry_delay(struct gv_retry *r, const struct gv_http_limits *limits, const struct gv_failure *f)
{
	unsigned doublings = r->tries < MAX_DOUBLINGS ? r->tries : MAX_DOUBLINGS;
	int64_t wait = jitter((int64_t)limits->backoff_ms << doublings);

	r->tries++;
	if (!f->transient || r->tries >= (f->brief ? MAX_BRIEF_TRIES : MAX_TRIES))
		return -1;
	if (wait < f->retry_after_ms)
		wait = f->retry_after_ms;
	/* The next try may need a whole stall to fail, and it must end in time. */
	if (gv_clock_ms() + wait + limits->stall_ms > r->since_ms + limits->retry_ms)
		return -1;
	return wait;
}

static int
wait_ms(int64_t ms, struct gv_err *err)
{
	int64_t end = gv_clock_ms() + ms;

	for (int64_t left = ms; left > 0; left = end - gv_clock_ms()) {
		long slice = left < 250 ? (long)left : 250;
		struct timespec ts = { .tv_nsec = slice * 1000000 };

		nanosleep(&ts, NULL);
		if (gv_sig_check(err) < 0)
			return -1;
	}
	return 0;
}

int
gv_retry_wait(struct gv_retry *r, struct gv_http *h, struct gv_err *err)
{
	int64_t ms;

	if (err->code != GV_ENET)
		return -1;
	ms = gv_retry_delay(r, &h->limits, &h->last);
	if (ms < 0 || wait_ms(ms, err) < 0)
		return -1;
	gv_err_clear(err);
	return 0;
}
