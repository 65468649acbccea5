/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/http.h"
#include "net/retry.h"
#include "tests/fake/httpd.h"
#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/sig.h"

#define BIG_LEN ((size_t)5 * 1024 * 1024 + 123)

/* With `patient`, no reply counts as late. The other limits are for stalls. */
static const struct gv_http_limits patient = { .stall_ms = 20000, .stall_rate = 1, .retry_ms = 90000, .backoff_ms = 5 };
static const struct gv_http_limits quick = { .stall_ms = 200, .stall_rate = 1024, .retry_ms = 1000, .backoff_ms = 5 };

static char *big;      /* BIG_LEN bytes that vary */
static char other[64]; /* URL of the second server */
/* Each connection has a thread. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char seen_auth[128], seen_range[64], seen_if_range[64], seen_host_target[256];

static void
reply_text(struct httpd_conn *c, int status, const char *extra, const char *body)
{
	httpd_reply(c, status, extra, body, strlen(body));
}

static void
send_text(struct httpd_conn *c, const char *text)
{
	httpd_send(c, text, strlen(text));
}

static void
redirect_to(struct httpd_conn *c, int status, const char *to)
{
	char line[512];

	snprintf(line, sizeof(line), "Location: %s\r\n", to);
	reply_text(c, status, line, "moved\n");
}

static void
flaky(struct httpd_conn *c, const struct httpd_request *r)
{
	static atomic_uint calls;

	if (strcmp(r->target, "/flaky/503") == 0 && calls++ % 3 != 2)
		reply_text(c, 503, "Retry-After: 0\r\n", "busy\n");
	else if (strcmp(r->target, "/flaky/cut") == 0 && calls++ % 3 != 2) {
		send_text(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
		httpd_hang_up(c);
	} else if (strcmp(r->target, "/flaky/empty") == 0 && calls++ % 3 != 2)
		httpd_hang_up(c);
	else
		reply_text(c, 200, "", "at last");
}

static void
answer_range(struct httpd_conn *c, const struct httpd_request *r)
{
	size_t from = 0;
	char extra[128];

	snprintf(seen_range, sizeof(seen_range), "%s", httpd_header(r, "Range"));
	snprintf(seen_if_range, sizeof(seen_if_range), "%s", httpd_header(r, "If-Range"));
	sscanf(seen_range, "bytes=%zu-", &from);
	if (from >= BIG_LEN) {
		snprintf(extra, sizeof(extra), "Content-Range: bytes */%zu\r\n", BIG_LEN);
		reply_text(c, 416, extra, "no such range");
		return;
	}
	snprintf(extra, sizeof(extra), "ETag: \"v1\"\r\nContent-Range: bytes %zu-%zu/%zu\r\n", from, BIG_LEN - 1,
		 strcmp(r->target, "/big-lie") == 0 ? (size_t)5 : BIG_LEN);
	httpd_reply(c, 206, extra, big + from, BIG_LEN - from);
}

