/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_FAKE_HTTPD_H
#define GV_TESTS_FAKE_HTTPD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * An HTTP/1.1 server on 127.0.0.1 inside a unit test. Each connection has a thread; the handler
 * answers one request after another, well or badly, as the test needs.
 */
struct httpd;
struct httpd_conn;

struct httpd_request {
	char method[16];
	char target[1024];
	char headers[8192]; /* the lines after the first */
	char body[8192];    /* what came with a Content-Length, as a string; the rest of a longer one is dropped */
	unsigned number;    /* of this request, over all connections, from 1 */
};

typedef void (*httpd_handler)(struct httpd_conn *c, const struct httpd_request *r, void *arg);

/* NULL when no socket is to be had. */
struct httpd *httpd_start(httpd_handler handler, void *arg);
/* The same on a unix socket, which must not be there yet. */
struct httpd *httpd_start_unix(const char *path, httpd_handler handler, void *arg);
/* Close what is open and wait for all threads. */
void httpd_stop(struct httpd *h);

/* "http://127.0.0.1:PORT" + path in a static buffer of four; for `host`:PORT see httpd_port. */
const char *httpd_url(const struct httpd *h, const char *path);
unsigned httpd_port(const struct httpd *h);
/* Requests so far. */
unsigned httpd_count(struct httpd *h);

/* The value of a header, "" when absent, in a buffer of the calling thread. */
const char *httpd_header(const struct httpd_request *r, const char *name);

/* A whole reply with Content-Length. `extra`: header lines, each ending in \r\n, or "". */
void httpd_reply(struct httpd_conn *c, int status, const char *extra, const void *body, size_t len);
/* Bytes as they are. */
void httpd_send(struct httpd_conn *c, const void *data, size_t len);
/* Close after this request; the client sees what was sent before. */
void httpd_hang_up(struct httpd_conn *c);
/* Do nothing until the client closes (or the server stops): a stall. */
void httpd_wait_gone(struct httpd_conn *c);

#endif
