/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_UNIX_H
#define GV_NET_UNIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "util/source.h"

/*
 * Requests to a daemon: HTTP over a unix socket, or over TCP with TLS that is always verified. Unlike http.h there are no
 * proxies, redirects, retries or credentials; several calls may be under way at once, and their bodies come as streams
 * without an end. One connection object for each thread.
 */
struct gv_unix_endpoint {
	const char *socket;          /* path, or NULL: TCP */
	const char *url;             /* "http://d" with a socket, "https://host:2376" */
	const char *ca, *cert, *key; /* PEM files for https, or NULL */
};

struct gv_unix;
struct gv_unix *gv_unix_new(const struct gv_unix_endpoint *ep, struct gv_err *err) GV_MUST_CHECK;
void gv_unix_free(struct gv_unix *u); /* its calls first */

struct gv_unix_request {
	const char *method;
	const char *path; /* "/v1.41/containers/json?all=1", escaped */
	const char *type; /* of the body, "application/json" */
	const void *body;
	size_t body_len;
	struct gv_source *source; /* or this: sent in chunks, not closed */
	const char *header;       /* one more, "X-Registry-Auth: ..." or NULL */
	bool cleanup;             /* goes on although the user interrupted */
	unsigned idle_s;          /* without a byte in either direction for so long: GV_ENET; 0: 60 */
};

/*
 * Do it and keep the reply, at most `max` bytes (more is GV_ETOOBIG), NUL-terminated; caller frees. Any status is a success.
 * Errors: GV_ENET (*err says how the daemon cannot be reached), GV_EINTR.
 */
int gv_unix_do(struct gv_unix *u, const struct gv_unix_request *req, size_t max, long *status, char **body, size_t *len,
	       struct gv_err *err) GV_MUST_CHECK;

/* A call whose body is read bit by bit. Returns when the header is there; `*status` is what it says. */
struct gv_unix_call *gv_unix_open(struct gv_unix *u, const struct gv_unix_request *req, long *status,
				  struct gv_err *err) GV_MUST_CHECK;
void gv_unix_close(struct gv_unix_call *c);
/*
 * Let all calls of this connection work for at most `wait_ms`. Then gv_unix_take(): what came, borrowed until the
 * next wait; GV_UNIX_AGAIN nothing yet, 0 the end, -1 GV_ENET.
 */
#define GV_UNIX_AGAIN (-2)
int gv_unix_wait(struct gv_unix *u, int wait_ms, bool cleanup, struct gv_err *err) GV_MUST_CHECK;
long gv_unix_take(struct gv_unix_call *c, const char **data, struct gv_err *err) GV_MUST_CHECK;

/*
 * A call that becomes a plain connection in both directions (Connection: Upgrade, for a container's terminal). `*status` is 101 or
 * 200; anything else is an error with what the daemon said.
 */
struct gv_unix_duplex;
struct gv_unix_duplex *gv_unix_upgrade(struct gv_unix *u, const char *path, struct gv_err *err) GV_MUST_CHECK;
void gv_unix_duplex_free(struct gv_unix_duplex *d);
int gv_unix_duplex_fd(const struct gv_unix_duplex *d); /* to poll for input */
/* Bytes, 0 the end, GV_UNIX_AGAIN, -1. Read until GV_UNIX_AGAIN before polling: TLS may hold some. */
long gv_unix_duplex_read(struct gv_unix_duplex *d, void *buf, size_t size, struct gv_err *err) GV_MUST_CHECK;
int gv_unix_duplex_write(struct gv_unix_duplex *d, const void *data, size_t len, struct gv_err *err) GV_MUST_CHECK;
/* Nothing more will be written. Over TLS this cannot be told, and is not. */
void gv_unix_duplex_shut(struct gv_unix_duplex *d);

/* Percent-escape for a query value; caller frees. */
char *gv_unix_escape(const char *s) GV_MUST_CHECK;

#endif
