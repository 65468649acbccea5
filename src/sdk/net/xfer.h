/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_XFER_H
#define GV_NET_XFER_H

#include <curl/curl.h>

#include "net/certs.h"
#include "net/exchange.h"
#include "net/netrc.h"
#include "net/proxy.h"
#include "net/retry.h"
#include "net/url.h"
#include "util/str.h"

/*
 * Private to net. One request: an easy handle, its redirects, its reply. http.c and stream.c drive it:
 *
 *	gv_xfer_init -> gv_xfer_restart -> (gv_net_pump -> done? gv_xfer_redirect starts the next hop)*
 *	-> gv_xfer_verdict
 */
struct gv_http {
	CURLM *multi; /* keeps the connections */
	struct gv_http_limits limits;
	struct gv_proxies proxies;
	struct gv_netrc netrc;
	struct gv_certs certs;
	struct gv_failure last; /* how the last failed request failed */
};

#define GV_STALL_SAMPLES 20

/* Bytes received in the last stall_ms, with a sample every twentieth of that time. */
struct gv_stall {
	struct {
		int64_t at_ms;
		uint64_t bytes;
	} sample[GV_STALL_SAMPLES + 2];
	unsigned n;
};

/* Whether too little came in the last stall_ms. `bytes` counts all so far. For tests. */
bool gv_stall_tick(struct gv_stall *s, const struct gv_http_limits *limits, int64_t now_ms, uint64_t bytes);

struct gv_xfer {
	struct gv_http *h;
	struct gv_http_request req;
	bool streaming;
	CURL *easy;
	struct curl_slist *headers;
	struct gv_url first; /* the URL asked for; its credentials are for its origin only */
	struct gv_url url;   /* this hop */
	const char *proxy;   /* of this hop; NULL when direct */
	unsigned hops;
	/* the reply */
	struct gv_http_head head;
	bool head_done;  /* the header of the final reply is complete */
	bool plain_text; /* the body may be quoted in a message */
	int64_t retry_after_ms;
	char note[160]; /* the beginning of an error's body */
	size_t discarded;
	struct gv_str body; /* either the whole body ... */
	char *ring;         /* ... or the piece to lend */
	size_t ring_len;
	bool paused;
	/* the transfer itself */
	struct gv_stall stall;
	uint64_t received;
	int64_t away_ms; /* time between two reads */
	bool running, done, too_big, stalled;
	CURLcode code;
	char errbuf[CURL_ERROR_SIZE];
};

/* Sizes in bytes. The stream buffer holds two of libcurl's buffers. */
#define GV_XFER_CURL_BUFFER (512 * 1024L)
#define GV_XFER_RING        (2 * (size_t)GV_XFER_CURL_BUFFER)

/*
 * Prepare a request and send nothing. `streaming`: the body is lent through the ring; otherwise it is kept whole, up to
 * req->max_body. *req is copied, its strings are borrowed. Errors: a malformed URL, or one that must not hold a
 * password.
 */
int gv_xfer_init(struct gv_xfer *x, struct gv_http *h, const struct gv_http_request *req, bool streaming,
		 struct gv_err *err) GV_MUST_CHECK;
/* Stop it and free the contents, not `x`. */
void gv_xfer_release(struct gv_xfer *x);

/* Start, or start again, at the first URL. */
int gv_xfer_restart(struct gv_xfer *x, struct gv_err *err) GV_MUST_CHECK;
/* Take it out of the multi handle. */
void gv_xfer_stop(struct gv_xfer *x);

/* Let libcurl work once, and mark the transfers that ended. */
void gv_net_perform(struct gv_http *h);
/* Wait until there is work, at most wait_ms. */
void gv_net_wait(struct gv_http *h, int64_t wait_ms);
/* How long one wait may be, so that signals are checked and stall samples taken in time. */
int64_t gv_net_slice(const struct gv_http *h);
/* If the transfer stalls, stop it and mark it as stalled. */
void gv_xfer_check_stall(struct gv_xfer *x, int64_t now_ms);

/* After a done transfer. 1: it was a redirect, and the next hop has started; 0: it was none; -1: redirect refused. */
int gv_xfer_redirect(struct gv_xfer *x, struct gv_err *err) GV_MUST_CHECK;

/* Whether the reply has a status that the caller can use. */
bool gv_xfer_wanted(const struct gv_xfer *x);

/* How a done transfer ended: 0, or -1 with *err and *f. */
int gv_xfer_verdict(const struct gv_xfer *x, struct gv_failure *f, struct gv_err *err) GV_MUST_CHECK;

#endif
