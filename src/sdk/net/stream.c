/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "net/http.h"
#include "net/xfer.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/sig.h"

struct stream {
	struct gv_source src;
	struct gv_xfer x;
	int64_t left_ms; /* when the reader got its last chunk */
};

/* Work until `x` is done, has bytes to lend, or has its header (when asked for). */
static int
pump(struct gv_xfer *x, bool head_only, struct gv_err *err)
{
	for (;;) {
		gv_net_perform(x->h);
		if (x->ring_len > 0 || x->done || (head_only && x->head_done && gv_xfer_wanted(x)))
			return 0;
		if (gv_sig_check(err) < 0)
			return -1;
		gv_net_wait(x->h, gv_net_slice(x->h));
		gv_xfer_check_stall(x, gv_clock_ms());
	}
}

static ssize_t
stream_read(struct gv_source *src, const void **chunk, struct gv_err *err)
{
	struct stream *s = (struct stream *)src;
	struct gv_xfer *x = &s->x;
	size_t n;

	x->away_ms += gv_clock_ms() - s->left_ms;
	if (x->head.status == 304 || x->head.status == 416)
		return 0;
	if (x->ring_len == 0 && x->paused) {
		x->paused = false;
		curl_easy_pause(x->easy, CURLPAUSE_CONT); /* may fill the buffer during this call */
	}
	if (x->ring_len == 0 && !x->done && pump(x, false, err) < 0)
		return -1;
	s->left_ms = gv_clock_ms();
	if (x->ring_len == 0)
		return gv_xfer_verdict(x, &x->h->last, err);
	n = x->ring_len;
	x->ring_len = 0;
	*chunk = x->ring;
	return (ssize_t)n;
}

static void
stream_close(struct gv_source *src)
{
	struct stream *s = (struct stream *)src;

	gv_xfer_release(&s->x);
	free(s);
}

/* Work up to the header of the last hop. */
static int
begin(struct gv_xfer *x, struct gv_err *err)
{
	int rc;

	if (gv_xfer_restart(x, err) < 0)
		return -1;
	for (;;) {
		if (pump(x, true, err) < 0)
			return -1;
		if (!x->done)
			return 0;
		rc = gv_xfer_redirect(x, err);
		if (rc < 0)
			return -1;
		/* A short body may end, or break off, before the first read. Its bytes are read first. */
		if (rc == 0)
			return x->ring_len > 0 ? 0 : gv_xfer_verdict(x, &x->h->last, err);
	}
}

struct gv_source *
gv_http_open(struct gv_http *h, const struct gv_http_request *req, struct gv_http_head *head, struct gv_err *err)
{
	struct stream *s = gv_xcalloc(1, sizeof(*s));

	memset(&h->last, 0, sizeof(h->last));
	if (gv_xfer_init(&s->x, h, req, true, err) < 0) {
		free(s);
		return NULL;
	}
	if (begin(&s->x, err) < 0) {
		stream_close(&s->src);
		return NULL;
	}
	s->src.read = stream_read;
	s->src.close = stream_close;
	s->left_ms = gv_clock_ms();
	*head = s->x.head;
	s->x.head.etag = s->x.head.last_modified = NULL;
	return &s->src;
}
