/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "net/xfer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/num.h"

#define MAX_HOPS    10
#define MAX_DISCARD ((size_t)64 * 1024) /* bytes read from the body of a redirect or an error */

bool
gv_stall_tick(struct gv_stall *s, const struct gv_http_limits *limits, int64_t now_ms, uint64_t bytes)
{
	int64_t step = limits->stall_ms / GV_STALL_SAMPLES;

	if (s->n == 0 || now_ms - s->sample[s->n - 1].at_ms >= step) {
		/* Keep one sample that is at least stall_ms old, to compare with. */
		if (s->n == GV_STALL_SAMPLES + 2 || (s->n > 1 && now_ms - s->sample[1].at_ms >= limits->stall_ms))
			memmove(s->sample, s->sample + 1, --s->n * sizeof(s->sample[0]));
		s->sample[s->n].at_ms = now_ms;
		s->sample[s->n++].bytes = bytes;
	}
	return now_ms - s->sample[0].at_ms >= limits->stall_ms &&
	       bytes - s->sample[0].bytes < (uint64_t)limits->stall_rate * limits->stall_ms / 1000;
}

static void
head_clear(struct gv_xfer *x)
{
	gv_http_head_release(&x->head);
	x->head = (struct gv_http_head){ .length = -1, .range_total = -1 };
	x->head_done = x->plain_text = false;
	x->retry_after_ms = 0;
}

/* "bytes 100-199/200", "bytes 100-199/(*)" or "bytes (*)/200"; the header has no parentheses. */
static void
take_content_range(struct gv_http_head *head, const char *v)
{
	uint64_t first = 0, last = 0, total = 0;
	bool part = false, whole = false; /* which halves it names */

	if (strncmp(v, "bytes ", 6) != 0)
		return;
	v += 6;
	/* If one half is wrong, use neither. */
	if (*v == '*')
		v++;
	else if ((v = gv_num_prefix(v, INT64_MAX, &first)) != NULL && *v == '-' &&
		 (v = gv_num_prefix(v + 1, INT64_MAX, &last)) != NULL && last >= first)
		part = true;
	else
		return;
	if (*v++ != '/')
		return;
	if (*v == '*')
		v++;
	else if ((v = gv_num_prefix(v, INT64_MAX, &total)) != NULL && (!part || total > last))
		whole = true;
	else
		return;
	if (v[strspn(v, " \t")] != '\0')
		return;
	if (part)
		head->range_start = (int64_t)first;
	if (whole)
		head->range_total = (int64_t)total;
}

static void
take_header(struct gv_xfer *x, const char *name, char *value)
{
	struct gv_http_head *head = &x->head;

	if (strcasecmp(name, "etag") == 0) {
		free(head->etag);
		head->etag = gv_xstrdup(value);
	} else if (strcasecmp(name, "last-modified") == 0) {
		free(head->last_modified);
		head->last_modified = gv_xstrdup(value);
	} else if (strcasecmp(name, "content-range") == 0) {
		take_content_range(head, value);
	} else if (strcasecmp(name, "content-type") == 0) {
		x->plain_text = strncasecmp(value, "text/plain", 10) == 0;
	}
}

static void
end_of_head(struct gv_xfer *x)
{
	curl_off_t length = -1, after = 0;

	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &x->head.status);
	if (x->head.status / 100 == 1)
		return;
	x->head_done = true;
	curl_easy_getinfo(x->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	curl_easy_getinfo(x->easy, CURLINFO_RETRY_AFTER, &after);
	x->head.length = length;
	x->retry_after_ms = after > 0 && after < 86400 ? after * 1000 : 0;
}

static size_t
on_header(char *data, size_t size, size_t n, void *arg)
{
	struct gv_xfer *x = arg;
	gv_autofree char *line = gv_xstrndup(data, n);
	char *colon;

	(void)size; /* always 1 */
	x->received += n;
	line[strcspn(line, "\r\n")] = '\0';
	if (x->head_done) /* a trailer */
		return n;
	if (strncmp(line, "HTTP/", 5) == 0) {
		head_clear(x);
	} else if (line[0] == '\0') {
		end_of_head(x);
	} else if ((colon = strchr(line, ':')) != NULL) {
		*colon++ = '\0';
		take_header(x, line, colon + strspn(colon, " \t"));
	}
	return n;
}

bool
gv_xfer_wanted(const struct gv_xfer *x)
{
	switch (x->head.status) {
	case 200:
		return true;
	case 206:
	case 416:
		return x->req.range_from > 0;
	case 304:
		return x->req.if_none_match != NULL;
	default:
		return false;
	}
}

