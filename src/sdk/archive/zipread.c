/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/zipread.h"

#include <stdlib.h>
#include <string.h>

#include "archive/inflate.h"
#include "archive/le.h"
#include "util/alloc.h"
#include "util/auto.h"

#define LOCAL_BYTES     30u /* fixed part of a local header */
#define LOCAL_SIG       0x04034b50u
#define DESCRIPTOR_SIG  0x08074b50u
#define FLAG_ENCRYPTED  0x0001u
#define FLAG_LEVEL      0x0006u /* compression level */
#define FLAG_DESCRIPTOR 0x0008u /* sizes and CRC follow the data */
#define FLAG_UTF8       0x0800u
#define METHOD_STORE    0u
#define METHOD_DEFLATE  8u
#define EXTRA_ZIP64     0x0001u
#define EXTRA_UNIX_TIME 0x5455u
#define UNKNOWN         0xffffffffu /* the size is in a zip64 field */
#define MAX_TAIL        (16u << 20) /* bytes of a zip's directory */

struct zip {
	struct gv_feed *feed;
	struct gv_intake *intake;
	struct gv_inflate *inflate;
	struct gv_ziptail *tail;
};

/* Sizes and CRC from a header or a descriptor. */
struct sizes {
	uint32_t crc, packed, unpacked;
};

/* A local header. */
struct header {
	unsigned flags, method;
	struct sizes said;
	char *name; /* heap */
	bool is_dir;
	time_t mtime;
};

static int
cut(const struct zip *z, const char *what, const char *name, struct gv_err *err)
{
	if (gv_ring_stopped(z->feed->chunks))
		return 1;
	if (name == NULL)
		return gv_err_set(err, GV_EPROOF, "malformed archive: it ends in a %s", what);
	return gv_err_set(err, GV_EPROOF, "malformed archive: it ends in the %s of '%s'", what, name);
}

static struct sizes
read_sizes(const uint8_t *p)
{
	return (struct sizes){ .crc = gv_le32(p), .packed = gv_le32(p + 4), .unpacked = gv_le32(p + 8) };
}

/* MS-DOS dates have no time zone. Read them as UTC, which needs no time zone database. */
static time_t
dos_time(unsigned date, unsigned time)
{
	struct tm tm = {
		.tm_year = (int)(date >> 9) + 80,
		.tm_mon = (int)(date >> 5 & 15) - 1,
		.tm_mday = (int)(date & 31),
		.tm_hour = (int)(time >> 11),
		.tm_min = (int)(time >> 5 & 63),
		.tm_sec = (int)(time & 31) * 2,
	};

	return timegm(&tm);
}

/* Read the extra fields: the time in UTC, if they have it. -1 for zip64. */
static int
read_extra(struct header *h, const uint8_t *p, size_t len)
{
	while (len >= 4) {
		unsigned id = gv_le16(p), size = gv_le16(p + 2);

		if (size > len - 4)
			break;
		if (id == EXTRA_ZIP64)
			return -1;
		if (id == EXTRA_UNIX_TIME && size >= 5 && (p[4] & 1) != 0)
			h->mtime = (int32_t)gv_le32(p + 5);
		p += 4 + size;
		len -= 4 + size;
	}
	return 0;
}

static int
refuse(const struct header *h, const char *what, struct gv_err *err)
{
	return gv_err_set(err, GV_EPROOF, "archive entry '%s' %s", h->name, what);
}

static int
check_header(const struct zip *z, const struct header *h, struct gv_err *err)
{
	if ((h->flags & FLAG_ENCRYPTED) != 0)
		return refuse(h, "is encrypted", err);
	if ((h->flags & ~(FLAG_LEVEL | FLAG_DESCRIPTOR | FLAG_UTF8)) != 0)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' has unknown flags: %#x", h->name, h->flags);
	if (h->method != METHOD_STORE && h->method != METHOD_DEFLATE)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' is compressed by an unknown method: %u", h->name,
				  h->method);
	if (h->said.packed == UNKNOWN || h->said.unpacked == UNKNOWN)
		return refuse(h, "needs zip64", err);
	if (h->method == METHOD_STORE && (h->flags & FLAG_DESCRIPTOR) != 0)
		return refuse(h, "is stored, but its header has no size", err);
	return gv_intake_check_size(z->intake, h->said.unpacked, err);
}

