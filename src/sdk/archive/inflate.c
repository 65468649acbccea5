/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/inflate.h"

#include <stdlib.h>

#ifdef HAVE_ISAL
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

#include "util/alloc.h"

/* One call of the library: how much of `in` it used, and how much it wrote. */
struct step {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t room;
	size_t used, made;
};

#ifdef HAVE_ISAL

struct gv_inflate {
	struct inflate_state s;
};

struct gv_inflate *
gv_inflate_new(void)
{
	struct gv_inflate *z = gv_xcalloc(1, sizeof(*z));

	isal_inflate_init(&z->s);
	return z;
}

void
gv_inflate_free(struct gv_inflate *z)
{
	free(z);
}

void
gv_inflate_reset(struct gv_inflate *z)
{
	isal_inflate_reset(&z->s);
}

static enum gv_inflated
work(struct gv_inflate *z, struct step *p)
{
	int rc;

	z->s.next_in = (uint8_t *)p->in;
	z->s.avail_in = (uint32_t)p->in_len;
	z->s.next_out = p->out;
	z->s.avail_out = (uint32_t)p->room;
	rc = isal_inflate(&z->s);
	/* After an error, ISA-L's counts can be wrong: more bytes used than there were. */
	if (rc != ISAL_DECOMP_OK || z->s.avail_in > p->in_len || z->s.avail_out > p->room)
		return GV_INFLATE_BAD;
	p->used = p->in_len - z->s.avail_in;
	p->made = p->room - z->s.avail_out;
	return z->s.block_state == ISAL_BLOCK_FINISH ? GV_INFLATE_END : GV_INFLATE_MORE;
}

/* How many bytes after the stream ISA-L has read: the whole bytes left in its bit buffer. */
static size_t
taken_ahead(const struct gv_inflate *z)
{
	return (size_t)z->s.read_in_length / 8;
}

uint32_t
gv_crc32(uint32_t crc, const void *data, size_t len)
{
	return crc32_gzip_refl(crc, data, len);
}

#else

struct gv_inflate {
	z_stream s;
};

struct gv_inflate *
gv_inflate_new(void)
{
	struct gv_inflate *z = gv_xcalloc(1, sizeof(*z));

	if (inflateInit2(&z->s, -MAX_WBITS) != Z_OK)
		abort();
	return z;
}

void
gv_inflate_free(struct gv_inflate *z)
{
	if (z == NULL)
		return;
	inflateEnd(&z->s);
	free(z);
}

void
gv_inflate_reset(struct gv_inflate *z)
{
	inflateReset(&z->s);
}

static enum gv_inflated
work(struct gv_inflate *z, struct step *p)
{
	int rc;

	z->s.next_in = (Bytef *)p->in;
	z->s.avail_in = (uInt)p->in_len;
	z->s.next_out = p->out;
	z->s.avail_out = (uInt)p->room;
	rc = inflate(&z->s, Z_NO_FLUSH);
	p->used = p->in_len - z->s.avail_in;
	p->made = p->room - z->s.avail_out;
	if (rc == Z_STREAM_END)
		return GV_INFLATE_END;
	return rc == Z_OK || rc == Z_BUF_ERROR ? GV_INFLATE_MORE : GV_INFLATE_BAD;
}

static size_t
taken_ahead(const struct gv_inflate *z)
{
	(void)z;
	return 0;
}

uint32_t
gv_crc32(uint32_t crc, const void *data, size_t len)
{
	return (uint32_t)crc32_z(crc, data, len);
}

#endif

enum gv_inflated
gv_inflate_read(struct gv_inflate *z, struct gv_feed *f, uint8_t *out, size_t room, size_t *n)
{
	*n = 0;
	while (*n < room) {
		struct step p = { .out = out + *n, .room = room - *n };
		enum gv_inflated state;

		/* Even at the end of the feed, the library may still have output. */
		p.in = gv_feed_peek(f, &p.in_len);
		if (p.in == NULL)
			p.in_len = 0;
		state = work(z, &p);
		gv_feed_skip(f, p.used);
		*n += p.made;
		if (state == GV_INFLATE_END)
			gv_feed_back(f, taken_ahead(z));
		if (state != GV_INFLATE_MORE)
			return state;
		if (p.used == 0 && p.made == 0)
			return p.in == NULL ? GV_INFLATE_CUT : GV_INFLATE_BAD;
	}
	return GV_INFLATE_MORE;
}
