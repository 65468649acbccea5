/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "net/daemon.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/daemonconn.h"
#include "net/retry.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/sig.h"
#include "util/str.h"

#define TICK_MS    250 /* how often to look for an interrupt */
#define CONNECT_MS 10000L
#define IDLE_S     60
#define HELD_MAX   (1u << 20) /* bytes of a stream that wait for the reader */

struct gv_unix {
	CURLM *multi;
	bool came; /* the last work() received part of an answer */
	char *socket, *url, *ca, *cert, *key;
};

struct gv_unix_call {
	struct gv_unix *u;
	CURL *easy;
	struct curl_slist *headers;
	struct gv_source *source;
	struct gv_err source_err;
	const char *chunk; /* from the source, still to send */
	size_t chunk_len;
	char *held, *lent; /* received bytes; the bytes lent to the reader last */
	size_t held_len, held_cap;
	bool paused, head_done, done;
	CURLcode code;
	int64_t progress_ms; /* when the last byte moved */
	curl_off_t moved;
	char errbuf[CURL_ERROR_SIZE];
};

static void
global_init(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
}

static char *
copy(const char *s)
{
	return s != NULL ? gv_xstrdup(s) : NULL;
}

struct gv_unix *
gv_unix_new(const struct gv_unix_endpoint *ep, struct gv_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct gv_unix *u;

	if (ep->socket == NULL && strncmp(ep->url, "https://", 8) != 0) {
		gv_err_set(err, GV_EUSAGE, "'%s' is not encrypted", ep->url);
		gv_err_help(err, "give the daemon TLS certificates and set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH");
		return NULL;
	}
	pthread_once(&once, global_init);
	u = gv_xcalloc(1, sizeof(*u));
	u->multi = curl_multi_init();
	if (u->multi == NULL)
		abort();
	u->socket = copy(ep->socket);
	u->url = copy(ep->url);
	u->ca = copy(ep->ca);
	u->cert = copy(ep->cert);
	u->key = copy(ep->key);
	return u;
}

void
gv_unix_free(struct gv_unix *u)
{
	if (u == NULL)
		return;
	curl_multi_cleanup(u->multi);
	free(u->socket);
	free(u->url);
	free(u->ca);
	free(u->cert);
	free(u->key);
	free(u);
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct gv_unix_call *c = arg;

	(void)size; /* always 1 */
	c->head_done = c->u->came = true;
	if (c->held_len > HELD_MAX) {
		c->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	if (c->held_len + n > c->held_cap) {
		c->held_cap = (c->held_len + n) * 2;
		c->held = gv_xrealloc(c->held, c->held_cap);
	}
	memcpy(c->held + c->held_len, data, n);
	c->held_len += n;
	return n;
}

static size_t
on_header(char *data, size_t size, size_t n, void *arg)
{
	struct gv_unix_call *c = arg;
	long status = 0;

	(void)size;
	/* The empty line ends the header, but another one follows a 100. */
	if (n <= 2 && (data[0] == '\r' || data[0] == '\n') &&
	    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status >= 200)
		c->head_done = c->u->came = true;
	return n;
}

static size_t
on_send(char *data, size_t size, size_t n, void *arg)
{
	struct gv_unix_call *c = arg;
	size_t room = size * n;

	if (c->chunk_len == 0) {
		const void *chunk = NULL;
		ssize_t got = c->source->read(c->source, &chunk, &c->source_err);

		if (got < 0)
			return CURL_READFUNC_ABORT;
		c->chunk = chunk;
		c->chunk_len = (size_t)got;
	}
	if (room > c->chunk_len)
		room = c->chunk_len;
	if (room > 0)
		memcpy(data, c->chunk, room);
	c->chunk += room;
	c->chunk_len -= room;
	return room;
}

static int
on_progress(void *arg, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal, curl_off_t ulnow)
{
	struct gv_unix_call *c = arg;

	(void)dltotal;
	(void)ultotal;
	if (dlnow + ulnow != c->moved) {
		c->moved = dlnow + ulnow;
		c->progress_ms = gv_clock_ms();
	}
	return 0;
}

static void
set_transport(CURL *easy, const struct gv_unix *u)
{
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	if (u->socket != NULL) {
		curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, u->socket);
		return;
	}
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (u->ca != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, u->ca);
	if (u->cert != NULL)
		curl_easy_setopt(easy, CURLOPT_SSLCERT, u->cert);
	if (u->key != NULL)
		curl_easy_setopt(easy, CURLOPT_SSLKEY, u->key);
}