/* The body of a redirect or an error. Its start may explain the error; reading the rest keeps the connection usable. */
static size_t
discard(struct gv_xfer *x, const char *data, size_t n)
{
	size_t have = strlen(x->note), room = sizeof(x->note) - 1 - have, take = n < room ? n : room;

	memcpy(x->note + have, data, take);
	x->note[have + take] = '\0';
	x->discarded += n;
	return x->discarded <= MAX_DISCARD ? n : 0;
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct gv_xfer *x = arg;

	(void)size; /* always 1 */
	if (!gv_xfer_wanted(x) || x->head.status == 416) {
		x->received += n;
		return discard(x, data, n);
	}
	if (x->streaming) {
		if (n > GV_XFER_RING - x->ring_len) {
			x->paused = true;
			return CURL_WRITEFUNC_PAUSE;
		}
		memcpy(x->ring + x->ring_len, data, n);
		x->ring_len += n;
	} else {
		gv_str_addn(&x->body, data, n);
		if (x->body.over) {
			x->too_big = true;
			return 0;
		}
	}
	x->received += n;
	return n;
}

static int
take_credentials(struct gv_xfer *x, struct gv_err *err)
{
	const struct gv_netrc_entry *e;

	if (x->first.user == NULL && x->first.password == NULL) {
		e = gv_netrc_find(&x->h->netrc, &x->first);
		if (e != NULL) {
			x->first.user = gv_xstrdup(e->login);
			x->first.password = gv_xstrdup(e->password);
		}
		return 0;
	}
	if (strcmp(x->first.scheme, "https") != 0 && !gv_url_is_loopback(&x->first)) {
		gv_err_set(err, GV_EUSAGE, "will not send a password over http to '%s'", x->first.plain);
		return gv_err_help(err, "use https in the URL");
	}
	return 0;
}

int
gv_xfer_init(struct gv_xfer *x, struct gv_http *h, const struct gv_http_request *req, bool streaming,
	     struct gv_err *err)
{
	memset(x, 0, sizeof(*x));
	x->h = h;
	x->req = *req;
	x->streaming = streaming;
	x->body.max = req->max_body;
	if (gv_url_parse(&x->first, req->url, err) < 0 || take_credentials(x, err) < 0) {
		gv_url_release(&x->first);
		return -1;
	}
	if (streaming)
		x->ring = gv_xmalloc(GV_XFER_RING);
	return 0;
}

void
gv_xfer_release(struct gv_xfer *x)
{
	gv_xfer_stop(x);
	if (x->easy != NULL)
		curl_easy_cleanup(x->easy);
	curl_slist_free_all(x->headers);
	gv_http_head_release(&x->head);
	gv_url_release(&x->first);
	gv_url_release(&x->url);
	gv_str_release(&x->body);
	free(x->ring);
	memset(x, 0, sizeof(*x));
}

static void
add_header(struct gv_xfer *x, const char *name, const char *value)
{
	gv_autofree char *line = gv_xasprintf("%s: %s", name, value);
	struct curl_slist *list = curl_slist_append(x->headers, line);

	if (list == NULL)
		abort();
	x->headers = list;
}

static void
set_headers(struct gv_xfer *x)
{
	char range[32];

	curl_slist_free_all(x->headers);
	x->headers = NULL;
	if (x->req.if_none_match != NULL)
		add_header(x, "If-None-Match", x->req.if_none_match);
	if (x->req.range_from > 0) {
		snprintf(range, sizeof(range), "bytes=%" PRId64 "-", x->req.range_from);
		add_header(x, "Range", range);
		if (x->req.if_range != NULL)
			add_header(x, "If-Range", x->req.if_range);
	}
	curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
}

static void
set_certs(CURL *easy, const struct gv_certs *certs)
{
	if (certs->file != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, certs->file);
	if (certs->dirs != NULL)
		curl_easy_setopt(easy, CURLOPT_CAPATH, certs->dirs);
	if (certs->blob != NULL) {
		struct curl_blob blob = { .data = certs->blob, .len = certs->blob_len, .flags = CURL_BLOB_NOCOPY };

		curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
	}
}

