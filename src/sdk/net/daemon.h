/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_DAEMON_H
#define GV_NET_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "util/source.h"

/*
 * Requests to a daemon: HTTP over a unix socket, or over TCP with TLS, which is always verified. Unlike http.h, this
 * uses no proxies, redirects, retries or credentials. Each thread needs a connection object of its own.
 */
struct gv_unix_endpoint {
	const char *socket;          /* path, or NULL: TCP */
	const char *url;             /* "http://d" with a socket, "https://host:2376" */
	const char *ca, *cert, *key; /* PEM files for https, or NULL */
};

struct gv_unix;
/* Does not connect yet. Copies the strings. Errors: GV_EUSAGE for TCP without TLS. */
struct gv_unix *gv_unix_new(const struct gv_unix_endpoint *ep, struct gv_err *err) GV_MUST_CHECK;
void gv_unix_free(struct gv_unix *u); /* free its calls first */

struct gv_unix_request {
	const char *method;
	const char *path; /* "/v1.41/containers/json?all=1", escaped */
	const char *type; /* of the body, "application/json" */
	const void *body;
	size_t body_len;
	struct gv_source *source; /* instead of `body`: sent in chunks, not closed */
	const char *header;       /* one more header, "X-Registry-Auth: ...", or NULL */
	bool cleanup;             /* an interrupt by the user does not stop it */
	unsigned idle_s;          /* GV_ENET when no byte moves for so long; 0 means 60 */
};

/*
 * Send the request and keep the reply: at most `max` bytes (more is GV_ETOOBIG), NUL-terminated; caller frees. Any
 * status is a success. Errors: GV_ENET (*err says why the daemon cannot be reached), GV_EINTR.
 */
int gv_unix_do(struct gv_unix *u, const struct gv_unix_request *req, size_t max, long *status, char **body, size_t *len,
	       struct gv_err *err) GV_MUST_CHECK;

#define GV_UNIX_AGAIN (-2) /* nothing to read yet */

struct gv_unix_duplex;
/*
 * A call that becomes a plain connection in both directions (Connection: Upgrade). It carries a container's input and
 * output. NULL on failure. When the daemon refuses (`*status` is neither 101 nor 200), `*refusal` is its answer, which
 * the caller frees. After any other failure `*refusal` is NULL, and *err says why.
 */
struct gv_unix_duplex *gv_unix_upgrade(struct gv_unix *u, const char *path, long *status, char **refusal,
				       struct gv_err *err) GV_MUST_CHECK;
/* End the connection and free it. NULL is fine. */
void gv_unix_duplex_free(struct gv_unix_duplex *d);
int gv_unix_duplex_fd(const struct gv_unix_duplex *d); /* to poll for input */
/* Returns bytes read, 0 at the end, GV_UNIX_AGAIN, or -1. Read until GV_UNIX_AGAIN, then poll: TLS may hold bytes. */
long gv_unix_duplex_read(struct gv_unix_duplex *d, void *buf, size_t size, struct gv_err *err) GV_MUST_CHECK;
/* Write what the connection takes now: the number of bytes, GV_UNIX_AGAIN, -1. Poll for output before trying again. */
long gv_unix_duplex_send(struct gv_unix_duplex *d, const void *data, size_t len, struct gv_err *err) GV_MUST_CHECK;
/* Write all of it, and wait for the daemon while it takes nothing. */
int gv_unix_duplex_write(struct gv_unix_duplex *d, const void *data, size_t len, struct gv_err *err) GV_MUST_CHECK;
/* End the sending direction. TLS has no way to say so; there this does nothing. */
void gv_unix_duplex_shut(struct gv_unix_duplex *d);

/* Percent-escape for a query value; caller frees. */
char *gv_unix_escape(const char *s) GV_MUST_CHECK;

#endif
