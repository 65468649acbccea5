/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/tarread.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "archive/gunzip.h"
#include "util/alloc.h"
#include "util/auto.h"

#define BLOCK_BYTES (128u << 10)

struct tar {
	struct gv_intake *intake;
	struct gv_gunzip gunzip;
	uint64_t inflated;
	uint8_t *block;
	/* Why there is no next block: the result of gv_gunzip_read(). */
	int rc;
	struct gv_err err;
};

/* Get the next block of the tar; *n is 0 at its end. */
static int
next_block(struct tar *t, size_t *n)
{
	if (t->rc == 0)
		t->rc = gv_gunzip_read(&t->gunzip, t->block, BLOCK_BYTES, n, &t->err);
	if (t->rc == 0) {
		t->inflated += *n;
		t->rc = gv_intake_check_size(t->intake, t->inflated, &t->err);
	}
	return t->rc;
}

static la_ssize_t
on_read(struct archive *a, void *arg, const void **data)
{
	struct tar *t = arg;
	size_t n = 0;

	if (next_block(t, &n) != 0) {
		archive_set_error(a, ECANCELED, "no more blocks");
		return -1;
	}
	*data = t->block;
	return (la_ssize_t)n;
}

static int
fail(const struct tar *t, struct archive *a, const char *what, struct gv_err *err)
{
	const char *text = archive_error_string(a);

	if (t->rc < 0)
		*err = t->err;
	if (t->rc != 0)
		return t->rc;
	if (text == NULL)
		text = "unknown error";
	return gv_err_set(err, GV_EPROOF, "malformed archive: %s: %.*s", what, (int)strcspn(text, "\n"), text);
}

/* Accept only regular files and directories. */
static int
check_type(const struct tar *t, struct archive_entry *e, const char *name, struct gv_err *err)
{
	__LA_MODE_T type = archive_entry_filetype(e);

	if (archive_entry_hardlink(e) != NULL || archive_entry_symlink(e) != NULL)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' is a link", name);
	if (archive_entry_sparse_count(e) > 0)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' is sparse", name);
	if (type != AE_IFREG && type != AE_IFDIR)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' is not a regular file", name);
	return archive_entry_size_is_set(e) ? gv_intake_check_size(t->intake, (uint64_t)archive_entry_size(e), err) : 0;
}

static int
take_entry(struct tar *t, struct archive_entry *ae, struct gv_err *err)
{
	struct gv_entry e = {
		.name = archive_entry_pathname(ae),
		.is_dir = archive_entry_filetype(ae) == AE_IFDIR,
		.mtime = archive_entry_mtime_is_set(ae) ? archive_entry_mtime(ae) : 0,
	};

	if (e.name == NULL)
		return gv_err_set(err, GV_EPROOF, "archive entry %zu has an unreadable name", t->intake->members->n);
	if (check_type(t, ae, e.name, err) < 0)
		return -1;
	return gv_intake_entry(t->intake, &e, err);
}

static int
copy_content(struct tar *t, struct archive *a, struct gv_err *err)
{
	for (;;) {
		size_t room = 0;
		uint8_t *to = gv_intake_room(t->intake, &room);
		la_ssize_t n;
		int rc;

		if (to == NULL)
			return 1;
		n = archive_read_data(a, to, room);
		if (n < 0)
			return fail(t, a, gv_intake_last(t->intake)->name, err);
		if (n == 0)
			break;
		rc = gv_intake_put(t->intake, (size_t)n, err);
		if (rc != 0)
			return rc;
	}
	gv_intake_end(t->intake);
	return 0;
}

static int
read_entries(struct tar *t, struct archive *a, struct gv_err *err)
{
	struct archive_entry *e;

	for (;;) {
		int got = archive_read_next_header(a, &e), rc;

		if (got == ARCHIVE_EOF)
			return 0;
		if (got != ARCHIVE_OK)
			return fail(t, a, "bad entry", err);
		rc = take_entry(t, e, err);
		if (rc == 0)
			rc = copy_content(t, a, err);
		if (rc != 0)
			return rc;
	}
}

/* Read on after the tar's end: gzip's CRC comes there, and the hash of the archive covers all bytes. */
static int
drain(struct tar *t, struct gv_err *err)
{
	struct gv_feed *f = t->gunzip.feed;
	size_t n = 0;

	do {
		if (next_block(t, &n) != 0) {
			*err = t->err;
			return t->rc;
		}
	} while (n > 0);
	while (gv_feed_peek(f, &n) != NULL)
		gv_feed_skip(f, n);
	return gv_ring_stopped(f->chunks);
}

static int
read_tar(struct tar *t, struct gv_err *err)
{
	struct archive *a = archive_read_new();
	int rc;

	if (a == NULL)
		return gv_err_set(err, GV_EFAIL, "cannot initialise libarchive");
	rc = archive_read_support_format_tar(a);
	if (rc == ARCHIVE_OK)
		rc = archive_read_open(a, t, NULL, on_read, NULL);
	if (rc == ARCHIVE_OK)
		rc = read_entries(t, a, err);
	else
		rc = fail(t, a, "cannot read its start", err);
	if (rc == 0)
		rc = drain(t, err);
	archive_read_free(a);
	return rc;
}

int
gv_tar_read(struct gv_feed *f, struct gv_intake *intake, struct gv_err *err)
{
	/* Names are UTF-8 whatever the user's locale is; libarchive converts them with the thread's locale. */
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;
	struct tar t = { .intake = intake, .gunzip = { .feed = f, .inflate = gv_inflate_new() } };
	int rc;

	t.block = gv_xmalloc(BLOCK_BYTES);
	rc = read_tar(&t, err);
	free(t.block);
	gv_inflate_free(t.gunzip.inflate);
	if (utf8 != (locale_t)0) {
		uselocale(before);
		freelocale(utf8);
	}
	return rc;
}
