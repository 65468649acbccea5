/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_XFER_H
#define GV_NET_XFER_H

#include <curl/curl.h>

#include "net/certs.h"
#include "net/http.h"
#include "net/netrc.h"
#include "net/proxy.h"
#include "net/retry.h"
#include "net/url.h"
#include "util/str.h"

/*
 * One request inside net: an easy handle, its redirects, its reply. http.c and stream.c drive it:
 *
 *	gv_xfer_init -> gv_xfer_start -> (gv_net_pump -> done? gv_xfer_redirect starts the next hop)* -> gv_xfer_verdict
 */
struct gv_http {
	CURLM *multi; /* keeps the connections */
	struct gv_http_limits limits;
	struct gv_proxies proxies;
	struct gv_netrc netrc;
	struct gv_certs certs;
	struct gv_failure last; /* how the last request ended that failed */
};

#define GV_STALL_SAMPLES 20

/* Bytes over the last stall_ms, in samples of a twentieth of it. */
struct gv_stall {
	struct {
		int64_t at_ms;
		uint64_t bytes;
	} sample[GV_STALL_SAMPLES + 2];
	unsigned n;
};

/* Whether too little came lately; `bytes` is the count so far. */
bool gv_stall_tick(struct gv_stall *s, const struct gv_http_limits *limits, int64_t now_ms, uint64_t bytes);

struct gv_xfer {
	struct gv_http *h;
	struct gv_http_request req;
	bool streaming;
	CURL *easy;
	struct curl_slist *headers;
	struct gv_url first; /* asked for; its userinfo or netrc's stays with its origin */
	struct gv_url url;   /* this hop */
	const char *proxy;   /* of this hop; NULL is direct */
	unsigned hops;
	/* the reply */
	struct gv_http_head head;
	bool head_done;  /* the header of a final reply is whole */
	bool plain_text; /* and its body may be quoted */
	int64_t retry_after_ms;
	char note[160]; /* beginning of an error's body */
	size_t discarded;
	struct gv_str body; /* kept whole ... */
	char *ring;         /* ... or lent out in pieces */
	size_t ring_len;
	bool paused;
	/* how it goes */
	struct gv_stall stall;
	uint64_t received;
	int64_t away_ms; /* time the reader spent elsewhere */
	bool running, done, too_big, stalled;
	CURLcode code;
	char errbuf[CURL_ERROR_SIZE];
};

/* Bytes of the stream buffer: room for two of libcurl's own. */
#define GV_XFER_CURL_BUFFER (512 * 1024L)
#define GV_XFER_RING        (2 * (size_t)GV_XFER_CURL_BUFFER)

int gv_xfer_init(struct gv_xfer *x, struct gv_http *h, const struct gv_http_request *req, bool streaming,
		 struct gv_err *err) GV_MUST_CHECK;
void gv_xfer_free(struct gv_xfer *x);

/* Begin (again) at the current hop, or from the first URL. */
int gv_xfer_start(struct gv_xfer *x, struct gv_err *err) GV_MUST_CHECK;
int gv_xfer_restart(struct gv_xfer *x, struct gv_err *err) GV_MUST_CHECK;
/* Take it out of the multi handle. */
void gv_xfer_stop(struct gv_xfer *x);

/* Let libcurl work once, waiting for at most wait_ms when there is nothing to do; marks what is done. */
void gv_net_perform(struct gv_http *h);
void gv_net_wait(struct gv_http *h, int64_t wait_ms);
/* How long one wait may be: for gv_sig_check() and the stall samples. */
int64_t gv_net_slice(const struct gv_http *h);
/* Stops and marks it when it stalls. */
void gv_xfer_check_stall(struct gv_xfer *x, int64_t now_ms);

/* A done transfer was answered by a redirect: 1 the next hop was started, 0 it was not, -1 refused. */
int gv_xfer_redirect(struct gv_xfer *x, struct gv_err *err) GV_MUST_CHECK;

/* Whether the reply's status is one the caller asked for. */
bool gv_xfer_wanted(const struct gv_xfer *x);

/* How a done transfer ended: 0, or -1 with *err and *f. */
int gv_xfer_verdict(const struct gv_xfer *x, struct gv_failure *f, struct gv_err *err) GV_MUST_CHECK;

#endif