static void
answer(struct httpd_conn *c, const struct httpd_request *r, void *arg)
{
	const char *t = r->target;

	(void)arg;
	pthread_mutex_lock(&lock);
	snprintf(seen_auth, sizeof(seen_auth), "%s", httpd_header(r, "Authorization"));
	pthread_mutex_unlock(&lock);
	if (strcmp(t, "/hello") == 0)
		reply_text(c, 200, "ETag: \"e1\"\r\nLast-Modified: Tue, 07 May 2024 00:00:00 GMT\r\n", "hello");
	else if (strcmp(t, "/etag") == 0 && strcmp(httpd_header(r, "If-None-Match"), "\"e1\"") == 0)
		send_text(c, "HTTP/1.1 304 Not Modified\r\nETag: \"e1\"\r\n\r\n");
	else if (strcmp(t, "/empty") == 0)
		reply_text(c, 200, "", "");
	else if (strcmp(t, "/404") == 0)
		reply_text(c, 404, "Content-Type: text/plain\r\n", "not found: unknown revision\x1b[31m\nmore");
	else if (strcmp(t, "/410") == 0)
		reply_text(c, 410, "", "");
	else if (strcmp(t, "/403") == 0)
		reply_text(c, 403, "Content-Type: text/html\r\n", "<html>");
	else if (strcmp(t, "/503-late") == 0)
		reply_text(c, 503, "Retry-After: 600\r\n", "");
	else if (strcmp(t, "/500") == 0)
		reply_text(c, 500, "", "");
	else if (strncmp(t, "/flaky/", 7) == 0)
		flaky(c, r);
	else if (strcmp(t, "/stall") == 0 || strcmp(t, "/stall-body") == 0) {
		if (t[6] == '-')
			send_text(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
		httpd_wait_gone(c);
	} else if (strcmp(t, "/loop") == 0)
		redirect_to(c, 302, "/loop");
	else if (strcmp(t, "/to-hello") == 0)
		redirect_to(c, 307, "/hello");
	else if (strcmp(t, "/to-other") == 0)
		redirect_to(c, 302, other);
	else if (strcmp(t, "/to-ftp") == 0)
		redirect_to(c, 302, "ftp://127.0.0.1/x");
	else if (strcmp(t, "/big") == 0)
		httpd_reply(c, 200, "ETag: \"v1\"\r\n", big, BIG_LEN);
	else if (strcmp(t, "/big-cut") == 0) {
		char head[100];
		int n = snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", BIG_LEN);

		httpd_send(c, head, (size_t)n);
		httpd_send(c, big, BIG_LEN / 2);
		httpd_hang_up(c);
	} else if (strcmp(t, "/big-range") == 0 || strcmp(t, "/big-lie") == 0)
		answer_range(c, r);
	else
		reply_text(c, 404, "", "");
}

static void
answer_other(struct httpd_conn *c, const struct httpd_request *r, void *arg)
{
	gv_autofree char *host = gv_xstrdup(httpd_header(r, "Host"));

	snprintf(seen_host_target, sizeof(seen_host_target), "%s|%.99s|%.50s|%.50s", r->method, r->target, host,
		 httpd_header(r, "Proxy-Authorization"));
	(void)arg;
	snprintf(seen_auth, sizeof(seen_auth), "%s", httpd_header(r, "Authorization"));
	reply_text(c, 200, "", "other");
}

/* Returns the body or NULL. */
static char *
get(struct gv_http *h, const char *url, struct gv_http_head *head, struct gv_err *err)
{
	struct gv_http_request req = { .url = url, .max_body = 1000 };
	char *body = NULL;
	size_t len = 0;

	gv_err_clear(err);
	return gv_http_get(h, &req, head, &body, &len, err) == 0 ? body : NULL;
}

static bool
brings(struct gv_http *h, const char *url, const char *want)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *body = get(h, url, NULL, &err);

	if (body == NULL)
		printf("# %s\n", err.msg);
	return body != NULL && strcmp(body, want) == 0;
}

static bool
fails(struct gv_http *h, const char *url, enum gv_code code, const char *text)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *body = get(h, url, NULL, &err);

	if (body == NULL && err.code == code && strstr(err.msg, text) != NULL)
		return true;
	printf("# code %d: %s\n", err.code, err.msg);
	return false;
}

