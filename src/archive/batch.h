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
 * What the reading thread hands to the writing thread. Waking a thread per file would cost more than writing a small file,
 * so many pieces travel in one buffer.
 */

/* One entry of the archive. Made by the reader; size, crc and sha256 are the writer's until both threads have ended. */
struct gv_member {
	char *name;      /* as in the archive, prefix included */
	char *path;      /* in the SDK; NULL: a directory, or left out */
	char *hash_name; /* its line in h1; NULL when outside the log's hash */
	time_t mtime;
	uint64_t offset; /* zip: of its header in the archive */
	uint64_t size;   /* bytes unpacked */
	uint32_t crc;
	uint32_t packed;   /* zip: bytes in the archive */
	uint32_t said_crc; /* zip: as the entry itself tells it */
	unsigned mode;
	uint8_t sha256[GV_SHA256_LEN];
};

struct gv_members {
	struct gv_member **v;
	size_t n, cap;
};

/* A piece of a file: bytes off .. off + len of the batch. */
struct gv_piece {
	struct gv_member *member;
	uint32_t off, len;
	bool first, last; /* of its file */
};

#define GV_BATCH_BYTES  (512u << 10)
#define GV_BATCH_PIECES 256u

struct gv_batch {
	size_t n;    /* pieces */
	size_t used; /* bytes */
	struct gv_piece pieces[GV_BATCH_PIECES];
	uint8_t data[GV_BATCH_BYTES];
};

/* What the calling thread hands to the reading thread: bytes of the archive. */
struct gv_chunk {
	size_t len;
	uint8_t data[128u << 10];
};

#endif