static void
add_header(struct gv_unix_call *c, const char *line)
{
	struct curl_slist *more = curl_slist_append(c->headers, line);

	if (more == NULL)
		abort();
	c->headers = more;
}

static void
set_request(struct gv_unix_call *c, const struct gv_unix_request *req)
{
	gv_autofree char *url = gv_xasprintf("%s%s", c->u->url, req->path);
	gv_autofree char *type = req->type != NULL ? gv_xasprintf("Content-Type: %s", req->type) : NULL;

	curl_easy_setopt(c->easy, CURLOPT_URL, url);
	if (req->source != NULL) {
		curl_easy_setopt(c->easy, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(c->easy, CURLOPT_READFUNCTION, on_send);
		curl_easy_setopt(c->easy, CURLOPT_READDATA, c);
	} else if (strcmp(req->method, "GET") != 0 && strcmp(req->method, "HEAD") != 0) {
		curl_easy_setopt(c->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body_len);
		curl_easy_setopt(c->easy, CURLOPT_COPYPOSTFIELDS, req->body != NULL ? req->body : "");
	}
	if (strcmp(req->method, "HEAD") == 0)
		curl_easy_setopt(c->easy, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(c->easy, CURLOPT_CUSTOMREQUEST, req->method);
	add_header(c, "Expect:");
	add_header(c, type != NULL ? type : "Content-Type:");
	if (req->header != NULL)
		add_header(c, req->header);
	curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers);
}

static struct gv_unix_call *
start(struct gv_unix *u, const struct gv_unix_request *req)
{
	struct gv_unix_call *c = gv_xcalloc(1, sizeof(*c));

	c->u = u;
	c->source = req->source;
	c->progress_ms = gv_clock_ms();
	c->easy = curl_easy_init();
	if (c->easy == NULL)
		abort();
	set_transport(c->easy, u);
	set_request(c, req);
	curl_easy_setopt(c->easy, CURLOPT_PRIVATE, c);
	curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->errbuf);
	curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(c->easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c->easy, CURLOPT_XFERINFODATA, c);
	if (curl_multi_add_handle(u->multi, c->easy) != CURLM_OK)
		abort();
	return c;
}

static void
close_call(struct gv_unix_call *c)
{
	if (c == NULL)
		return;
	curl_multi_remove_handle(c->u->multi, c->easy);
	curl_easy_cleanup(c->easy);
	curl_slist_free_all(c->headers);
	free(c->held);
	free(c->lent);
	free(c);
}

/* Send and receive what is possible without waiting. */
static void
work(struct gv_unix *u)
{
	int running, left;
	CURLMsg *msg;

	u->came = false;
	curl_multi_perform(u->multi, &running);
	while ((msg = curl_multi_info_read(u->multi, &left)) != NULL) {
		struct gv_unix_call *c = NULL;

		if (msg->msg != CURLMSG_DONE || curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &c) != CURLE_OK)
			continue;
		c->done = u->came = true;
		c->code = msg->data.result;
	}
}

static int
wait_all(struct gv_unix *u, int wait_ms, bool cleanup, struct gv_err *err)
{
	if (!cleanup && gv_sig_check(err) < 0)
		return -1;
	work(u);
	/* Do not wait: this may be the whole answer, and nothing would end the wait. */
	if (u->came)
		return 0;
	if (curl_multi_poll(u->multi, NULL, 0, wait_ms < TICK_MS ? wait_ms : TICK_MS, NULL) != CURLM_OK)
		return gv_err_set(err, GV_ENET, "cannot wait for the engine");
	work(u);
	return 0;
}

/* Where the daemon is, for messages. */
static const char *
place(const struct gv_unix *u)
{
	return u->socket != NULL ? u->socket : u->url;
}

