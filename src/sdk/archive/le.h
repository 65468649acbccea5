/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_LE_H
#define GV_ARCHIVE_LE_H

#include <stdint.h>

/* Little-endian numbers, as zip and gzip have them; `p` need not be aligned. */
static inline unsigned
gv_le16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

/* The same, of four bytes. */
static inline uint32_t
gv_le32(const uint8_t *p)
{
	return gv_le16(p) | (uint32_t)gv_le16(p + 2) << 16;
}

#endif
