/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/fetch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/file.h"
#include "fetch/part.h"
#include "net/retry.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

/* After this much progress the count of retries starts over. */
#define PROGRESS_BYTES ((uint64_t)64 * 1024)

struct fetch {
	struct gv_source src;
	struct gv_http *h;
	char *url, *shown;
	struct gv_part part;
	struct gv_source *net; /* NULL before the first connection, and when PART was complete */
	uint64_t replayed;     /* bytes of PART lent so far, up to part.kept */
	uint64_t done;         /* bytes in PART, old and new */
	uint64_t skip; /* bytes at the start of this reply that PART already has: the server ignored the range */
	uint64_t skipped;
	char *buf; /* for replay and comparison */
	struct gv_retry retry;
	uint64_t retry_done; /* `done` at the last progress */
	struct gv_fetch_progress progress;
};

/* Whether a reply is about the same file. An ETag and a date cannot be compared, so they count as equal. */
static bool
same_file(const struct fetch *f, const struct gv_http_head *head, int64_t total)
{
	const char *now = gv_part_validator(head->etag, head->last_modified), *before = f->part.validator;

	if (f->part.total >= 0 && total >= 0 && total != f->part.total)
		return false;
	return before == NULL || now == NULL || (before[0] == '"') != (now[0] == '"') || strcmp(before, now) == 0;
}

/* Whether a 206 continues where PART ends. */
static bool
continues(const struct fetch *f, const struct gv_http_head *head)
{
	return head->status == 206 && head->range_start == (int64_t)f->done && same_file(f, head, head->range_total);
}

static int
changed(struct fetch *f, struct gv_err *err)
{
	gv_fetch_discard(f->part.path);
	free(f->part.validator);
	f->part.validator = NULL;
	gv_err_set(err, GV_ENET, "cannot resume '%s': it is no longer the same file", f->shown);
	return gv_err_help(err, "run the command again; it starts the download over");
}

/* The reply starts at zero. Start over if nothing was lent; otherwise the bytes in PART must come again. */
static int
from_zero(struct fetch *f, const struct gv_http_head *head, bool lent, struct gv_err *err)
{
	if (lent) {
		if (!same_file(f, head, head->length))
			return changed(f, err);
		f->skip = f->done;
		f->skipped = 0;
		return 0;
	}
	f->done = f->skip = 0;
	return gv_part_reset(&f->part, f->shown, gv_part_validator(head->etag, head->last_modified), head->length, err);
}

static void
hang_up(struct fetch *f)
{
	if (f->net != NULL)
		f->net->close(f->net);
	f->net = NULL;
}

/* One try. On success the next byte of f->net is the one after PART, or `skip` says how many precede that one. */
static int
connect_once(struct fetch *f, bool lent, struct gv_err *err)
{
	struct gv_http_request req = { .url = f->url, .range_from = (int64_t)f->done, .if_range = f->part.validator };
	struct gv_http_head head;
	int rc = 0;

	hang_up(f);
	f->net = gv_http_open(f->h, &req, &head, err);
	if (f->net == NULL)
		return -1;
	f->skip = f->skipped = 0;
	if (f->done > 0 && !continues(f, &head)) {
		if (head.status == 200) {
			rc = from_zero(f, &head, lent, err);
		} else if (lent) {
			rc = changed(f, err);
		} else { /* the range makes no sense, so ask for everything */
			f->done = 0;
			gv_http_head_release(&head);
			return connect_once(f, lent, err);
		}
	} else if (f->done == 0) {
		rc = from_zero(f, &head, false, err);
	}
	gv_http_head_release(&head);
	return rc;
}

static int
connect_retry(struct fetch *f, bool lent, struct gv_err *err)
{
	while (connect_once(f, lent, err) < 0)
		if (gv_retry_wait(&f->retry, f->h, err) < 0)
			return -1;
	return 0;
}

/* The connection broke: continue from that byte. */
static int
resume(struct fetch *f, struct gv_err *err)
{
	if (f->done - f->retry_done >= PROGRESS_BYTES) {
		gv_retry_init(&f->retry);
		f->retry_done = f->done;
	}
	if (gv_retry_wait(&f->retry, f->h, err) < 0)
		return -1;
	return connect_retry(f, true, err);
}

static ssize_t
replay(struct fetch *f, const void **chunk, struct gv_err *err)
{
	uint64_t left = f->part.kept - f->replayed;
	ssize_t n = pread(f->part.fd, f->buf, left < GV_FETCH_CHUNK ? (size_t)left : GV_FETCH_CHUNK,
			  (off_t)f->replayed);

	if (n <= 0)
		return gv_err_sys(err, GV_EIO, "cannot read '%s'", f->part.path);
	f->replayed += (uint64_t)n;
	gv_fetch_report(&f->progress, f->replayed, f->replayed, f->part.total);
	*chunk = f->buf;
	return n;
}

