/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <curl/curl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/daemon.h"
#include "net/daemonconn.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/num.h"
#include "util/sig.h"

#define HEAD_MAX 16384 /* bytes of the daemon's answer before the stream */
#define WAIT_MS  30000

struct gv_unix_duplex {
	CURL *easy;
	curl_socket_t fd;
	char head[HEAD_MAX];
	size_t len, at; /* bytes after the head that the caller has not read yet */
};

void
gv_unix_duplex_free(struct gv_unix_duplex *d)
{
	if (d == NULL)
		return;
	curl_easy_cleanup(d->easy);
	free(d);
}

int
gv_unix_duplex_fd(const struct gv_unix_duplex *d)
{
	return d->fd;
}

static int
wait_for(const struct gv_unix_duplex *d, short events, struct gv_err *err)
{
	struct pollfd p = { .fd = d->fd, .events = events };

	if (gv_sig_check(err) < 0)
		return -1;
	if (poll(&p, 1, WAIT_MS) == 0)
		return gv_err_set(err, GV_ENET, "the engine does not answer");
	return 0;
}

long
gv_unix_duplex_read(struct gv_unix_duplex *d, void *buf, size_t size, struct gv_err *err)
{
	size_t n = d->len - d->at;
	CURLcode rc;

	if (n > 0) {
		n = n < size ? n : size;
		memcpy(buf, d->head + d->at, n);
		d->at += n;
		return (long)n;
	}
	rc = curl_easy_recv(d->easy, buf, size, &n);
	if (rc == CURLE_AGAIN)
		return GV_UNIX_AGAIN;
	if (rc != CURLE_OK)
		return gv_err_set(err, GV_ENET, "the connection to the engine broke: %s", curl_easy_strerror(rc));
	return (long)n;
}

long
gv_unix_duplex_send(struct gv_unix_duplex *d, const void *data, size_t len, struct gv_err *err)
{
	size_t n = 0;
	CURLcode rc = curl_easy_send(d->easy, data, len, &n);

	if (rc == CURLE_AGAIN)
		return GV_UNIX_AGAIN;
	if (rc != CURLE_OK)
		return gv_err_set(err, GV_ENET, "the connection to the engine broke: %s", curl_easy_strerror(rc));
	return (long)n;
}

int
gv_unix_duplex_write(struct gv_unix_duplex *d, const void *data, size_t len, struct gv_err *err)
{
	const char *p = data;

	while (len > 0) {
		long n = gv_unix_duplex_send(d, p, len, err);

		if (n == GV_UNIX_AGAIN ? wait_for(d, POLLOUT, err) < 0 : n < 0)
			return -1;
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

void
gv_unix_duplex_shut(struct gv_unix_duplex *d)
{
	struct curl_tlssessioninfo *tls = NULL;

	if (curl_easy_getinfo(d->easy, CURLINFO_TLS_SSL_PTR, &tls) == CURLE_OK && tls != NULL && tls->internals != NULL)
		return;
	shutdown(d->fd, SHUT_WR);
}

/* Read more of the answer into d->head and keep it NUL-terminated. */
static int
read_more(struct gv_unix_duplex *d, struct gv_err *err)
{
	for (;;) {
		size_t n = 0;
		CURLcode rc = d->len < HEAD_MAX - 1
				  ? curl_easy_recv(d->easy, d->head + d->len, HEAD_MAX - 1 - d->len, &n)
				  : CURLE_RECV_ERROR;

		if (rc == CURLE_AGAIN) {
			if (wait_for(d, POLLIN, err) < 0)
				return -1;
			continue;
		}
		if (rc != CURLE_OK || n == 0)
			return gv_err_set(err, GV_ENET, "the engine closed the connection");
		d->len += n;
		d->head[d->len] = '\0';
		return 0;
	}
}

/* The body of an answer other than 101, as far as its Content-Length says, if it has one. Caller frees. */
static char *
read_refusal(struct gv_unix_duplex *d, struct gv_err *err)
{
	static const char key[] = "\r\nContent-Length: ";
	const char *length = strcasestr(d->head, key);
	uint64_t want = 0;

	if (length != NULL && gv_num_prefix(length + sizeof(key) - 1, HEAD_MAX, &want) == NULL)
		want = 0;
	while (d->len - d->at < want && d->len < HEAD_MAX - 1)
		if (read_more(d, err) < 0)
			return NULL;
	return gv_xstrdup(d->head + d->at);
}

/* Read up to the empty line. What follows it stays in the buffer. */
static int
read_head(struct gv_unix_duplex *d, long *status, struct gv_err *err)
{
	char *end = NULL;
	uint64_t code = 0;

	while (end == NULL) {
		if (read_more(d, err) < 0)
			return -1;
		end = strstr(d->head, "\r\n\r\n");
	}
	if (strncmp(d->head, "HTTP/1.", 7) != 0 || strcspn(d->head, " ") != 8 ||
	    gv_num_span(d->head + 9, strcspn(d->head + 9, " \r"), 999, &code) < 0)
		return gv_err_set(err, GV_ENET, "the engine does not answer in HTTP");
	*status = (long)code;
	d->at = (size_t)(end + 4 - d->head);
	return 0;
}

struct gv_unix_duplex *
gv_unix_upgrade(struct gv_unix *u, const char *path, long *status, char **refusal, struct gv_err *err)
{
	gv_autofree char *request = gv_xasprintf(
	    "POST %s HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
	    "Content-Length: 0\r\n\r\n",
	    path);
	struct gv_unix_duplex *d;
	CURL *easy = gv_unix_connect(u, err);

	*status = 0;
	*refusal = NULL;
	if (easy == NULL)
		return NULL;
	d = gv_xcalloc(1, sizeof(*d));
	d->easy = easy;
	if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &d->fd) == CURLE_OK &&
	    gv_unix_duplex_write(d, request, strlen(request), err) == 0 && read_head(d, status, err) == 0) {
		if (*status == 101 || *status == 200)
			return d;
		*refusal = read_refusal(d, err);
	}
	gv_unix_duplex_free(d);
	return NULL;
}
