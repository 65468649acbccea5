/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_BATCH_H
#define GV_ARCHIVE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "util/err.h"
#include "verify/hash.h"

/*
 * What the reading thread passes to the writing thread. Waking a thread costs more than writing a small file, so one
 * buffer holds many pieces.
 */

/* One entry of the archive, made by the reader. Only the writer uses size, crc and sha256 until both threads ended. */
struct gv_member {
	char *name;      /* as in the archive, prefix included */
	char *path;      /* in the SDK; NULL for a directory, or when not unpacked */
	char *hash_name; /* its name in h1; NULL when the log's hash leaves it out */
	time_t mtime;
	uint64_t offset; /* zip: where its header is in the archive */
	uint64_t size;   /* bytes unpacked */
	uint32_t crc;
	uint32_t packed;   /* zip: bytes in the archive */
	uint32_t said_crc; /* zip: as the entry's own header or descriptor says */
	unsigned mode;
	uint8_t sha256[GV_SHA256_LEN];
};

struct gv_members {
	struct gv_member **v;
	size_t n, cap;
};

/* A piece of a file: bytes off .. off + len of the batch. */
struct gv_batch_piece {
	struct gv_member *member;
	uint32_t off, len;
	bool first, last; /* piece of its file */
};

#define GV_BATCH_BYTES  (512u << 10)
#define GV_BATCH_PIECES 256u

struct gv_batch {
	size_t n;    /* pieces */
	size_t used; /* bytes */
	struct gv_batch_piece pieces[GV_BATCH_PIECES];
	uint8_t data[GV_BATCH_BYTES];
};

/* What the calling thread passes to the reading thread: bytes of the archive. */
struct gv_chunk {
	size_t len;
	uint8_t data[128u << 10];
};

#endif