/* In a reply from zero: compare the bytes that PART has, and leave the others in the reply. */
static int
skip_known(struct fetch *f, const char **data, size_t *n, struct gv_err *err)
{
	while (*n > 0 && f->skipped < f->skip) {
		uint64_t left = f->skip - f->skipped;
		size_t take = *n;

		if (take > left)
			take = (size_t)left;
		if (take > GV_FETCH_CHUNK)
			take = GV_FETCH_CHUNK;
		if (pread(f->part.fd, f->buf, take, (off_t)f->skipped) != (ssize_t)take)
			return gv_err_sys(err, GV_EIO, "cannot read '%s'", f->part.path);
		if (memcmp(f->buf, *data, take) != 0)
			return changed(f, err);
		f->skipped += take;
		*data += take;
		*n -= take;
	}
	return 0;
}

/* Write new bytes to PART and lend them. */
static ssize_t
take(struct fetch *f, const char *data, size_t n, const void **chunk, struct gv_err *err)
{
	if (f->done + n > GV_FETCH_MAX)
		return gv_err_set(err, GV_ETOOBIG, "'%s' is larger than %u MiB", f->shown,
				  (unsigned)(GV_FETCH_MAX >> 20));
	if (gv_fs_write_all(f->part.fd, data, n, err) < 0)
		return gv_err_wrap(err, "'%s'", f->part.path);
	f->done += n;
	gv_fetch_report(&f->progress, f->done, f->part.kept, f->part.total);
	*chunk = data;
	return (ssize_t)n;
}

static ssize_t
fetch_read(struct gv_source *src, const void **chunk, struct gv_err *err)
{
	struct fetch *f = (struct fetch *)src;

	if (f->replayed < f->part.kept)
		return replay(f, chunk, err);
	while (f->net != NULL) {
		const void *got = NULL;
		const char *data;
		ssize_t n = f->net->read(f->net, &got, err);
		size_t left;

		if (n < 0 && resume(f, err) < 0) {
			if (err->code == GV_ENET && f->part.validator != NULL)
				gv_err_help(err, "the bytes so far are kept; the next run continues from there");
			return -1;
		}
		if (n < 0)
			continue;
		if (n == 0)
			break;
		data = got;
		left = (size_t)n;
		if (skip_known(f, &data, &left, err) < 0)
			return -1;
		if (left > 0)
			return take(f, data, left, chunk, err);
	}
	return 0;
}

static void
fetch_close(struct gv_source *src)
{
	struct fetch *f = (struct fetch *)src;

	hang_up(f);
	gv_part_close(&f->part);
	free(f->url);
	free(f->shown);
	free(f->buf);
	free(f);
}

static int
begin(struct fetch *f, const char *part_path, struct gv_err *err)
{
	if (gv_part_open(&f->part, part_path, f->shown, err) < 0)
		return -1;
	f->done = f->part.kept;
	gv_retry_init(&f->retry);
	/* A complete PART needs no connection. The proof decides whether it is good. */
	if (f->done == 0 || (int64_t)f->done != f->part.total) {
		if (connect_retry(f, false, err) < 0)
			return -1;
	}
	f->part.kept = f->done;
	f->retry_done = f->done;
	if (lseek(f->part.fd, (off_t)f->done, SEEK_SET) < 0)
		return gv_err_sys(err, GV_EIO, "cannot read '%s'", part_path);
	return 0;
}

struct gv_source *
gv_fetch_open(struct gv_http *h, const struct gv_download *d, const char *part_path,
	      const struct gv_fetch_progress *progress, struct gv_err *err)
{
	struct fetch *f;

	if (d->url[0] == '/')
		return gv_local_open(d->url, progress, err);
	f = gv_xcalloc(1, sizeof(*f));
	f->src = (struct gv_source){ .read = fetch_read, .close = fetch_close };
	f->h = h;
	f->url = gv_xstrdup(d->url);
	f->shown = gv_xstrdup(d->shown);
	f->buf = gv_xmalloc(GV_FETCH_CHUNK);
	f->part.fd = -1;
	if (progress != NULL)
		f->progress = *progress;
	if (begin(f, part_path, err) < 0) {
		if (f->done == 0 && f->part.fd >= 0)
			gv_fetch_discard(part_path); /* no byte came, so leave no files */
		fetch_close(&f->src);
		return NULL;
	}
	return &f->src;
}
