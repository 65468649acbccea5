/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/gunzip.h"

#include "archive/le.h"

#define FLAG_HEADER_CRC 0x02u
#define FLAG_EXTRA      0x04u
#define FLAG_NAME       0x08u
#define FLAG_COMMENT    0x10u
#define FLAG_RESERVED   0xe0u

static int
cut(const struct gv_gunzip *g, struct gv_err *err)
{
	if (gv_ring_stopped(g->feed->chunks))
		return 1;
	return gv_err_set(err, GV_EPROOF, "malformed archive: the gzip file is cut short");
}

/* True when n bytes were there to skip. */
static bool
skip_bytes(struct gv_feed *f, size_t n)
{
	uint8_t byte;

	while (n > 0 && gv_feed_read(f, &byte, 1) == 1)
		n--;
	return n == 0;
}

static bool
skip_string(struct gv_feed *f)
{
	uint8_t byte = 1;

	while (byte != 0)
		if (gv_feed_read(f, &byte, 1) < 1)
			return false;
	return true;
}

/* Skip the header fields that the flags announce. */
static bool
skip_optional(struct gv_feed *f, unsigned flags)
{
	uint8_t len[2];

	if ((flags & FLAG_EXTRA) != 0 && (gv_feed_read(f, len, 2) < 2 || !skip_bytes(f, gv_le16(len))))
		return false;
	if ((flags & FLAG_NAME) != 0 && !skip_string(f))
		return false;
	if ((flags & FLAG_COMMENT) != 0 && !skip_string(f))
		return false;
	return (flags & FLAG_HEADER_CRC) == 0 || skip_bytes(f, 2);
}

/* Read the header of a member, or find the end of the file. */
static int
begin_member(struct gv_gunzip *g, struct gv_err *err)
{
	uint8_t h[10];
	size_t n = gv_feed_read(g->feed, h, sizeof(h));
	bool known = n == sizeof(h) && h[0] == 0x1f && h[1] == 0x8b && h[2] == 8 && (h[3] & FLAG_RESERVED) == 0;

	if (gv_ring_stopped(g->feed->chunks))
		return 1;
	if (!known && g->begun) {
		g->ended = true;
		return 0;
	}
	if (!known)
		return gv_err_set(err, GV_EPROOF, "malformed archive: it is not a gzip file");
	if (!skip_optional(g->feed, h[3]))
		return cut(g, err);
	gv_inflate_reset(g->inflate);
	g->begun = g->inside = true;
	g->crc = g->size = 0;
	return 0;
}

static int
end_member(struct gv_gunzip *g, struct gv_err *err)
{
	uint8_t t[8];

	if (gv_feed_read(g->feed, t, sizeof(t)) < sizeof(t))
		return cut(g, err);
	if (gv_le32(t) != g->crc || gv_le32(t + 4) != g->size)
		return gv_err_set(err, GV_EPROOF, "malformed archive: wrong CRC or length of the gzip file");
	g->inside = false;
	return 0;
}

int
gv_gunzip_read(struct gv_gunzip *g, uint8_t *out, size_t room, size_t *n, struct gv_err *err)
{
	int rc = 0;

	*n = 0;
	while (rc == 0 && *n == 0 && !g->ended) {
		enum gv_inflated state;

		if (!g->inside) {
			rc = begin_member(g, err);
			continue;
		}
		state = gv_inflate_read(g->inflate, g->feed, out, room, n);
		g->crc = gv_crc32(g->crc, out, *n);
		g->size += (uint32_t)*n;
		if (state == GV_INFLATE_CUT)
			rc = cut(g, err);
		else if (state == GV_INFLATE_BAD)
			rc = gv_err_set(err, GV_EPROOF, "malformed archive: the gzip file cannot be unpacked");
		else if (state == GV_INFLATE_END)
			rc = end_member(g, err);
	}
	return rc;
}
