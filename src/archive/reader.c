/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "archive/entry.h"
#include "util/alloc.h"
#include "util/auto.h"

#define MAX_FILES     (100u << 10)   /* the newest releases have 16,000 */
#define MAX_BYTES     (1ull << 30)   /* unpacked; the largest releases have about 500 MiB */
#define MAX_ZIP_BYTES (500ull << 20) /* unpacked; the limit of module zips */
#define MAX_TAIL      (16u << 20)    /* directory of a zip */
#define KEPT          64u            /* bytes of the chunk before: libarchive looks ahead by less */

/* The stream as libarchive pulls it. */
struct feed {
	struct gv_ring *chunks;
	const struct gv_chunk *chunk; /* the one lent out */
	uint64_t end;                 /* place in the archive where `chunk` ends */
	uint8_t kept[KEPT];           /* the bytes before `chunk` */
	size_t n_kept;
};

static void
keep_end(struct feed *f)
{
	size_t n = f->chunk->len < KEPT ? f->chunk->len : KEPT, old = f->n_kept;

	if (old > KEPT - n)
		old = KEPT - n;
	memmove(f->kept, f->kept + f->n_kept - old, old);
	memcpy(f->kept + old, f->chunk->data + f->chunk->len - n, n);
	f->n_kept = old + n;
}

/* The next chunk; NULL at the end and when stopped. */
static const struct gv_chunk *
feed_next(struct feed *f)
{
	if (f->chunk != NULL) {
		keep_end(f);
		gv_ring_release(f->chunks);
	}
	f->chunk = gv_ring_next(f->chunks);
	if (f->chunk != NULL)
		f->end += f->chunk->len;
	return f->chunk;
}

static la_ssize_t
on_read(struct archive *a, void *arg, const void **data)
{
	struct feed *f = arg;
	const struct gv_chunk *c = feed_next(f);

	if (c != NULL) {
		*data = c->data;
		return (la_ssize_t)c->len;
	}
	if (!gv_ring_stopped(f->chunks))
		return 0;
	archive_set_error(a, ECANCELED, "stopped");
	return -1;
}

static int
fail(const struct gv_reader *r, struct archive *a, const char *what, struct gv_err *err)
{
	const char *text = archive_error_string(a);

	if (gv_ring_stopped(r->chunks))
		return 1;
	if (text == NULL)
		text = "unknown error";
	return gv_err_set(err, GV_EPROOF, "malformed archive: %s: %.*s", what, (int)strcspn(text, "\n"), text);
}

