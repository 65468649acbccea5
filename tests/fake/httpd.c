/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/fake/httpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/alloc.h"

#define MAX_CONNS 256

struct httpd_conn {
	struct httpd *h;
	int fd;
	bool hang_up;
	pthread_t thread;
};

struct httpd {
	int fd, closed_fd; /* closed_fd is bound but does not listen; -1 without a port */
	unsigned port, closed_port;
	httpd_handler handler;
	void *arg;
	pthread_t thread;
	pthread_mutex_t mutex;
	unsigned requests;
	unsigned n;
	struct httpd_conn *conns[MAX_CONNS];
};

/* Read up to the empty line. */
static bool
read_head(int fd, char *buf, size_t size)
{
	size_t n = 0;

	while (n < size - 1) {
		ssize_t got = recv(fd, buf + n, 1, 0);

		if (got <= 0)
			return false;
		buf[++n] = '\0';
		if (n >= 4 && strcmp(buf + n - 4, "\r\n\r\n") == 0)
			return true;
	}
	return false;
}

static bool
read_body(int fd, struct httpd_request *r)
{
	size_t left = strtoul(httpd_header(r, "Content-Length"), NULL, 10), kept = 0;

	while (left > 0) {
		char buf[4096];
		ssize_t n = recv(fd, buf, left < sizeof(buf) ? left : sizeof(buf), 0);
		size_t room = sizeof(r->body) - 1 - kept;

		if (n <= 0)
			return false;
		memcpy(r->body + kept, buf, (size_t)n < room ? (size_t)n : room);
		kept += (size_t)n < room ? (size_t)n : room;
		left -= (size_t)n;
	}
	r->body[kept] = '\0';
	return true;
}

static bool
read_request(struct httpd_conn *c, struct httpd_request *r)
{
	char buf[sizeof(r->headers)], *line_end;

	if (!read_head(c->fd, buf, sizeof(buf)))
		return false;
	line_end = strstr(buf, "\r\n");
	*line_end = '\0';
	if (sscanf(buf, "%15s %1023s", r->method, r->target) != 2)
		return false;
	snprintf(r->headers, sizeof(r->headers), "%s", line_end + 2);
	if (!read_body(c->fd, r))
		return false;
	pthread_mutex_lock(&c->h->mutex);
	r->number = ++c->h->requests;
	pthread_mutex_unlock(&c->h->mutex);
	return true;
}

static void *
serve(void *arg)
{
	struct httpd_conn *c = arg;
	struct httpd_request r;

	while (!c->hang_up && read_request(c, &r))
		c->h->handler(c, &r, c->h->arg);
	shutdown(c->fd, SHUT_RDWR);
	return NULL;
}

static void *
listen_loop(void *arg)
{
	struct httpd *h = arg;
	int fd;

	while ((fd = accept4(h->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		struct httpd_conn *c = gv_xcalloc(1, sizeof(*c));

		if (h->n == MAX_CONNS)
			abort();
		c->h = h;
		c->fd = fd;
		h->conns[h->n++] = c;
		if (pthread_create(&c->thread, NULL, serve, c) != 0)
			abort();
	}
	return NULL;
}

/* Start a server on `fd`, which is bound. NULL when it cannot listen. */
static struct httpd *
start_on(int fd, httpd_handler handler, void *arg)
{
	struct httpd *h = gv_xcalloc(1, sizeof(*h));

	h->handler = handler;
	h->arg = arg;
	h->fd = fd;
	h->closed_fd = -1;
	pthread_mutex_init(&h->mutex, NULL);
	if (listen(fd, 64) < 0 || pthread_create(&h->thread, NULL, listen_loop, h) != 0) {
		free(h);
		return NULL;
	}
	return h;
}

/* A socket on a free port of 127.0.0.1, or -1. */
static int
bind_any(unsigned *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 ||
			getsockname(fd, (struct sockaddr *)&sin, &len) < 0)) {
		close(fd);
		return -1;
	}
	*port = ntohs(sin.sin_port);
	return fd;
}

struct httpd *
httpd_start(httpd_handler handler, void *arg)
{
	unsigned port = 0, closed_port = 0;
	int fd = bind_any(&port), closed_fd = bind_any(&closed_port);
	struct httpd *h = fd >= 0 && closed_fd >= 0 ? start_on(fd, handler, arg) : NULL;

	if (h == NULL) {
		if (fd >= 0)
			close(fd);
		if (closed_fd >= 0)
			close(closed_fd);
		return NULL;
	}
	h->port = port;
	h->closed_fd = closed_fd;
	h->closed_port = closed_port;
	return h;
}

struct httpd *
httpd_start_unix(const char *path, httpd_handler handler, void *arg)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = strlen(path) < sizeof(sun.sun_path) ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
	struct httpd *h = NULL;

	if (fd < 0)
		return NULL;
	memcpy(sun.sun_path, path, strlen(path) + 1);
	if (bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		h = start_on(fd, handler, arg);
	if (h == NULL)
		close(fd);
	return h;
}

void
httpd_stop(struct httpd *h)
{
	shutdown(h->fd, SHUT_RDWR);
	pthread_join(h->thread, NULL);
	close(h->fd);
	if (h->closed_fd >= 0)
		close(h->closed_fd);
	for (unsigned i = 0; i < h->n; i++) {
		shutdown(h->conns[i]->fd, SHUT_RDWR);
		pthread_join(h->conns[i]->thread, NULL);
		close(h->conns[i]->fd);
		free(h->conns[i]);
	}
	pthread_mutex_destroy(&h->mutex);
	free(h);
}

unsigned
httpd_port(const struct httpd *h)
{
	return h->port;
}

unsigned
httpd_closed_port(const struct httpd *h)
{
	return h->closed_port;
}

const char *
httpd_url(const struct httpd *h, const char *path)
{
	static char bufs[4][1200];
	static unsigned next;
	char *buf = bufs[next++ % 4];

	snprintf(buf, sizeof(bufs[0]), "http://127.0.0.1:%u%s", h->port, path);
	return buf;
}

unsigned
httpd_count(struct httpd *h)
{
	unsigned n;

	pthread_mutex_lock(&h->mutex);
	n = h->requests;
	pthread_mutex_unlock(&h->mutex);
	return n;
}

const char *
httpd_header(const struct httpd_request *r, const char *name)
{
	static __thread char value[1024];
	size_t n = strlen(name);

	for (const char *p = r->headers; *p != '\0'; p = strstr(p, "\r\n") + 2) {
		if (strncasecmp(p, name, n) != 0 || p[n] != ':')
			continue;
		p += n + 1;
		p += strspn(p, " ");
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(p, "\r"), p);
		return value;
	}
	return "";
}

void
httpd_send(struct httpd_conn *c, const void *data, size_t len)
{
	const char *p = data;

	while (len > 0) {
		ssize_t n = send(c->fd, p, len, MSG_NOSIGNAL);

		if (n <= 0) {
			c->hang_up = true;
			return;
		}
		p += n;
		len -= (size_t)n;
	}
}

void
httpd_reply(struct httpd_conn *c, int status, const char *extra, const void *body, size_t len)
{
	char head[2048];
	int n = snprintf(head, sizeof(head), "HTTP/1.1 %d Status\r\n%sContent-Length: %zu\r\n\r\n", status, extra, len);

	httpd_send(c, head, (size_t)n);
	httpd_send(c, body, len);
}

void
httpd_hang_up(struct httpd_conn *c)
{
	c->hang_up = true;
}

void
httpd_wait_gone(struct httpd_conn *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLRDHUP };

	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		continue;
	c->hang_up = true;
}
