/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/unpack.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "archive/batch.h"
#include "archive/reader.h"
#include "archive/ring.h"
#include "archive/writer.h"
#include "archive/zipdir.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/sig.h"

#define CHUNKS  8u
#define BATCHES 4u

/* A thread besides the caller's, and how it ended. */
struct stage {
	pthread_t thread;
	bool started;
	int rc; /* 0; 1: another thread stopped it; -1 */
	struct gv_err err;
};

struct pipeline {
	const struct gv_unpack_in *in;
	struct gv_ring *chunks, *batches;
	struct gv_members members;
	struct gv_reader reader;
	struct gv_writer *writer;
	struct stage reading, writing;
	struct gv_sha256 *hash; /* of the archive; NULL for a module zip, whose bytes have no published hash */
	uint64_t archive_bytes;
};

static void
stop(struct pipeline *p)
{
	gv_ring_stop(p->chunks);
	gv_ring_stop(p->batches);
}

static void *
reading_thread(void *arg)
{
	struct pipeline *p = arg;

	p->reading.rc = gv_reader_run(&p->reader, &p->reading.err);
	if (p->reading.rc != 0)
		stop(p);
	return NULL;
}

static void *
writing_thread(void *arg)
{
	struct pipeline *p = arg;
	const struct gv_batch *b;

	while ((b = gv_ring_next(p->batches)) != NULL) {
		if (gv_writer_batch(p->writer, b, &p->writing.err) < 0) {
			p->writing.rc = -1;
			stop(p);
			return NULL;
		}
		gv_ring_release(p->batches);
	}
	p->writing.rc = gv_ring_stopped(p->batches) ? 1 : 0;
	return NULL;
}

static int
start(struct stage *s, void *(*run)(void *), struct pipeline *p, struct gv_err *err)
{
	int rc = pthread_create(&s->thread, NULL, run, p);

	s->started = rc == 0;
	if (rc == 0)
		return 0;
	errno = rc;
	return gv_err_sys(err, GV_EFAIL, "cannot start a thread");
}

static void
join(struct stage *s)
{
	if (s->started)
		pthread_join(s->thread, NULL);
	s->started = false;
}

/* Copy one piece of the source into the ring. Returns 0, or 1 when stopped. */
static int
push(struct pipeline *p, const uint8_t *data, size_t len)
{
	while (len > 0) {
		struct gv_chunk *c = gv_ring_reserve(p->chunks);
		size_t n = len < sizeof(c->data) ? len : sizeof(c->data);

		if (c == NULL)
			return 1;
		memcpy(c->data, data, n);
		c->len = n;
		gv_ring_commit(p->chunks);
		data += n;
		len -= n;
	}
	return 0;
}

/* The caller's thread: copy the source into the ring. Returns 0; 1 when another thread stopped it; -1 with *err. */
static int
pull(struct pipeline *p, struct gv_err *err)
{
	struct gv_source *src = p->in->src;

	for (;;) {
		const void *data;
		ssize_t n;

		if (gv_sig_check(err) < 0)
			return -1;
		n = src->read(src, &data, err);
		if (n <= 0) {
			if (n == 0)
				gv_ring_end(p->chunks);
			return (int)n;
		}
		p->archive_bytes += (uint64_t)n;
		if (p->hash != NULL)
			gv_sha256_update(p->hash, data, (size_t)n);
		if (push(p, data, (size_t)n) != 0)
			return 1;
	}
}

/* Run all three. Report one failure, the first of: the source's, the writer's, the reader's. */
static int
run(struct pipeline *p, struct gv_err *err)
{
	int rc = -1;

	if (start(&p->writing, writing_thread, p, err) == 0 && start(&p->reading, reading_thread, p, err) == 0)
		rc = pull(p, err);
	if (rc < 0)
		stop(p);
	join(&p->reading);
	join(&p->writing);
	if (rc < 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		const struct stage *s = i == 0 ? &p->writing : &p->reading;

		if (s->rc < 0) {
			*err = s->err;
			return -1;
		}
	}
	return 0;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct gv_unpack_file *)a)->path, ((const struct gv_unpack_file *)b)->path);
}

static int
finish(struct pipeline *p, struct gv_unpack_out *out, struct gv_err *err)
{
	struct gv_dirhash *h1 = gv_dirhash_new();
	struct gv_unpack_out o = { .archive_bytes = p->archive_bytes };
	uint8_t sum[GV_SHA256_LEN];
	int rc;

	for (size_t i = 0; i < p->members.n; i++) {
		const struct gv_member *m = p->members.v[i];

		if (m->hash_name != NULL)
			gv_dirhash_add(h1, m->hash_name, m->sha256);
		o.bytes += m->size;
	}
	rc = gv_dirhash_finish(h1, o.h1, err);
	gv_dirhash_free(h1);
	if (rc < 0)
		return -1;
	if (p->hash != NULL) {
		gv_sha256_final(p->hash, sum);
		gv_hex(o.sha256, sum, sizeof(sum));
	}
	o.files = gv_xcalloc(p->members.n, sizeof(*o.files));
	for (size_t i = 0; i < p->members.n; i++) {
		struct gv_member *m = p->members.v[i];
		struct gv_unpack_file *f = &o.files[o.n];

		if (m->path == NULL)
			continue;
		o.n++;
		f->path = gv_steal_ptr(&m->path);
		memcpy(f->sha256, m->sha256, sizeof(f->sha256));
		f->size = m->size;
		f->mode = m->mode;
	}
	qsort(o.files, o.n, sizeof(*o.files), by_path);
	*out = o;
	return 0;
}

static void
free_members(struct gv_members *ms)
{
	for (size_t i = 0; i < ms->n; i++) {
		free(ms->v[i]->name);
		free(ms->v[i]->path);
		free(ms->v[i]->hash_name);
		free(ms->v[i]);
	}
	free(ms->v);
}

int
gv_unpack(const struct gv_unpack_in *in, struct gv_unpack_out *out, struct gv_err *err)
{
	struct pipeline p = { .in = in };
	int rc;

	p.chunks = gv_ring_new(CHUNKS, sizeof(struct gv_chunk));
	p.batches = gv_ring_new(BATCHES, sizeof(struct gv_batch));
	p.reader = (struct gv_reader){ .in = in, .chunks = p.chunks, .batches = p.batches, .members = &p.members };
	p.writer = gv_writer_new(in->dest_fd, in->kind == GV_ARCHIVE_ZIP);
	if (strcmp(in->prefix, in->module_prefix) != 0)
		p.hash = gv_sha256_new();
	rc = run(&p, err);
	if (rc == 0 && p.members.n == 0)
		rc = gv_err_set(err, GV_EPROOF, "the archive holds no files");
	if (rc == 0 && in->kind == GV_ARCHIVE_ZIP)
		rc = gv_zipdir_check(p.reader.tail.data, p.reader.tail.len, p.reader.tail.offset, &p.members, err);
	if (rc == 0)
		rc = finish(&p, out, err);
	if (rc < 0 && err->code == GV_EPROOF && err->help[0] == '\0')
		gv_err_help(err, "the download may be damaged: try again; if that does not help, the mirror is bad");
	gv_sha256_free(p.hash);
	gv_writer_free(p.writer);
	free(p.reader.tail.data);
	free_members(&p.members);
	gv_ring_free(p.batches);
	gv_ring_free(p.chunks);
	return rc;
}

void
gv_unpack_out_release(struct gv_unpack_out *out)
{
	for (size_t i = 0; i < out->n; i++)
		free(out->files[i].path);
	free(out->files);
	memset(out, 0, sizeof(*out));
}