static void
test_get(struct gv_http *h, struct httpd *s)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_http_head head;
	struct gv_http_request req = { .url = httpd_url(s, "/etag"), .if_none_match = "\"e1\"", .max_body = 10 };
	struct gv_http_request small = { .url = httpd_url(s, "/big"), .max_body = 1000 };
	gv_autofree char *body = NULL, *none = NULL;
	size_t len = 99;

	body = get(h, httpd_url(s, "/hello"), &head, &err);
	tap_need(body != NULL, "a reply: %s", err.msg);
	ok(strcmp(body, "hello") == 0 && head.status == 200 && head.length == 5, "a body");
	ok(head.etag != NULL && strcmp(head.etag, "\"e1\"") == 0 && head.last_modified != NULL &&
	       strcmp(head.last_modified, "Tue, 07 May 2024 00:00:00 GMT") == 0,
	   "its validators");
	gv_http_head_release(&head);
	ok(brings(h, httpd_url(s, "/empty"), ""), "an empty body");
	tap_need(gv_http_get(h, &req, &head, &none, &len, &err) == 0, "a 304: %s", err.msg);
	ok(head.status == 304 && len == 0, "304 is a success when asked for");
	gv_http_head_release(&head);
	ok(gv_http_get(h, &small, NULL, &none, &len, &err) == -1 && err.code == GV_ETOOBIG, "a body above the limit");
	ok(fails(h, httpd_url(s, "/404"), GV_ENOTFOUND, "404 Not Found: not found: unknown revision\\x1b[31m"),
	   "404, with the first line of the reply");
	ok(fails(h, httpd_url(s, "/410"), GV_ENOTFOUND, "410 Gone"), "410 is not found, too");
	ok(fails(h, httpd_url(s, "/403"), GV_ENET, "403 Forbidden"), "403");
	ok(fails(h, "ftp://127.0.0.1/", GV_EFORMAT, "not an http or https URL"), "another scheme");
	ok(fails(h, "http://", GV_EFORMAT, "not an http or https URL"), "no host");
}

static void
test_retry(struct gv_http *h, struct httpd *s)
{
	char nobody[64];
	unsigned before;

	ok(brings(h, httpd_url(s, "/flaky/503"), "at last"), "503 twice, then a body");
	ok(brings(h, httpd_url(s, "/flaky/cut"), "at last"), "a cut body twice, then a whole one");
	ok(brings(h, httpd_url(s, "/flaky/empty"), "at last"), "no reply twice, then one");
	before = httpd_count(s);
	ok(fails(h, httpd_url(s, "/500"), GV_ENET, "500 Internal Server Error") && httpd_count(s) == before + 5,
	   "500 every time: five tries");
	before = httpd_count(s);
	ok(fails(h, httpd_url(s, "/503-late"), GV_ENET, "503") && httpd_count(s) == before + 1,
	   "Retry-After beyond the limit: one try");
	before = httpd_count(s);
	ok(fails(h, httpd_url(s, "/403"), GV_ENET, "403") && httpd_count(s) == before + 1, "403 is not tried again");
	snprintf(nobody, sizeof(nobody), "http://127.0.0.1:%u/x", httpd_closed_port(s));
	ok(fails(h, nobody, GV_ENET, nobody), "nothing listens there");
}

static void
test_stall(struct gv_http *h, struct httpd *s)
{
	unsigned before = httpd_count(s);

	gv_http_set_limits(h, &quick);
	ok(fails(h, httpd_url(s, "/stall"), GV_ENET, "stalled"), "no reply is a stall");
	/* Four tries that stall end before the limit; on a slow machine, fewer. */
	ok(httpd_count(s) - before <= 4, "no try starts that cannot end in time");
	ok(fails(h, httpd_url(s, "/stall-body"), GV_ENET, "stalled"), "half a body is a stall, too");
	gv_http_set_limits(h, &patient);
}

static void
test_redirect(struct gv_http *h, struct httpd *s)
{
	char with_user[200];

	ok(brings(h, httpd_url(s, "/to-hello"), "hello"), "a redirect");
	ok(fails(h, httpd_url(s, "/loop"), GV_ENET, "more than 10 redirects"), "a loop of redirects");
	ok(fails(h, httpd_url(s, "/to-ftp"), GV_ENET, "redirected: 'ftp://127.0.0.1/x' is not"),
	   "a redirect to another scheme");
	snprintf(with_user, sizeof(with_user), "http://user:p%%40ss@127.0.0.1:%u/to-hello", httpd_port(s));
	ok(brings(h, with_user, "hello") && strcmp(seen_auth, "Basic dXNlcjpwQHNz") == 0, "userinfo: %s", seen_auth);
	snprintf(with_user, sizeof(with_user), "http://user:p%%40ss@127.0.0.1:%u/to-other", httpd_port(s));
	ok(brings(h, with_user, "other") && strcmp(seen_auth, "") == 0,
	   "a redirect to another server does not send the password");
	snprintf(with_user, sizeof(with_user), "http://user:secret@127.0.0.1:%u/403", httpd_port(s));
	ok(fails(h, with_user, GV_ENET, "cannot fetch 'http://127.0.0.1:"), "messages have no userinfo");
	ok(fails(h, "http://user:secret@example.com/", GV_EUSAGE, "will not send a password over http"),
	   "no password in the clear");
}

