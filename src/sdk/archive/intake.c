/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/intake.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/alloc.h"
#include "util/auto.h"

#define MAX_FILES     (100u << 10)   /* the newest releases have 16,000 */
#define MAX_BYTES     (1ull << 30)   /* unpacked; the largest releases have about 500 MiB */
#define LEAST_SCRATCH (64u << 10)    /* for content that is not unpacked */
#define MAX_ZIP_BYTES (500ull << 20) /* unpacked; the limit of module zips */

int
gv_intake_begin(struct gv_intake *t)
{
	t->seen = gv_entry_set_new();
	t->batch = gv_ring_reserve(t->batches);
	if (t->batch == NULL)
		return 1;
	t->batch->n = t->batch->used = 0;
	return 0;
}

void
gv_intake_release(struct gv_intake *t)
{
	gv_entry_set_free(t->seen);
	t->seen = NULL;
}

static struct gv_member *
add_member(struct gv_members *ms, const char *name)
{
	struct gv_member *m = gv_xcalloc(1, sizeof(*m));

	if (ms->n == ms->cap) {
		ms->cap = ms->cap == 0 ? 1024 : ms->cap * 2;
		ms->v = gv_xreallocarray(ms->v, ms->cap, sizeof(struct gv_member *));
	}
	ms->v[ms->n++] = m;
	m->name = gv_xstrdup(name);
	return m;
}

int
gv_intake_check_size(const struct gv_intake *t, uint64_t bytes, struct gv_err *err)
{
	uint64_t max = t->in->kind == GV_ARCHIVE_ZIP ? MAX_ZIP_BYTES : MAX_BYTES;

	if (bytes <= max)
		return 0;
	return gv_err_set(err, GV_EPROOF, "the archive unpacks to more than %llu MiB", (unsigned long long)(max >> 20));
}

/* True for a module zip, whose names are those in the log's hash; false for an official archive. */
static bool
is_module(const struct gv_intake *t)
{
	return strcmp(t->in->prefix, t->in->module_prefix) == 0;
}

static bool
is_go_mod(const char *rest)
{
	size_t n = strlen(rest);

	return n >= 6 && strcasecmp(rest + n - 6, "go.mod") == 0 && (n == 6 || rest[n - 7] == '/');
}

/*
 * Set the names of an entry whose name below the prefix is `rest`: *path in the SDK, and *hash_name in the log's hash,
 * NULL when the hash leaves it out. A module may have a go.mod only at its root, so it has the others as _go.mod.
 */
static int
make_names(const struct gv_intake *t, const char *name, const char *rest, char **path, char **hash_name,
	   struct gv_err *err)
{
	const char *slash = strrchr(rest, '/'), *base = slash != NULL ? slash + 1 : rest;

	if (!is_module(t)) {
		*path = gv_xstrdup(rest);
		*hash_name = gv_dirhash_module_name(t->in->module_prefix, rest);
		return 0;
	}
	if (is_go_mod(rest))
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' may not be in a toolchain module", name);
	*path = strcmp(base, "_go.mod") == 0 ? gv_xasprintf("%.*sgo.mod", (int)(base - rest), rest) : gv_xstrdup(rest);
	*hash_name = gv_xstrdup(name);
	return 0;
}

/* Check a name. Returns its part below the prefix, "" for the top directory itself, or NULL on failure. */
static const char *
check_name(const struct gv_intake *t, const struct gv_entry *e, struct gv_err *err)
{
	size_t prefix_len = strlen(t->in->prefix), len;
	const char *rest;
	int rc;

	if (strncmp(e->name, t->in->prefix, prefix_len) != 0) {
		gv_err_set(err, GV_EPROOF, "archive entry '%s' is outside '%s'", e->name, t->in->prefix);
		return NULL;
	}
	rest = e->name + prefix_len;
	len = strlen(rest);
	if (!e->is_dir)
		rc = gv_entry_check_name(rest, len, err) < 0 ? -1 : gv_entry_set_add(t->seen, rest, err);
	else
		rc = len == 0 ? 0 : gv_entry_check_name(rest, rest[len - 1] == '/' ? len - 1 : len, err);
	return rc < 0 ? NULL : rest;
}

/* Get a batch that has room for another piece, or for more bytes of this one. */
static int
next_batch(struct gv_intake *t)
{
	gv_ring_commit(t->batches);
	t->batch = gv_ring_reserve(t->batches);
	if (t->batch == NULL)
		return 1;
	t->batch->n = t->batch->used = 0;
	return 0;
}

static int
next_piece(struct gv_intake *t)
{
	struct gv_batch *b = t->batch;

	if ((b->n == GV_BATCH_PIECES || b->used == GV_BATCH_BYTES) && next_batch(t) != 0)
		return 1;
	b = t->batch;
	b->pieces[b->n++] =
	    (struct gv_batch_piece){ .member = gv_intake_last(t), .off = (uint32_t)b->used, .first = t->first };
	t->first = false;
	return 0;
}

int
gv_intake_entry(struct gv_intake *t, const struct gv_entry *e, struct gv_err *err)
{
	gv_autofree char *path = NULL;
	gv_autofree char *hash_name = NULL;
	const char *rest;
	struct gv_member *m;

	if (t->members->n == MAX_FILES)
		return gv_err_set(err, GV_EPROOF, "the archive holds more than %u files", MAX_FILES);
	if (e->is_dir && is_module(t))
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' is not a regular file", e->name);
	rest = check_name(t, e, err);
	if (rest == NULL)
		return -1;
	m = add_member(t->members, e->name);
	m->offset = e->offset;
	t->unpack = false;
	/* The writer makes directories when a file needs them. */
	if (e->is_dir)
		return 0;
	if (make_names(t, e->name, rest, &path, &hash_name, err) < 0)
		return -1;
	if (hash_name == NULL && !t->in->outside)
		return 0;
	m->mode = gv_entry_mode(path);
	m->path = gv_steal_ptr(&path);
	m->hash_name = gv_steal_ptr(&hash_name);
	m->mtime = e->mtime;
	t->unpack = t->first = true;
	return next_piece(t);
}

uint8_t *
gv_intake_room(struct gv_intake *t, size_t *len)
{
	size_t least = t->unpack ? 1 : LEAST_SCRATCH;

	if (GV_BATCH_BYTES - t->batch->used < least && (t->unpack ? next_piece(t) : next_batch(t)) != 0)
		return NULL;
	*len = GV_BATCH_BYTES - t->batch->used;
	return t->batch->data + t->batch->used;
}

int
gv_intake_put(struct gv_intake *t, size_t n, struct gv_err *err)
{
	t->total += n;
	if (t->unpack) {
		t->batch->used += n;
		t->batch->pieces[t->batch->n - 1].len += (uint32_t)n;
	}
	return gv_intake_check_size(t, t->total, err);
}

void
gv_intake_end(struct gv_intake *t)
{
	if (t->unpack)
		t->batch->pieces[t->batch->n - 1].last = true;
}

void
gv_intake_finish(struct gv_intake *t)
{
	gv_ring_commit(t->batches); /* the last batch may be empty */
	gv_ring_end(t->batches);
}
