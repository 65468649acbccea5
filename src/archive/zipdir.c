/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/zipdir.h"

#include <string.h>

#define LOCAL_BYTES   30u /* fixed part of a local header */
#define CENTRAL_BYTES 46u /* fixed part of a central header */
#define END_BYTES     22u /* end record without its comment */
#define CENTRAL_SIG   0x02014b50u
#define END_SIG       0x06054b50u

static unsigned
u16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static uint32_t
u32(const uint8_t *p)
{
	return u16(p) | (uint32_t)u16(p + 2) << 16;
}

static int
differs(const struct gv_member *m, const char *what, struct gv_err *err)
{
	return gv_err_set(err, GV_EPROOF, "the zip's directory disagrees with entry '%s': %s", m->name, what);
}

/* `next` is where the next file (or the directory) begins. */
static int
check_header(const uint8_t *h, const struct gv_member *m, uint64_t next, struct gv_err *err)
{
	unsigned flags = u16(h + 8), method = u16(h + 10), name_len = u16(h + 28);
	unsigned type = h[5] == 3 ? u32(h + 38) >> 28 : 0; /* made on Unix: the mode's file type */

	if (name_len != strlen(m->name) || memcmp(h + CENTRAL_BYTES, m->name, name_len) != 0)
		return differs(m, "name", err);
	if (u32(h + 42) != m->offset || u16(h + 34) != 0 || m->offset + LOCAL_BYTES + name_len + u32(h + 20) > next)
		return differs(m, "offset", err);
	if (m->path != NULL && u32(h + 24) != m->size)
		return differs(m, "size", err);
	if (m->path != NULL && u32(h + 16) != m->crc)
		return differs(m, "CRC", err);
	if ((flags & 1) != 0 || (method != 0 && method != 8))
		return differs(m, "encrypted, or of an unknown method", err);
	if (type != 0 && type != 8 && (type != 4 || m->path != NULL))
		return differs(m, "not a regular file", err);
	return 0;
}

int
gv_zipdir_check(const uint8_t *tail, size_t len, uint64_t offset, const struct gv_members *members, struct gv_err *err)
{
	size_t at = 0;

	for (size_t i = 0; i < members->n; i++) {
		const uint8_t *h = tail + at;
		size_t size;

		if (len - at < CENTRAL_BYTES || u32(h) != CENTRAL_SIG)
			return gv_err_set(err, GV_EPROOF, "the zip's directory is cut after %zu of %zu entries", i,
					  members->n);
		size = (size_t)CENTRAL_BYTES + u16(h + 28) + u16(h + 30) + u16(h + 32);
		if (len - at < size)
			return gv_err_set(err, GV_EPROOF, "the zip's directory is cut after %zu of %zu entries", i,
					  members->n);
		if (check_header(h, members->v[i], i + 1 < members->n ? members->v[i + 1]->offset : offset, err) < 0)
			return -1;
		at += size;
	}
	if (len - at < END_BYTES || u32(tail + at) != END_SIG)
		return gv_err_set(err, GV_EPROOF, "the zip has no end record after its %zu entries", members->n);
	tail += at;
	if (u16(tail + 4) != 0 || u16(tail + 6) != 0 || u16(tail + 8) != members->n || u16(tail + 10) != members->n ||
	    u32(tail + 12) != at || u32(tail + 16) != offset)
		return gv_err_set(err, GV_EPROOF, "the zip's end record disagrees with its directory");
	if (len - at != END_BYTES + u16(tail + 20))
		return gv_err_set(err, GV_EPROOF, "the zip does not end where its end record says");
	return 0;
}
