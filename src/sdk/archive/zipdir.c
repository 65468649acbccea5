/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/zipdir.h"

#include <string.h>

#include "archive/le.h"

#define CENTRAL_BYTES 46u /* fixed part of a central header */
#define END_BYTES     22u /* end record without its comment */
#define CENTRAL_SIG   0x02014b50u
#define END_SIG       0x06054b50u

static int
differs(const struct gv_member *m, const char *what, struct gv_err *err)
{
	return gv_err_set(err, GV_EPROOF, "the zip's directory disagrees with entry '%s': %s", m->name, what);
}

static int
check_header(const uint8_t *h, const struct gv_member *m, struct gv_err *err)
{
	unsigned flags = gv_le16(h + 8), method = gv_le16(h + 10), name_len = gv_le16(h + 28);
	unsigned type = h[5] == 3 ? gv_le32(h + 38) >> 28 : 0; /* if made on Unix: the file type in the mode */

	if (name_len != strlen(m->name) || memcmp(h + CENTRAL_BYTES, m->name, name_len) != 0)
		return differs(m, "name", err);
	if (gv_le32(h + 42) != m->offset || gv_le16(h + 34) != 0)
		return differs(m, "offset", err);
	if (gv_le32(h + 20) != m->packed || (m->path != NULL && gv_le32(h + 24) != m->size))
		return differs(m, "size", err);
	if (gv_le32(h + 16) != m->said_crc || (m->path != NULL && m->said_crc != m->crc))
		return differs(m, "CRC", err);
	if ((flags & 1) != 0 || (method != 0 && method != 8))
		return differs(m, "encrypted, or compressed by an unknown method", err);
	if (type != 0 && type != 8 && (type != 4 || m->path != NULL))
		return differs(m, "not a regular file", err);
	return 0;
}

int
gv_zipdir_check(const uint8_t *tail, size_t len, uint64_t offset, const struct gv_members *members, struct gv_err *err)
{
	size_t at = 0;

	for (size_t i = 0; i < members->n; i++) {
		const uint8_t *h;
		size_t size;

		if (len - at < CENTRAL_BYTES || gv_le32(tail + at) != CENTRAL_SIG)
			return gv_err_set(err, GV_EPROOF, "the zip's directory is cut after %zu of %zu entries", i,
					  members->n);
		h = tail + at;
		size = (size_t)CENTRAL_BYTES + gv_le16(h + 28) + gv_le16(h + 30) + gv_le16(h + 32);
		if (len - at < size)
			return gv_err_set(err, GV_EPROOF, "the zip's directory is cut after %zu of %zu entries", i,
					  members->n);
		if (check_header(h, members->v[i], err) < 0)
			return -1;
		at += size;
	}
	if (len - at < END_BYTES || gv_le32(tail + at) != END_SIG)
		return gv_err_set(err, GV_EPROOF, "the zip has no end record after its %zu entries", members->n);
	tail += at;
	if (gv_le16(tail + 4) != 0 || gv_le16(tail + 6) != 0 || gv_le16(tail + 8) != members->n ||
	    gv_le16(tail + 10) != members->n || gv_le32(tail + 12) != at || gv_le32(tail + 16) != offset)
		return gv_err_set(err, GV_EPROOF, "the zip's end record disagrees with its directory");
	if (len - at != END_BYTES + gv_le16(tail + 20))
		return gv_err_set(err, GV_EPROOF, "the zip does not end where its end record says");
	return 0;
}
