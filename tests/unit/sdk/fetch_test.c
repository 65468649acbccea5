/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/fetch.h"
#include "fetch/file.h"
#include "tests/fake/httpd.h"
#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/sig.h"

#define LEN ((size_t)3 * 1024 * 1024 + 77)

/* With `patient`, no reply counts as late. The other limits are for stalls. */
static const struct gv_http_limits patient = { .stall_ms = 20000, .stall_rate = 1, .retry_ms = 90000, .backoff_ms = 2 };
static const struct gv_http_limits quick = { .stall_ms = 400, .stall_rate = 1024, .retry_ms = 90000, .backoff_ms = 2 };

static char *content; /* LEN bytes */
static char dir[] = "/tmp/gover-fetch-XXXXXX";
static char *part;

/*
 * How the server behaves, and what it saw. A test sets it while no request is running. A change between two requests is
 * set before the first one.
 */
static struct server {
	unsigned cuts;    /* so many replies are cut ... */
	size_t cut_after; /* ... after this many bytes */
	bool stall;       /* and stall instead of closing */
	unsigned fail;    /* so many replies are 503 first */
	bool no_validator;
	bool no_length; /* chunked */
	struct file {
		const char *etag;
		bool no_range;
		bool other_content; /* changed content, same ETag */
	} file, later;
	unsigned later_from; /* from this request on, `later` replaces `file`; 0: never */
	unsigned requests;
	char last_range[64];
} server;

static void
send_body(struct httpd_conn *c, const struct server *now, const char *data, size_t len)
{
	bool cut = now->cuts > 0 && len > now->cut_after;

	if (cut)
		len = now->cut_after;
	if (now->no_length) {
		char size[32];
		int n = snprintf(size, sizeof(size), "%zx\r\n", len);

		httpd_send(c, size, (size_t)n);
	}
	httpd_send(c, data, len);
	if (now->no_length && !cut)
		httpd_send(c, "\r\n0\r\n\r\n", 7);
	if (cut && now->stall)
		httpd_wait_gone(c);
	if (cut)
		httpd_hang_up(c);
}

static void
answer(struct httpd_conn *c, const struct httpd_request *r, void *arg)
{
	char head[512], etag[80] = "", length[80] = "";
	struct server now;
	size_t from = 0;
	int n;

	(void)arg;
	snprintf(server.last_range, sizeof(server.last_range), "%.60s", httpd_header(r, "Range"));
	if (++server.requests == server.later_from)
		server.file = server.later;
	/* Copy it: when the last bytes are sent, the test may already set the next behaviour. */
	now = server;
	if (server.fail > 0)
		server.fail--;
	else if (server.cuts > 0)
		server.cuts--;
	if (now.fail > 0) {
		httpd_reply(c, 503, "", "", 0);
		return;
	}
	if (strcmp(r->target, "/gone") == 0) {
		httpd_reply(c, 404, "", "", 0);
		return;
	}
	if (!now.file.no_range && sscanf(now.last_range, "bytes=%zu-", &from) == 1) {
		const char *condition = httpd_header(r, "If-Range");

		if (condition[0] != '\0' && strcmp(condition, now.file.etag) != 0)
			from = 0;
		if (from >= LEN) {
			httpd_reply(c, 416, "Content-Range: bytes */3145805\r\n", "", 0);
			return;
		}
	}
	if (!now.no_validator)
		snprintf(etag, sizeof(etag), "ETag: %s\r\n", now.file.etag);
	if (now.no_length)
		snprintf(length, sizeof(length), "Transfer-Encoding: chunked\r\n");
	else
		snprintf(length, sizeof(length), "Content-Length: %zu\r\n", LEN - from);
	if (from > 0)
		n = snprintf(head, sizeof(head), "HTTP/1.1 206 P\r\n%s%sContent-Range: bytes %zu-%zu/%zu\r\n\r\n", etag,
			     length, from, LEN - 1, LEN);
	else
		n = snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\n%s%s\r\n", etag, length);
	httpd_send(c, head, (size_t)n);
	if (now.file.other_content) {
		char x = (char)~content[0];

		httpd_send(c, &x, 1);
		from++;
	}
	send_body(c, &now, content + from, LEN - from);
}

static void
reset(void)
{
	memset(&server, 0, sizeof(server));
	server.file.etag = "\"v1\"";
}

static uint64_t reported, reported_kept, reported_total;

static void
report(void *arg, uint64_t done, uint64_t kept, uint64_t total)
{
	(void)arg;
	reported = done;
	reported_kept = kept;
	reported_total = total;
}

