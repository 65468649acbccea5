/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <zlib.h>

#include "archive/gunzip.h"
#include "tests/unit/sdk/ringfeed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LIMIT (1u << 20) /* bytes unpacked */

/* Unpack a deflate stream with zlib; -1 when it is malformed. */
static long
by_zlib(const uint8_t *in, size_t len, uint8_t *out)
{
	z_stream z = { .next_in = (Bytef *)in, .avail_in = (uInt)len, .next_out = out, .avail_out = LIMIT };
	int rc;

	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		abort();
	rc = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return rc == Z_STREAM_END ? (long)z.total_out : -1;
}

/* Unpack `data` in chunks of `step` and pieces of `room`. The result is zlib's, if both accept the stream. */
static void
inflate_all(const uint8_t *data, size_t size, size_t step, size_t room)
{
	struct gv_feed f = feed_of(data, size, step);
	struct gv_inflate *z = gv_inflate_new();
	uint8_t *out = calloc(1, LIMIT), *piece = malloc(room), *theirs = calloc(1, LIMIT);
	enum gv_inflated state = GV_INFLATE_MORE;
	size_t n = 0, got = 0;

	if (out == NULL || piece == NULL || theirs == NULL)
		abort();
	for (; state == GV_INFLATE_MORE && n + room <= LIMIT; n += got) {
		state = gv_inflate_read(z, &f, piece, room, &got);
		if (got > room)
			abort();
		memcpy(out + n, piece, got);
	}
	if (state == GV_INFLATE_END) {
		long m = by_zlib(data, size, theirs);

		if (m >= 0 && ((size_t)m != n || memcmp(out, theirs, n) != 0))
			abort();
	}
	free(out);
	free(piece);
	free(theirs);
	gv_inflate_free(z);
	feed_free(&f);
}

static void
gunzip_all(const uint8_t *data, size_t size, size_t step, size_t room)
{
	struct gv_feed f = feed_of(data, size, step);
	struct gv_gunzip g = { .feed = &f, .inflate = gv_inflate_new() };
	struct gv_err err = GV_ERR_INIT;
	uint8_t *piece = malloc(room);
	size_t n = 0, total = 0;
	int rc;

	if (piece == NULL)
		abort();
	do {
		rc = gv_gunzip_read(&g, piece, room, &n, &err);
		total += n;
	} while (rc == 0 && n > 0 && total < LIMIT);
	if (rc > 0 || (rc < 0) != (err.code == GV_EPROOF))
		abort();
	free(piece);
	gv_inflate_free(g.inflate);
	feed_free(&f);
}

/* Two bytes choose chunks and pieces. The rest is read as a gzip file and as a bare stream. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t step, room;

	if (size < 2)
		return 0;
	step = data[0] == 0 ? 65536 : data[0];
	room = data[1] == 0 ? 65536 : data[1] * 7u;
	if (size / step > 1000)
		step = size / 1000 + 1;
	inflate_all(data + 2, size - 2, step, room);
	gunzip_all(data + 2, size - 2, step, room);
	return 0;
}