static void
set_options(struct gv_xfer *x)
{
	CURL *easy = x->easy;
	bool secure = strcmp(x->url.scheme, "https") == 0;

	curl_easy_setopt(easy, CURLOPT_URL, x->url.plain);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* an interrupt does not wait for a name server */
#endif
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "gover/" PACKAGE_VERSION);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, x);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, x->errbuf);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, x);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)x->h->limits.stall_ms);
	/* An empty proxy and an empty list keep libcurl from reading the environment itself. */
	curl_easy_setopt(easy, CURLOPT_PROXY, x->proxy != NULL ? x->proxy : "");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	if (x->streaming)
		curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, GV_XFER_CURL_BUFFER);
	else
		curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	if (secure) {
		set_certs(easy, &x->h->certs);
		curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L); /* prefer one HTTP/2 connection to many */
	}
	if (x->first.user != NULL && gv_url_same_origin(&x->first, &x->url)) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(easy, CURLOPT_USERNAME, x->first.user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD, x->first.password != NULL ? x->first.password : "");
	}
}

/* Start at the current hop. */
static int
start_hop(struct gv_xfer *x, struct gv_err *err)
{
	gv_xfer_stop(x);
	head_clear(x);
	gv_str_clear(&x->body);
	x->ring_len = x->discarded = 0;
	x->paused = x->done = x->too_big = x->stalled = false;
	x->note[0] = x->errbuf[0] = '\0';
	x->code = CURLE_OK;
	x->stall.n = 0;
	if (gv_proxies_find(&x->h->proxies, &x->url, &x->proxy, err) < 0)
		return -1;
	if (x->easy == NULL && (x->easy = curl_easy_init()) == NULL)
		abort();
	curl_easy_reset(x->easy);
	set_options(x);
	set_headers(x);
	if (curl_multi_add_handle(x->h->multi, x->easy) != CURLM_OK)
		return gv_err_set(err, GV_EFAIL, "cannot start a transfer");
	x->running = true;
	return 0;
}

int
gv_xfer_restart(struct gv_xfer *x, struct gv_err *err)
{
	gv_url_release(&x->url);
	x->hops = 0;
	if (gv_url_parse(&x->url, x->first.plain, err) < 0)
		return -1;
	return start_hop(x, err);
}

void
gv_xfer_stop(struct gv_xfer *x)
{
	if (x->running)
		curl_multi_remove_handle(x->h->multi, x->easy);
	x->running = false;
}

void
gv_net_perform(struct gv_http *h)
{
	int running, left;
	CURLMsg *msg;

	curl_multi_perform(h->multi, &running);
	while ((msg = curl_multi_info_read(h->multi, &left)) != NULL) {
		struct gv_xfer *x = NULL;
		CURLcode code = msg->data.result;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&x);
		x->code = code;
		x->done = true;
		gv_xfer_stop(x);
	}
}

void
gv_net_wait(struct gv_http *h, int64_t wait_ms)
{
	curl_multi_poll(h->multi, NULL, 0, (int)wait_ms, NULL);
}

int64_t
gv_net_slice(const struct gv_http *h)
{
	int64_t step = h->limits.stall_ms / GV_STALL_SAMPLES;

	return step > 250 ? 250 : step + 1;
}

void
gv_xfer_check_stall(struct gv_xfer *x, int64_t now_ms)
{
	if (!x->running || !gv_stall_tick(&x->stall, &x->h->limits, now_ms - x->away_ms, x->received))
		return;
	gv_xfer_stop(x);
	x->stalled = x->done = true;
}

int
gv_xfer_redirect(struct gv_xfer *x, struct gv_err *err)
{
	struct gv_url next = { 0 };
	char *to = NULL;

	if (!x->head_done || x->head.status / 100 != 3 || gv_xfer_wanted(x))
		return 0;
	if (curl_easy_getinfo(x->easy, CURLINFO_REDIRECT_URL, &to) != CURLE_OK || to == NULL)
		return 0;
	if (++x->hops > MAX_HOPS)
		return gv_err_set(err, GV_ENET, "cannot fetch '%s': more than %d redirects", x->first.plain, MAX_HOPS);
	if (gv_url_parse(&next, to, err) < 0) {
		err->code = GV_ENET;
		return gv_err_wrap(err, "cannot fetch '%s': redirected", x->first.plain);
	}
	if (strcmp(x->url.scheme, "https") == 0 && strcmp(next.scheme, "https") != 0) {
		gv_err_set(err, GV_ENET, "cannot fetch '%s': redirected from https to '%s'", x->first.plain,
			   next.plain);
		gv_url_release(&next);
		return -1;
	}
	gv_url_release(&x->url);
	x->url = next;
	return start_hop(x, err) < 0 ? -1 : 1;
}