static struct archive *
open_archive(struct gv_reader *r, struct feed *f, struct gv_err *err)
{
	struct archive *a = archive_read_new();
	int rc;

	if (a == NULL) {
		gv_err_set(err, GV_EFAIL, "libarchive cannot start");
		return NULL;
	}
	if (r->in->kind == GV_ARCHIVE_ZIP) {
		/* The CRCs are compared with the directory's afterwards. */
		rc = archive_read_support_format_zip_streamable(a);
		if (rc == ARCHIVE_OK)
			rc = archive_read_set_options(a, "zip:ignorecrc32");
	} else {
		rc = archive_read_support_filter_gzip(a);
		if (rc == ARCHIVE_OK)
			rc = archive_read_support_format_tar(a);
	}
	if (rc == ARCHIVE_OK)
		rc = archive_read_open(a, f, NULL, on_read, NULL);
	if (rc == ARCHIVE_OK)
		return a;
	/* Stopped or not, the caller sees a failure; the stopping thread's reason is preferred to this one. */
	fail(r, a, "cannot begin", err);
	archive_read_free(a);
	return NULL;
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

static uint64_t
max_bytes(const struct gv_reader *r)
{
	return r->in->kind == GV_ARCHIVE_ZIP ? MAX_ZIP_BYTES : MAX_BYTES;
}

static int
too_big(const struct gv_reader *r, struct gv_err *err)
{
	return gv_err_set(err, GV_EPROOF, "the archive unpacks to more than %llu MiB",
			  (unsigned long long)(max_bytes(r) >> 20));
}

/* A module zip, whose names are those that the log has hashed; else an official archive. */
static bool
is_module(const struct gv_reader *r)
{
	return strcmp(r->in->prefix, r->in->module_prefix) == 0;
}

/* Only plain files and, in official archives, directories. */
static int
check_type(const struct gv_reader *r, struct archive_entry *e, const char *name, struct gv_err *err)
{
	__LA_MODE_T type = archive_entry_filetype(e);

	if (archive_entry_hardlink(e) != NULL || archive_entry_symlink(e) != NULL)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' is a link", name);
	if (archive_entry_is_encrypted(e) != 0)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' is encrypted", name);
	if (archive_entry_sparse_count(e) > 0)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' is sparse", name);
	if (type != AE_IFREG && (is_module(r) || type != AE_IFDIR))
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' is not a regular file", name);
	if (archive_entry_size_is_set(e) && (uint64_t)archive_entry_size(e) > max_bytes(r))
		return too_big(r, err);
	return 0;
}

static bool
is_go_mod(const char *rest)
{
	size_t n = strlen(rest);

	return n >= 6 && strcasecmp(rest + n - 6, "go.mod") == 0 && (n == 6 || rest[n - 7] == '/');
}

/*
 * Names of an entry at `rest`, which is below the prefix: *path in the SDK, and *hash_name, NULL when the log does not know it.
 * A module has go.mod as _go.mod, because it may have one only at its root (and toolchains have none there).
 */
static int
make_names(const struct gv_reader *r, const char *name, const char *rest, char **path, char **hash_name,
	   struct gv_err *err)
{
	const char *slash = strrchr(rest, '/'), *base = slash != NULL ? slash + 1 : rest;

	if (!is_module(r)) {
		*path = gv_xstrdup(rest);
		*hash_name = gv_dirhash_module_name(r->in->module_prefix, rest);
		return 0;
	}
	if (is_go_mod(rest))
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' may not be in a toolchain module", name);
	*path = strcmp(base, "_go.mod") == 0 ? gv_xasprintf("%.*sgo.mod", (int)(base - rest), rest) : gv_xstrdup(rest);
	*hash_name = gv_xstrdup(name);
	return 0;
}

/* Check a name. Its part below the prefix, "" for the top directory itself; NULL on failure. */
static const char *
check_name(const struct gv_reader *r, struct archive_entry *e, const char *name, struct gv_entry_set *seen,
	   struct gv_err *err)
{
	size_t prefix_len = strlen(r->in->prefix), len;
	const char *rest = name + prefix_len;
	int rc;

	if (strncmp(name, r->in->prefix, prefix_len) != 0) {
		gv_err_set(err, GV_EPROOF, "archive entry '%s' is outside '%s'", name, r->in->prefix);
		return NULL;
	}
	len = strlen(rest);
	if (archive_entry_filetype(e) != AE_IFDIR)
		rc = gv_entry_check_name(rest, len, err) < 0 ? -1 : gv_entry_set_add(seen, rest, err);
	else
		rc = len == 0 ? 0 : gv_entry_check_name(rest, rest[len - 1] == '/' ? len - 1 : len, err);
	return rc < 0 ? NULL : rest;
}

/* Check one entry. 1 with *out when it is a file to unpack, 0 when there is nothing to unpack, -1 on failure. */
static int
take_entry(struct gv_reader *r, struct archive *a, struct archive_entry *e, struct gv_entry_set *seen,
	   struct gv_member **out, struct gv_err *err)
{
	const char *name = archive_entry_pathname(e), *rest;
	gv_autofree char *path = NULL;
	gv_autofree char *hash_name = NULL;
	struct gv_member *m;

	if (r->members->n == MAX_FILES)
		return gv_err_set(err, GV_EPROOF, "archive with more than %u files", MAX_FILES);
	if (name == NULL)
		return gv_err_set(err, GV_EPROOF, "archive entry %zu has a name that cannot be read", r->members->n);
	if (check_type(r, e, name, err) < 0 || (rest = check_name(r, e, name, seen, err)) == NULL)
		return -1;
	m = add_member(r->members, name);
	m->offset = (uint64_t)archive_read_header_position(a);
	/* Directories are made as files need them. */
	if (archive_entry_filetype(e) == AE_IFDIR)
		return 0;
	if (make_names(r, name, rest, &path, &hash_name, err) < 0)
		return -1;
	if (hash_name == NULL && !r->in->outside)
		return 0;
	m->mode = gv_entry_mode(path);
	m->path = gv_steal_ptr(&path);
	m->hash_name = gv_steal_ptr(&hash_name);
	m->mtime = archive_entry_mtime_is_set(e) ? archive_entry_mtime(e) : 0;
	*out = m;
	return 1;
}

/* The batch being filled, with room for a piece; NULL when stopped. */
static struct gv_batch *
batch_with_room(struct gv_reader *r)
{
	struct gv_batch *b = gv_ring_reserve(r->batches);

	if (b == NULL || (b->n < GV_BATCH_PIECES && b->used < GV_BATCH_BYTES))
		return b;
	gv_ring_commit(r->batches);
	b = gv_ring_reserve(r->batches);
	if (b != NULL)
		b->n = b->used = 0;
	return b;
}

/* 0, 1 when stopped, -1 with *err. */
static int
copy_data(struct gv_reader *r, struct archive *a, struct gv_member *m, uint64_t *total, struct gv_err *err)
{
	bool first = true;
	la_ssize_t n;

	do {
		struct gv_batch *b = batch_with_room(r);
		struct gv_piece *p;

		if (b == NULL)
			return 1;
		p = &b->pieces[b->n++];
		*p = (struct gv_piece){ .member = m, .off = (uint32_t)b->used, .first = first };
		first = false;
		while ((n = archive_read_data(a, b->data + b->used, GV_BATCH_BYTES - b->used)) > 0) {
			b->used += (size_t)n;
			p->len += (uint32_t)n;
			*total += (uint64_t)n;
			if (*total > max_bytes(r))
				return too_big(r, err);
			if (b->used == GV_BATCH_BYTES)
				break;
		}
		if (n < 0)
			return fail(r, a, m->name, err);
		p->last = n == 0;
	} while (n > 0);
	return 0;
}

/* All entries. 0, 1 when stopped, -1 with *err. */
static int
read_entries(struct gv_reader *r, struct archive *a, struct gv_err *err)
{
	struct gv_entry_set *seen = gv_entry_set_new();
	struct gv_batch *b = gv_ring_reserve(r->batches);
	uint64_t total = 0;
	struct archive_entry *e;
	int rc = b == NULL;

	if (b != NULL)
		b->n = b->used = 0;
	while (rc == 0) {
		struct gv_member *m = NULL;
		int got = archive_read_next_header(a, &e);

		if (got == ARCHIVE_EOF)
			break;
		if (got != ARCHIVE_OK) {
			rc = fail(r, a, "bad entry", err);
			break;
		}
		rc = take_entry(r, a, e, seen, &m, err);
		if (rc > 0)
			rc = copy_data(r, a, m, &total, err);
	}
	gv_entry_set_free(seen);
	return rc;
}

static int
tail_add(struct gv_reader *r, const uint8_t *data, size_t len, struct gv_err *err)
{
	if (len > MAX_TAIL - r->tail_len)
		return gv_err_set(err, GV_EPROOF, "the zip's directory is larger than %u bytes", MAX_TAIL);
	r->tail = gv_xrealloc(r->tail, r->tail_len + len);
	memcpy(r->tail + r->tail_len, data, len);
	r->tail_len += len;
	return 0;
}

/* Read what libarchive left, to the end; for a zip keep all that lies behind `offset`. */
static int
drain(struct gv_reader *r, struct feed *f, uint64_t offset, struct gv_err *err)
{
	bool keep = r->in->kind == GV_ARCHIVE_ZIP;
	const struct gv_chunk *c = f->chunk;

	r->tail_offset = offset;
	if (keep) {
		size_t here = c != NULL ? c->len : 0;
		uint64_t back = f->end - offset; /* bytes of the tail that have come already */

		if (offset > f->end || back > here + f->n_kept)
			return gv_err_set(err, GV_EPROOF, "the zip's directory is not where its files end");
		if (back > here) {
			size_t n = (size_t)back - here;

			if (tail_add(r, f->kept + f->n_kept - n, n, err) < 0)
				return -1;
			back = here;
		}
		if (back > 0 && tail_add(r, c->data + here - back, (size_t)back, err) < 0)
			return -1;
	}
	while ((c = feed_next(f)) != NULL)
		if (keep && tail_add(r, c->data, c->len, err) < 0)
			return -1;
	return gv_ring_stopped(r->chunks);
}

int
gv_reader_run(struct gv_reader *r, struct gv_err *err)
{
	/* Names are UTF-8 whatever the user's locale; libarchive converts by the thread's. */
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;
	struct feed f = { .chunks = r->chunks };
	struct archive *a = open_archive(r, &f, err);
	int rc = a == NULL ? -1 : read_entries(r, a, err);

	if (rc == 0)
		rc = drain(r, &f, (uint64_t)archive_filter_bytes(a, -1), err);
	if (a != NULL)
		archive_read_free(a);
	if (utf8 != (locale_t)0) {
		uselocale(before);
		freelocale(utf8);
	}
	if (rc == 0) {
		gv_ring_commit(r->batches); /* the last one, perhaps empty */
		gv_ring_end(r->batches);
	}
	return rc;
}