static void
test_many(struct gv_http *h, struct httpd *s)
{
	char urls[12][64];
	const char *p[12];
	struct gv_http_body b[12];
	bool all = true;

	for (unsigned i = 0; i < 12; i++) {
		snprintf(urls[i], sizeof(urls[i]), "http://127.0.0.1:%u%s", httpd_port(s),
			 i == 3   ? "/404"
			 : i == 5 ? "/flaky/503"
			 : i == 7 ? "/403"
				  : "/hello");
		p[i] = urls[i];
	}
	gv_http_get_many(h, p, 12, 100, b);
	ok(b[3].code == GV_ENOTFOUND && b[7].code == GV_ENET && b[3].data == NULL, "several: each has its own failure");
	ok(b[5].code == GV_OK && strcmp(b[5].data, "at last") == 0, "several: each is retried");
	for (unsigned i = 0; i < 12; i++) {
		if (i != 3 && i != 5 && i != 7)
			all = all && b[i].code == GV_OK && b[i].len == 5 && strcmp(b[i].data, "hello") == 0;
		free(b[i].data);
	}
	ok(all, "several: the others are complete");
}

/* Compare the stream with `big` from `from` on. Returns its length, or -1 with *err. */
static int64_t
drain(struct gv_source *src, size_t from, struct gv_err *err)
{
	const void *chunk;
	size_t pos = from;
	ssize_t n;

	while ((n = src->read(src, &chunk, err)) > 0) {
		if (pos + (size_t)n > BIG_LEN || memcmp(big + pos, chunk, (size_t)n) != 0)
			return -2;
		pos += (size_t)n;
	}
	return n < 0 ? -1 - (int64_t)pos : (int64_t)(pos - from);
}

static struct gv_source *
open_stream(struct gv_http *h, const struct gv_http_request *req, struct gv_http_head *head)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_source *src = gv_http_open(h, req, head, &err);

	tap_need(src != NULL, "a stream: %s", err.msg);
	return src;
}

