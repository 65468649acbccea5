/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_HTTP_H
#define GV_NET_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "util/source.h"

/*
 * HTTP(S) over libcurl; the only layer that includes <curl/curl.h>.
 *
 * Proxies and certificates are read as Go reads them: HTTP_PROXY (not when REQUEST_METHOD is set), HTTPS_PROXY,
 * NO_PROXY in either case, with Go's NO_PROXY rules (CIDR, ports, leading dots, localhost never proxied);
 * SSL_CERT_FILE and SSL_CERT_DIR (colon list). Credentials: userinfo in the URL (https or loopback only), then
 * netrc (NETRC, else ~/.netrc; https only). At most 10 redirects, never from https to http, credentials never to another host.
 *
 * Under 1 KiB/s for 20 s is a stall. Transient failures (connection, stall, 408 429 5xx, cut body) are
 * retried with back-off and jitter, Retry-After honoured; all tries of one request end within 90 s of the
 * first failure without progress. There is no total limit for a body that keeps coming. gv_sig_check() is
 * asked at least twice a second: GV_EINTR.
 *
 * Errors: GV_ENOTFOUND for 404 and 410, GV_ENET else, naming the URL without its userinfo, and the status.
 */
struct gv_http; /* one per thread */

struct gv_http *gv_http_new(struct gv_err *err) GV_MUST_CHECK;
void gv_http_free(struct gv_http *h);

/* The limits above. For tests, which have no 20 s to spare; everybody else keeps the defaults. */
struct gv_http_limits {
	unsigned stall_ms;   /* this long ... */
	unsigned stall_rate; /* ... under so many bytes a second is a stall */
	unsigned retry_ms;   /* all tries without progress end within this */
	unsigned backoff_ms; /* the wait after the first failure; each next one is twice as long */
};

extern const struct gv_http_limits gv_http_limits_default;
void gv_http_set_limits(struct gv_http *h, const struct gv_http_limits *limits);

struct gv_http_head {
	long status; /* 200; 206, 416 when a range was asked for; 304 when if_none_match was given */
	char *etag;  /* NULL when absent */
	char *last_modified;
	int64_t length;      /* Content-Length, -1 unknown */
	int64_t range_start; /* from Content-Range of a 206, else 0 */
	int64_t range_total; /* the whole size from Content-Range of a 206 or 416, -1 unknown */
};

void gv_http_head_free(struct gv_http_head *head);

struct gv_http_request {
	const char *url;
	const char *if_none_match; /* ETag: 304 is then a success */
	int64_t range_from;        /* > 0: Range: bytes=N- */
	const char *if_range;      /* validator for it */
	size_t max_body;           /* gv_http_get: more is GV_ETOOBIG */
};

/* The whole body in memory, NUL-terminated; caller frees. `head` may be NULL. A range is not for this. */
int gv_http_get(struct gv_http *h, const struct gv_http_request *req, struct gv_http_head *head, char **body,
		size_t *len, struct gv_err *err) GV_MUST_CHECK;

/* Several small bodies at once (one connection where HTTP/2 allows). bodies[i].code says how each ended. */
struct gv_http_body {
	enum gv_code code; /* GV_OK, GV_ENOTFOUND, GV_ENET ... */
	char *data;        /* NUL-terminated; caller frees */
	size_t len;
	struct gv_err err;
};
void gv_http_get_many(struct gv_http *h, const char *const *urls, size_t n, size_t max_body,
		      struct gv_http_body *bodies);

/*
 * Begin a body and stream it. One try, no retry: fetch resumes (net/retry.h). The source ends with -1/GV_ENET when the
 * body is shorter than Content-Length. It borrows `h`, which serves nothing else meanwhile. The body of a 304 or 416 is
 * empty. The time between two calls of read() does not count as a stall.
 */
struct gv_source *gv_http_open(struct gv_http *h, const struct gv_http_request *req, struct gv_http_head *head,
			       struct gv_err *err) GV_MUST_CHECK;

#endif