/* Counts correct bytes up to the end (*code GV_OK), a failure, or `limit`. */
static size_t
fetch(struct gv_http *h, const char *url, size_t limit, struct gv_err *err)
{
	static const struct gv_fetch_progress progress = { .set = report };
	gv_autofree char *copy = gv_xstrdup(url);
	struct gv_download d = { .url = copy, .shown = copy, .size = -1 };
	gv_autosource struct gv_source *src = NULL;
	size_t pos = 0;
	ssize_t n;
	const void *chunk;

	gv_err_clear(err);
	src = gv_fetch_open(h, &d, part, &progress, err);
	if (src == NULL)
		return 0;
	while (pos < limit && (n = src->read(src, &chunk, err)) > 0) {
		if (pos + (size_t)n > LEN || memcmp(content + pos, chunk, (size_t)n) != 0) {
			gv_err_set(err, GV_EPROOF, "wrong bytes at %zu", pos);
			return 0;
		}
		pos += (size_t)n;
	}
	return pos;
}

static bool
whole(struct gv_http *h, const char *url)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *kept = NULL;
	size_t n = fetch(h, url, SIZE_MAX, &err), len = 0;
	bool same = n == LEN && err.code == GV_OK && gv_fs_read(AT_FDCWD, part, LEN, &kept, &len, &err) == 0 &&
		    len == LEN && memcmp(kept, content, LEN) == 0;

	if (!same)
		printf("# %zu bytes, %zu kept: %s\n", n, len, err.msg);
	return same;
}

static off_t
part_size(void)
{
	struct stat st;

	return stat(part, &st) == 0 ? st.st_size : -1;
}

static void
test_one_run(struct gv_http *h, const char *url)
{
	reset();
	gv_fetch_discard(part);
	ok(whole(h, url) && server.requests == 1 && reported == LEN && reported_kept == 0 && reported_total == LEN,
	   "a download");
	gv_fetch_discard(part);
	ok(part_size() == -1, "its part is removed when discarded");

	server.cuts = 3;
	server.cut_after = 500000;
	ok(whole(h, url) && strcmp(server.last_range, "bytes=1500000-") == 0, "three cuts, the last request was %s",
	   server.last_range);
	gv_fetch_discard(part);

	server.cuts = 2;
	server.stall = true;
	gv_http_set_limits(h, &quick);
	ok(whole(h, url), "two stalls");
	gv_http_set_limits(h, &patient);
	gv_fetch_discard(part);
	reset();

	server.fail = 2;
	ok(whole(h, url) && server.requests == 3, "two 503 before the first byte");
	gv_fetch_discard(part);

	reset();
	server.cuts = 2;
	server.cut_after = 600000;
	server.no_validator = true;
	ok(whole(h, url), "cuts, and a server that gives no validator");
	gv_fetch_discard(part);

	server.cuts = 1;
	server.file.no_range = true;
	ok(whole(h, url) && server.requests == 5,
	   "a cut, and a server without ranges: the bytes already read are skipped");
	gv_fetch_discard(part);

	reset();
	server.no_length = true;
	ok(whole(h, url) && reported_total == 0, "no length is given");
	gv_fetch_discard(part);
}

static void
test_failures(struct gv_http *h, struct httpd *s, const char *url)
{
	struct gv_err err = GV_ERR_INIT;

	reset();
	server.cuts = 100;
	server.cut_after = 1000;
	ok(fetch(h, url, SIZE_MAX, &err) > 0 && err.code == GV_ENET && strstr(err.help, "kept") != NULL &&
	       server.requests < 10,
	   "cut every time: %s", err.msg);
	ok(part_size() > 0, "the part stays");
	server.cuts = 0;
	ok(whole(h, url), "and the next run continues");
	gv_fetch_discard(part);

	ok(fetch(h, httpd_url(s, "/gone"), SIZE_MAX, &err) == 0 && err.code == GV_ENOTFOUND && part_size() == -1,
	   "not found, and no file is left");
}

/* A server that changes the file between the cut and the second try. */
static void
test_changed(struct gv_http *h, const char *url)
{
	gv_autofree char *copy = gv_xstrdup(url);
	struct gv_download d = { .url = copy, .shown = copy, .size = -1 };

	for (int no_range = 0; no_range < 2; no_range++) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_source *src;
		const void *chunk;
		ssize_t n;

		reset();
		server.cuts = 1;
		server.cut_after = 700000;
		server.later_from = 2;
		server.later = (struct file){ .etag = no_range ? "\"v1\"" : "\"v2\"",
					      .no_range = no_range,
					      .other_content = no_range };
		src = gv_fetch_open(h, &d, part, NULL, &err);
		tap_need(src != NULL, "a download that starts: %s", err.msg);
		while ((n = src->read(src, &chunk, &err)) > 0)
			;
		ok(n < 0 && err.code == GV_ENET && strstr(err.msg, "no longer the same file") != NULL &&
		       part_size() == -1,
		   "changed during the download (%s): %s", no_range ? "same ETag" : "another ETag", err.msg);
		src->close(src);
		gv_fetch_discard(part);
	}
}