static void
test_stream(struct gv_http *h, struct httpd *s)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_http_request req = { .url = httpd_url(s, "/big") };
	struct gv_http_head head;
	struct gv_source *src;
	const void *chunk;

	src = open_stream(h, &req, &head);
	ok(head.length == (int64_t)BIG_LEN && head.etag != NULL && strcmp(head.etag, "\"v1\"") == 0, "a stream starts");
	ok(drain(src, 0, &err) == (int64_t)BIG_LEN, "and is complete");
	src->close(src);
	gv_http_head_release(&head);

	req.url = httpd_url(s, "/big-cut");
	src = open_stream(h, &req, &head);
	ok(drain(src, 0, &err) == -1 - (int64_t)(BIG_LEN / 2) && err.code == GV_ENET,
	   "a cut stream gives all received bytes, then an error: %s", err.msg);
	src->close(src);
	gv_http_head_release(&head);

	req =
	    (struct gv_http_request){ .url = httpd_url(s, "/big-range"), .range_from = 4000000, .if_range = "\"v1\"" };
	src = open_stream(h, &req, &head);
	ok(head.status == 206 && head.range_start == 4000000 && head.range_total == (int64_t)BIG_LEN, "a range");
	ok(strcmp(seen_range, "bytes=4000000-") == 0 && strcmp(seen_if_range, "\"v1\"") == 0, "with its condition");
	ok(drain(src, 4000000, &err) == (int64_t)BIG_LEN - 4000000, "is complete");
	src->close(src);
	gv_http_head_release(&head);

	req.url = httpd_url(s, "/big-lie");
	src = gv_http_open(h, &req, &head, &err);
	ok(src != NULL && head.status == 206 && head.range_start == 0 && head.range_total == -1,
	   "a range that ends after the file is ignored");
	src->close(src);
	gv_http_head_release(&head);

	req.url = httpd_url(s, "/big-range");
	req.range_from = (int64_t)BIG_LEN;
	src = open_stream(h, &req, &head);
	ok(head.status == 416 && head.range_total == (int64_t)BIG_LEN && drain(src, 0, &err) == 0,
	   "a range after the end is empty");
	src->close(src);
	gv_http_head_release(&head);

	gv_err_clear(&err);
	req = (struct gv_http_request){ .url = httpd_url(s, "/404") };
	ok(gv_http_open(h, &req, &head, &err) == NULL && err.code == GV_ENOTFOUND, "404 starts no stream");
	req.url = httpd_url(s, "/to-hello");
	src = open_stream(h, &req, &head);
	ok(head.length == 5, "a redirect starts one");
	src->close(src);
	gv_http_head_release(&head);
	req.url = httpd_url(s, "/stall-body");
	src = open_stream(h, &req, &head);
	ok(src->read(src, &chunk, &err) == 3, "a stream gives the bytes before a stall");
	gv_http_set_limits(h, &quick);
	ok(src->read(src, &chunk, &err) == -1 && err.code == GV_ENET, "and then ends: %s", err.msg);
	gv_http_set_limits(h, &patient);
	src->close(src);
	gv_http_head_release(&head);
}

static void
test_proxy(struct httpd *proxy)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *url = gv_xasprintf("user:pw@127.0.0.1:%u", httpd_port(proxy));
	struct gv_http *h;

	setenv("http_proxy", url, 1);
	setenv("NO_PROXY", "skipped.test", 1);
	h = gv_http_new(&err);
	tap_need(h != NULL, "a handle: %s", err.msg);
	gv_http_set_limits(h, &patient);
	ok(brings(h, "http://name.test/path?q=1", "other") &&
	       strcmp(seen_host_target, "GET|http://name.test/path?q=1|name.test|Basic dXNlcjpwdw==") == 0,
	   "through the proxy, with its password: %s", seen_host_target);
	gv_http_free(h);
	unsetenv("http_proxy");
	unsetenv("NO_PROXY");
}

static void
test_interrupt(struct gv_http *h, struct httpd *s)
{
	gv_sig_catch();
	raise(SIGTERM);
	ok(fails(h, httpd_url(s, "/stall"), GV_EINTR, "interrupted"), "a signal ends the wait");
}

int
main(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct httpd *s, *o;
	struct gv_http *h;

	setenv("NETRC", "/nonexistent", 1);
	unsetenv("http_proxy");
	unsetenv("HTTP_PROXY");
	big = gv_xmalloc(BIG_LEN);
	for (size_t i = 0; i < BIG_LEN; i++)
		big[i] = (char)(i * 2654435761u >> 13);
	s = httpd_start(answer, NULL);
	o = httpd_start(answer_other, NULL);
	tap_need(s != NULL && o != NULL, "two servers on 127.0.0.1");
	h = gv_http_new(&err);
	tap_need(h != NULL, "a handle: %s", err.msg);
	snprintf(other, sizeof(other), "%s", httpd_url(o, "/x"));
	gv_http_set_limits(h, &patient);
	test_get(h, s);
	test_retry(h, s);
	test_stall(h, s);
	test_redirect(h, s);
	test_many(h, s);
	test_stream(h, s);
	test_proxy(o);
	test_interrupt(h, s);
	gv_http_free(h);
	httpd_stop(s);
	httpd_stop(o);
	free(big);
	return tap_done();
}