static int
failed(const struct gv_unix_call *c, struct gv_err *err)
{
	if (c->source_err.code != GV_OK) {
		*err = c->source_err;
		return -1;
	}
	return gv_err_set(err, GV_ENET, "the engine at '%s' does not answer: %s", place(c->u),
			  c->errbuf[0] != '\0' ? c->errbuf : curl_easy_strerror(c->code));
}

static long
take(struct gv_unix_call *c, const char **data, struct gv_err *err)
{
	size_t n = c->held_len;

	if (n == 0 && c->done)
		return c->code == CURLE_OK ? 0 : failed(c, err);
	if (n > 0) {
		free(c->lent);
		c->lent = c->held;
		*data = c->lent;
		c->held = NULL;
		c->held_len = c->held_cap = 0;
	}
	if (c->paused) {
		c->paused = false;
		curl_easy_pause(c->easy, CURLPAUSE_CONT);
	}
	return n > 0 ? (long)n : GV_UNIX_AGAIN;
}

/* Work until this call has its header or ends. `idle_s` limits how long the daemon may send nothing. */
static int
wait_head(struct gv_unix_call *c, const struct gv_unix_request *req, struct gv_err *err)
{
	int64_t idle_ms = (req->idle_s > 0 ? req->idle_s : IDLE_S) * INT64_C(1000);

	while (!c->head_done && !c->done) {
		if (wait_all(c->u, TICK_MS, req->cleanup, err) < 0)
			return -1;
		if (gv_clock_ms() - c->progress_ms > idle_ms)
			return gv_err_set(err, GV_ENET, "the engine at '%s' does not answer '%s %s'", place(c->u),
					  req->method, req->path);
	}
	return c->done && c->code != CURLE_OK && !c->head_done ? failed(c, err) : 0;
}

static struct gv_unix_call *
open_call(struct gv_unix *u, const struct gv_unix_request *req, long *status, struct gv_err *err)
{
	struct gv_unix_call *c = start(u, req);

	if (wait_head(c, req, err) < 0) {
		close_call(c);
		return NULL;
	}
	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, status);
	return c;
}

int
gv_unix_do(struct gv_unix *u, const struct gv_unix_request *req, size_t max, long *status, char **body, size_t *len,
	   struct gv_err *err)
{
	int64_t idle_ms = (req->idle_s > 0 ? req->idle_s : IDLE_S) * INT64_C(1000);
	struct gv_str all = GV_STR_INIT(max);
	struct gv_unix_call *c = open_call(u, req, status, err);
	const char *data = NULL;
	long n = -1;

	while (c != NULL && !all.over && (n = take(c, &data, err)) != 0 && n != -1) {
		if (n > 0) {
			gv_str_addn(&all, data, (size_t)n);
		} else if (wait_all(u, TICK_MS, req->cleanup, err) < 0) {
			n = -1;
			break;
		} else if (gv_clock_ms() - c->progress_ms > idle_ms) {
			n = gv_err_set(err, GV_ENET, "the engine at '%s' stopped in its answer to '%s %s'", place(u),
				       req->method, req->path);
			break;
		}
	}
	close_call(c);
	if (n == 0 || all.over) {
		*len = all.len;
		*body = gv_str_finish(&all, err);
		n = *body != NULL ? 0 : -1;
	}
	gv_str_release(&all);
	return (int)n;
}

CURL *
gv_unix_connect(struct gv_unix *u, struct gv_err *err)
{
	CURL *easy = curl_easy_init();
	CURLcode rc;

	if (easy == NULL)
		abort();
	set_transport(easy, u);
	curl_easy_setopt(easy, CURLOPT_URL, u->url);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	rc = curl_easy_perform(easy);
	if (rc == CURLE_OK)
		return easy;
	gv_err_set(err, GV_ENET, "the engine at '%s' does not answer: %s", place(u), curl_easy_strerror(rc));
	curl_easy_cleanup(easy);
	return NULL;
}

char *
gv_unix_escape(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	gv_autofree char *out = gv_xmalloc(strlen(s) * 3 + 1);
	char *at = out;

	for (; *s != '\0'; s++) {
		if (strchr(plain, *s) != NULL)
			*at++ = *s;
		else
			at += snprintf(at, 4, "%%%02X", (unsigned)(unsigned char)*s);
	}
	*at = '\0';
	return gv_steal_ptr(&out);
}