/* Read the rest of a header, after its signature. */
static int
read_header(struct zip *z, struct header *h, struct gv_err *err)
{
	uint8_t fixed[LOCAL_BYTES - 4];
	gv_autofree uint8_t *extra = NULL;
	size_t name_len, extra_len;
	bool zip64;

	if (gv_feed_read(z->feed, fixed, sizeof(fixed)) < sizeof(fixed))
		return cut(z, "header", NULL, err);
	h->flags = gv_le16(fixed + 2);
	h->method = gv_le16(fixed + 4);
	h->mtime = dos_time(gv_le16(fixed + 8), gv_le16(fixed + 6));
	h->said = read_sizes(fixed + 10);
	name_len = gv_le16(fixed + 22);
	extra_len = gv_le16(fixed + 24);
	h->name = gv_xcalloc(name_len + 1, 1);
	extra = gv_xmalloc(extra_len + 1);
	if (gv_feed_read(z->feed, h->name, name_len) < name_len || gv_feed_read(z->feed, extra, extra_len) < extra_len)
		return cut(z, "header", h->name, err);
	if (strlen(h->name) < name_len)
		return refuse(h, "has a NUL in its name", err);
	h->is_dir = name_len > 0 && h->name[name_len - 1] == '/';
	zip64 = read_extra(h, extra, extra_len) < 0;
	return zip64 ? refuse(h, "needs zip64", err) : check_header(z, h, err);
}

static int
copy_stored(struct zip *z, const struct header *h, uint64_t *unpacked, struct gv_err *err)
{
	for (*unpacked = 0; *unpacked < h->said.packed;) {
		uint64_t left = h->said.packed - *unpacked;
		size_t room = 0;
		uint8_t *to = gv_intake_room(z->intake, &room);
		int rc;

		if (to == NULL)
			return 1;
		if (room > left)
			room = (size_t)left;
		if (gv_feed_read(z->feed, to, room) < room)
			return cut(z, "content", h->name, err);
		*unpacked += room;
		rc = gv_intake_put(z->intake, room, err);
		if (rc != 0)
			return rc;
	}
	return 0;
}

static int
copy_deflated(struct zip *z, const struct header *h, uint64_t *unpacked, struct gv_err *err)
{
	enum gv_inflated state = GV_INFLATE_MORE;

	gv_inflate_reset(z->inflate);
	for (*unpacked = 0; state == GV_INFLATE_MORE;) {
		size_t room = 0, n = 0;
		uint8_t *to = gv_intake_room(z->intake, &room);
		int rc;

		if (to == NULL)
			return 1;
		state = gv_inflate_read(z->inflate, z->feed, to, room, &n);
		*unpacked += n;
		rc = gv_intake_put(z->intake, n, err);
		if (rc != 0)
			return rc;
	}
	if (state == GV_INFLATE_CUT)
		return cut(z, "content", h->name, err);
	if (state == GV_INFLATE_BAD)
		return gv_err_set(err, GV_EPROOF, "malformed archive: the content of '%s' cannot be unpacked", h->name);
	return 0;
}

