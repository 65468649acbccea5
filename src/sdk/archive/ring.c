/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/ring.h"

#include <pthread.h>
#include <stdlib.h>

#include "util/alloc.h"

struct gv_ring {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* one is enough: producer and consumer never wait at the same time */
	char *bytes;
	size_t n, size;
	size_t first, used; /* the full buffers are first .. first + used - 1, modulo n */
	bool ended, stopped;
};

struct gv_ring *
gv_ring_new(size_t n, size_t size)
{
	struct gv_ring *r = gv_xcalloc(1, sizeof(*r));

	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	r->bytes = gv_xmalloc(n * size);
	r->n = n;
	r->size = size;
	return r;
}

void
gv_ring_free(struct gv_ring *r)
{
	if (r == NULL)
		return;
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	free(r->bytes);
	free(r);
}

void *
gv_ring_reserve(struct gv_ring *r)
{
	void *p = NULL;

	pthread_mutex_lock(&r->lock);
	while (r->used == r->n && !r->stopped)
		pthread_cond_wait(&r->changed, &r->lock);
	if (!r->stopped)
		p = r->bytes + (r->first + r->used) % r->n * r->size;
	pthread_mutex_unlock(&r->lock);
	return p;
}

void *
gv_ring_next(struct gv_ring *r)
{
	void *p = NULL;

	pthread_mutex_lock(&r->lock);
	while (r->used == 0 && !r->ended && !r->stopped)
		pthread_cond_wait(&r->changed, &r->lock);
	if (!r->stopped && r->used > 0)
		p = r->bytes + r->first * r->size;
	pthread_mutex_unlock(&r->lock);
	return p;
}

static void
change(struct gv_ring *r, int used, bool ended, bool stopped)
{
	pthread_mutex_lock(&r->lock);
	if (used < 0)
		r->first = (r->first + 1) % r->n;
	r->used = used < 0 ? r->used - 1 : r->used + (size_t)used;
	r->ended |= ended;
	r->stopped |= stopped;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

void
gv_ring_commit(struct gv_ring *r)
{
	change(r, 1, false, false);
}

void
gv_ring_release(struct gv_ring *r)
{
	change(r, -1, false, false);
}

void
gv_ring_end(struct gv_ring *r)
{
	change(r, 0, true, false);
}

void
gv_ring_stop(struct gv_ring *r)
{
	change(r, 0, false, true);
}

bool
gv_ring_stopped(struct gv_ring *r)
{
	bool stopped;

	pthread_mutex_lock(&r->lock);
	stopped = r->stopped;
	pthread_mutex_unlock(&r->lock);
	return stopped;
}
