/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_FAKE_HTTPD_H
#define GV_TESTS_FAKE_HTTPD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * An HTTP/1.1 server on 127.0.0.1 inside a unit test. Each connection has a thread. The handler answers one request
 * after another, correctly or not, as the test needs.
 */
struct httpd;
struct httpd_conn;

struct httpd_request {
	char method[16];
	char target[1024];
	char headers[8192]; /* the lines after the first */
	char body[8192];    /* as a string, if there is a Content-Length; a longer body is cut off */
	unsigned number;    /* of this request, over all connections, from 1 */
};

typedef void (*httpd_handler)(struct httpd_conn *c, const struct httpd_request *r, void *arg);

/* Start a server. NULL when there is no socket. */
struct httpd *httpd_start(httpd_handler handler, void *arg);
/* The same on a unix socket, which must not exist yet. */
struct httpd *httpd_start_unix(const char *path, httpd_handler handler, void *arg);
/* Close all connections and wait for all threads. */
void httpd_stop(struct httpd *h);

/* "http://127.0.0.1:PORT" + path in a static buffer of four; for `host`:PORT see httpd_port. */
const char *httpd_url(const struct httpd *h, const char *path);
unsigned httpd_port(const struct httpd *h);
/* A port where nothing listens, and nothing can until httpd_stop. */
unsigned httpd_closed_port(const struct httpd *h);
/* Requests so far. */
unsigned httpd_count(struct httpd *h);

/* The value of a header, "" when absent, in a buffer of the calling thread. */
const char *httpd_header(const struct httpd_request *r, const char *name);

/* A whole reply with Content-Length. `extra`: header lines, each ending in \r\n, or "". */
void httpd_reply(struct httpd_conn *c, int status, const char *extra, const void *body, size_t len);
/* Send bytes unchanged. */
void httpd_send(struct httpd_conn *c, const void *data, size_t len);
/* Close after this request. The client still gets what was sent before. */
void httpd_hang_up(struct httpd_conn *c);
/* Do nothing until the client closes (or the server stops): a stall. */
void httpd_wait_gone(struct httpd_conn *c);

#endif