/* Read the sizes and CRC that follow the data, when the header does not have them. */
static int
read_descriptor(struct zip *z, struct header *h, struct gv_err *err)
{
	uint8_t d[16];
	struct sizes before = h->said;
	size_t n = 12;

	if (gv_feed_read(z->feed, d, n) < n)
		return cut(z, "sizes", h->name, err);
	if (gv_le32(d) == DESCRIPTOR_SIG) {
		if (gv_feed_read(z->feed, d + n, 4) < 4)
			return cut(z, "sizes", h->name, err);
		n += 4;
	}
	h->said = read_sizes(d + n - 12);
	if ((before.crc != 0 && before.crc != h->said.crc) || (before.packed != 0 && before.packed != h->said.packed) ||
	    (before.unpacked != 0 && before.unpacked != h->said.unpacked))
		return refuse(h, "has two different sizes or CRCs", err);
	return 0;
}

static int
check_sizes(const struct header *h, uint64_t packed, uint64_t unpacked, struct gv_err *err)
{
	if (h->said.unpacked != unpacked)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' unpacks to %llu bytes where it says %lu", h->name,
				  (unsigned long long)unpacked, (unsigned long)h->said.unpacked);
	if (h->said.packed != packed)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' takes %llu bytes where it says %lu", h->name,
				  (unsigned long long)packed, (unsigned long)h->said.packed);
	if (h->is_dir && unpacked > 0)
		return refuse(h, "is a directory with content", err);
	return 0;
}

/* Read one entry, after its signature. */
static int
read_entry(struct zip *z, struct header *h, struct gv_err *err)
{
	struct gv_entry e = { .offset = z->feed->offset - 4 };
	uint64_t begin, packed, unpacked = 0;
	int rc = read_header(z, h, err);

	if (rc != 0)
		return rc;
	e.name = h->name;
	e.is_dir = h->is_dir;
	e.mtime = h->mtime;
	rc = gv_intake_entry(z->intake, &e, err);
	if (rc != 0)
		return rc;
	begin = z->feed->offset;
	rc = (h->method == METHOD_STORE ? copy_stored : copy_deflated)(z, h, &unpacked, err);
	packed = z->feed->offset - begin;
	if (rc == 0 && (h->flags & FLAG_DESCRIPTOR) != 0)
		rc = read_descriptor(z, h, err);
	if (rc == 0)
		rc = check_sizes(h, packed, unpacked, err);
	if (rc != 0)
		return rc;
	gv_intake_last(z->intake)->packed = (uint32_t)packed;
	gv_intake_last(z->intake)->said_crc = h->said.crc;
	gv_intake_end(z->intake);
	return 0;
}

static int
tail_add(struct gv_ziptail *t, const uint8_t *data, size_t len, struct gv_err *err)
{
	if (len == 0)
		return 0;
	if (len > MAX_TAIL - t->len)
		return gv_err_set(err, GV_EPROOF, "the zip's directory is larger than %u bytes", MAX_TAIL);
	t->data = gv_xrealloc(t->data, t->len + len);
	memcpy(t->data + t->len, data, len);
	t->len += len;
	return 0;
}

static int
read_tail(struct zip *z, struct gv_err *err)
{
	const uint8_t *p;
	size_t n = 0;

	while ((p = gv_feed_peek(z->feed, &n)) != NULL) {
		if (tail_add(z->tail, p, n, err) < 0)
			return -1;
		gv_feed_skip(z->feed, n);
	}
	return gv_ring_stopped(z->feed->chunks);
}

int
gv_zip_read(struct gv_feed *f, struct gv_intake *t, struct gv_ziptail *tail, struct gv_err *err)
{
	struct zip z = { .feed = f, .intake = t, .tail = tail, .inflate = gv_inflate_new() };
	int rc = 0;

	while (rc == 0) {
		struct header h = { .name = NULL };
		uint8_t sig[4];
		size_t n;

		tail->offset = f->offset;
		n = gv_feed_read(f, sig, sizeof(sig));
		if (n < sizeof(sig) || gv_le32(sig) != LOCAL_SIG) {
			rc = tail_add(tail, sig, n, err) < 0 ? -1 : read_tail(&z, err);
			break;
		}
		rc = read_entry(&z, &h, err);
		free(h.name);
	}
	gv_inflate_free(z.inflate);
	return rc;
}
