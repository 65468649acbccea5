/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_HTTP_H
#define GV_NET_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "net/exchange.h"
#include "util/err.h"
#include "util/source.h"

/*
 * HTTP(S) over libcurl; the only room that includes <curl/curl.h>.
 *
 * Proxies and certificates follow Go's rules: HTTP_PROXY (ignored when REQUEST_METHOD is set), HTTPS_PROXY and
 * NO_PROXY, in upper or lower case, with Go's NO_PROXY syntax (CIDR, ports, leading dots, no proxy for localhost);
 * SSL_CERT_FILE and SSL_CERT_DIR (colon list). Credentials come from the URL's userinfo (https or loopback only), then
 * from netrc (NETRC, else ~/.netrc; https only). At most 10 redirects are followed, never from https to http.
 * Credentials are never sent to another host.
 *
 * A transfer under 1 KiB/s for 20 s is stalled. Transient failures (connection, stall, 408, 429, 5xx, cut body) are
 * retried with back-off and jitter, and Retry-After is honoured. Without progress, all tries of one request end within
 * 90 s of the first failure. A body that keeps coming may take any time. gv_sig_check() is called at least twice a
 * second; an interrupt is GV_EINTR.
 *
 * Errors: GV_ENOTFOUND for 404 and 410, otherwise GV_ENET. They name the status and the URL without its userinfo.
 */
struct gv_http; /* one per thread */

/* Reads proxies, certificates and netrc. Errors: an unreadable netrc. gv_http_free() closes the connections. */
struct gv_http *gv_http_new(struct gv_err *err) GV_MUST_CHECK;
void gv_http_free(struct gv_http *h);

/* Replace the limits above. Only for tests, which cannot wait 20 s. */
void gv_http_set_limits(struct gv_http *h, const struct gv_http_limits *limits);

/* Get the whole body, NUL-terminated; caller frees. `head` may be NULL. *req must not ask for a range. */
int gv_http_get(struct gv_http *h, const struct gv_http_request *req, struct gv_http_head *head, char **body,
		size_t *len, struct gv_err *err) GV_MUST_CHECK;

/* Get several small bodies at once, over one connection with HTTP/2. bodies[i].code says how each ended. */
struct gv_http_body {
	enum gv_code code; /* GV_OK, GV_ENOTFOUND, GV_ENET ... */
	char *data;        /* NUL-terminated; caller frees */
	size_t len;
	struct gv_err err;
};
/* `bodies` has room for `n`; each body is at most max_body bytes. Retried like gv_http_get(). */
void gv_http_get_many(struct gv_http *h, const char *const *urls, size_t n, size_t max_body,
		      struct gv_http_body *bodies);

/*
 * Stream a body. This makes one try; fetch does the retries (net/retry.h). The source ends with -1/GV_ENET when the
 * body is shorter than Content-Length. It borrows `h`, which serves no other request until the source is closed. The
 * body of a 304 or 416 is empty. The time between two calls of read() does not count towards a stall.
 */
struct gv_source *gv_http_open(struct gv_http *h, const struct gv_http_request *req, struct gv_http_head *head,
			       struct gv_err *err) GV_MUST_CHECK;

#endif