static void
test_next_run(struct gv_http *h, const char *url)
{
	gv_autofree char *meta = gv_xasprintf("%s.meta", part), *elsewhere = gv_xasprintf("%s?x", url), *text = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t len = 0;
	off_t kept = 0;

	reset();
	ok(fetch(h, url, 500000, &err) >= 500000 && (kept = part_size()) >= 500000, "a run that was killed");
	server.requests = 0;
	ok(whole(h, url) && server.requests == 1 && server.last_range[0] == 'b', "the next one resumes: %s",
	   server.last_range);
	ok(reported_kept == (uint64_t)kept, "progress reports the kept bytes apart");
	server.requests = 0;
	ok(whole(h, url) && server.requests == 0, "a complete part needs no network");

	ok(truncate(part, 1000000) == 0 && whole(h, elsewhere) && server.last_range[0] == '\0',
	   "another URL starts over");
	ok(truncate(part, 1000000) == 0, "cut");
	server.file.etag = "\"v2\"";
	ok(whole(h, elsewhere) && server.requests == 2, "a changed file starts over");
	ok(truncate(part, 1000000) == 0 && unlink(meta) == 0 && whole(h, elsewhere) && server.last_range[0] == '\0',
	   "a part without PART.meta starts over");
	tap_need(gv_fs_read(AT_FDCWD, meta, 4096, &text, &len, &err) == 0, "a PART.meta: %s", err.msg);
	ok(strstr(text, "\n\"v2\"\n3145805\n") != NULL, "PART.meta names validator and size");
	/* As if the machine had rebooted. */
	tap_need(strrchr(text, '-') != NULL, "its boot id");
	*strrchr(text, '-') = '+';
	ok(truncate(part, 1000000) == 0 && gv_fs_replace(meta, text, len, 0644, &err) == 0 && whole(h, elsewhere) &&
	       server.last_range[0] == '\0',
	   "a part of another boot starts over");
	ok(gv_fs_replace(meta, "gover-part 2\n", 13, 0644, &err) == 0 && truncate(part, 5) == 0 &&
	       whole(h, elsewhere) && server.last_range[0] == '\0',
	   "an unknown format starts over");
	gv_fetch_discard(part);
	ok(mkdir(part, 0755) == 0 && fetch(h, url, SIZE_MAX, &err) == 0 && err.code == GV_EIO,
	   "a part that cannot be made: %s", err.msg);
	rmdir(part);
}

static void
test_local(struct gv_http *h)
{
	gv_autofree char *path = gv_path_join(dir, "file.zip"), *fifo = gv_path_join(dir, "fifo"),
			 *big = gv_path_join(dir, "big");
	struct gv_err err = GV_ERR_INIT;

	ok(gv_fs_replace(path, content, LEN, 0644, &err) == 0 && fetch(h, path, SIZE_MAX, &err) == LEN &&
	       err.code == GV_OK && reported == LEN && reported_total == LEN && part_size() == -1,
	   "a local file");
	ok(fetch(h, "/nonexistent/x", SIZE_MAX, &err) == 0 && err.code == GV_ENOTFOUND, "one that does not exist");
	ok(mkfifo(fifo, 0644) == 0 && fetch(h, fifo, SIZE_MAX, &err) == 0 && err.code == GV_EFORMAT, "a FIFO");
	ok(gv_fs_replace(big, "", 0, 0644, &err) == 0 && truncate(big, (off_t)GV_FETCH_MAX + 1) == 0 &&
	       fetch(h, big, SIZE_MAX, &err) == 0 && err.code == GV_ETOOBIG,
	   "one that is too large");
}

static void
test_interrupt(struct gv_http *h, const char *url)
{
	struct gv_err err = GV_ERR_INIT;

	reset();
	server.cuts = 1;
	server.cut_after = 400000;
	server.stall = true;
	gv_sig_catch();
	raise(SIGTERM);
	ok(fetch(h, url, SIZE_MAX, &err) <= 400000 && err.code == GV_EINTR, "an interrupt ends it");
}

int
main(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_http *h;
	struct httpd *s;
	gv_autofree char *url = NULL;

	setenv("NETRC", "/nonexistent", 1);
	content = gv_xmalloc(LEN);
	for (size_t i = 0; i < LEN; i++)
		content[i] = (char)(i * 2654435761u >> 11);
	tap_need(mkdtemp(dir) != NULL, "a directory");
	s = httpd_start(answer, NULL);
	tap_need(s != NULL, "a server on 127.0.0.1");
	h = gv_http_new(&err);
	tap_need(h != NULL, "a handle: %s", err.msg);
	gv_http_set_limits(h, &patient);
	part = gv_path_join(dir, "downloads/x.part");
	url = gv_xstrdup(httpd_url(s, "/x.zip"));
	test_one_run(h, url);
	test_failures(h, s, url);
	test_changed(h, url);
	test_next_run(h, url);
	test_local(h);
	test_interrupt(h, url);
	gv_http_free(h);
	httpd_stop(s);
	ok(gv_fs_remove_tree(AT_FDCWD, dir, &err) == 0, "clean up");
	free(part);
	free(content);
	return tap_done();
}
