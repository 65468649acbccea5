/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "archive/inflate.h"
#include "tests/tap.h"
#include "tests/unit/sdk/ringfeed.h"
#include "util/alloc.h"
#include "util/auto.h"

#define BEHIND "0123456789" /* follows a stream in the feed */

/* Memory where reading the byte after the end is a fault. */
struct fenced {
	uint8_t *map, *data;
	size_t mapped, len;
};

static struct fenced
fence(size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = (len + page - 1) / page * page;
	struct fenced f = { .mapped = whole + page, .len = len };

	f.map = mmap(NULL, f.mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	tap_need(f.map != MAP_FAILED && mprotect(f.map + whole, page, PROT_NONE) == 0, "a page that may not be read");
	f.data = f.map + whole - len;
	return f;
}

static void
unfence(struct fenced *f)
{
	munmap(f->map, f->mapped);
}

/* Unpack a stream in pieces of `room`, up to `limit` bytes. */
static enum gv_inflated
unpack(const uint8_t *in, size_t len, size_t step, size_t room, uint8_t *out, size_t limit, size_t *n, char behind[16])
{
	struct gv_feed f = feed_of(in, len, step);
	struct fenced piece = fence(room);
	struct gv_inflate *z = gv_inflate_new();
	enum gv_inflated state = GV_INFLATE_MORE;

	*n = 0;
	while (state == GV_INFLATE_MORE && *n < limit) {
		size_t got = 0;

		state = gv_inflate_read(z, &f, piece.data, room, &got);
		if (got > limit - *n)
			got = limit - *n;
		memcpy(out + *n, piece.data, got);
		*n += got;
	}
	memset(behind, 0, 16);
	gv_feed_read(&f, behind, 15);
	gv_inflate_free(z);
	unfence(&piece);
	feed_free(&f);
	return state;
}

static uint8_t *
deflated(const uint8_t *data, size_t len, int level, int strategy, size_t *packed)
{
	z_stream z = { 0 };
	uint8_t *out;
	uLong bound;

	tap_need(deflateInit2(&z, level, Z_DEFLATED, -MAX_WBITS, 8, strategy) == Z_OK, "zlib");
	bound = deflateBound(&z, len) + sizeof(BEHIND);
	out = gv_xmalloc(bound);
	z.next_in = (Bytef *)data;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = (uInt)bound;
	tap_need(deflate(&z, Z_FINISH) == Z_STREAM_END, "zlib packs");
	*packed = z.total_out;
	deflateEnd(&z);
	memcpy(out + *packed, BEHIND, sizeof(BEHIND) - 1);
	return out;
}

/* Text like source code, or noise. */
static uint8_t *
text(size_t len, bool noise)
{
	uint8_t *p = gv_xmalloc(len + 1);
	uint32_t x = 12345;

	for (size_t i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		p[i] = noise ? (uint8_t)(x >> 24) : (uint8_t)("func main() { return }\n"[(i + (x >> 30)) % 23]);
	}
	return p;
}

static void
test_streams(void)
{
	static const size_t sizes[] = { 0, 1, 100, 32768, 65536, 65537, 300000 };
	static const int strategies[] = { Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY };
	static const size_t steps[] = { 1, 7, 4096, 131072 }, rooms[] = { 1, 13, 4096, 524288 };

	for (size_t k = 0; k < GV_ARRAY_LEN(sizes) * GV_ARRAY_LEN(strategies) * 3 * 2; k++) {
		size_t len = sizes[k / 18], packed = 0, bad = 0;
		int strategy = strategies[k / 6 % 3], level = (int[]){ 0, 1, 9 }[k / 2 % 3];
		gv_autofree uint8_t *data = text(len, k % 2 != 0);
		gv_autofree uint8_t *z = deflated(data, len, level, strategy, &packed);
		gv_autofree uint8_t *out = gv_xmalloc(len + 1);

		for (size_t i = 0; i < GV_ARRAY_LEN(steps) * GV_ARRAY_LEN(rooms); i++) {
			size_t step = steps[i / 4], room = rooms[i % 4], n = 0;
			char behind[16];

			if (packed / step > 300 || len / room > 30000)
				continue;
			bad += unpack(z, packed + sizeof(BEHIND) - 1, step, room, out, len + 1, &n, behind) !=
				   GV_INFLATE_END ||
			       n != len || memcmp(out, data, len) != 0 || strcmp(behind, BEHIND) != 0;
		}
		ok(bad == 0, "%zu bytes of %s, level %d, strategy %d come back, and what follows them", len,
		   k % 2 != 0 ? "noise" : "text", level, strategy);
	}
}

static void
test_cut(void)
{
	size_t packed = 0, bad = 0, n = 0;
	gv_autofree uint8_t *data = text(5000, false);
	gv_autofree uint8_t *z = deflated(data, 5000, 9, Z_DEFAULT_STRATEGY, &packed);
	uint8_t out[6000];
	char behind[16];

	for (size_t len = 0; len < packed; len++)
		bad += unpack(z, len, 3, sizeof(out), out, sizeof(out), &n, behind) != GV_INFLATE_CUT ||
		       memcmp(out, data, n) != 0;
	ok(bad == 0, "a stream cut after any of its %zu bytes is noticed", packed);
}

/* Whether zlib accepts the stream, and what it unpacks to. */
static bool
by_zlib(const uint8_t *in, size_t len, uint8_t *out, size_t limit, size_t *n)
{
	z_stream z = { .next_in = (Bytef *)in, .avail_in = (uInt)len, .next_out = out, .avail_out = (uInt)limit };
	int rc;

	tap_need(inflateInit2(&z, -MAX_WBITS) == Z_OK, "zlib");
	rc = inflate(&z, Z_FINISH);
	*n = z.total_out;
	inflateEnd(&z);
	return rc == Z_STREAM_END;
}

static void
test_damaged(void)
{
	enum { LEN = 20000, LIMIT = 200000 };
	size_t packed = 0, taken = 0, differ = 0;
	gv_autofree uint8_t *data = text(LEN, false);
	gv_autofree uint8_t *z = deflated(data, LEN, 6, Z_DEFAULT_STRATEGY, &packed);
	gv_autofree uint8_t *ours = gv_xmalloc(LIMIT), *theirs = gv_xmalloc(LIMIT);
	uint32_t x = 1;

	for (size_t i = 0; i < 4000; i++) {
		size_t n = 0, m = 0, at;
		uint8_t was;
		char behind[16];

		x = x * 1664525 + 1013904223;
		at = i < packed ? i : x % packed;
		was = z[at];
		z[at] ^= (uint8_t)(1u << (x >> 29));
		if (unpack(z, packed, 4096, 1 + (x >> 8) % 70000, ours, LIMIT, &n, behind) == GV_INFLATE_END) {
			taken++;
			differ += !by_zlib(z, packed, theirs, LIMIT, &m) || n != m || memcmp(ours, theirs, n) != 0;
		}
		z[at] = was;
	}
	ok(taken > 0 && differ == 0, "%zu of 4000 damaged streams are still streams, with the same content as zlib's",
	   taken);
}

static void
test_reset(void)
{
	struct gv_inflate *z = gv_inflate_new();
	static const uint8_t bad[] = { 0x07, 0xff, 0xff, 0xff }, empty[] = { 3, 0 };
	uint8_t out[10];
	size_t n = 0;
	struct gv_feed a = feed_of(bad, sizeof(bad), 4), b = feed_of(empty, sizeof(empty), 1);

	ok(gv_inflate_read(z, &a, out, sizeof(out), &n) == GV_INFLATE_BAD && n == 0, "a malformed stream is noticed");
	gv_inflate_reset(z);
	ok(gv_inflate_read(z, &b, out, sizeof(out), &n) == GV_INFLATE_END && n == 0, "a reset forgets it");
	gv_inflate_free(z);
	feed_free(&a);
	feed_free(&b);
}

static void
test_crc(void)
{
	uint32_t crc = gv_crc32(0, "1234", 4);

	ok(gv_crc32(crc, "56789", 5) == 0xcbf43926u && gv_crc32(0, "", 0) == 0, "the CRC is that of zip and gzip");
}

static void
test_feed(void)
{
	static const uint8_t data[] = "abcdefghijklmnopqrstuvwxyz";
	size_t bad = 0;

	for (size_t step = 1; step <= 26; step++) {
		struct gv_feed f = feed_of(data, 26, step);
		char buf[32] = "";

		bad += gv_feed_read(&f, buf, 10) != 10;
		gv_feed_back(&f, 8);
		bad += f.offset != 2 || gv_feed_read(&f, buf, 3) != 3 || memcmp(buf, "cde", 3) != 0;
		gv_feed_back(&f, 2);
		bad += gv_feed_read(&f, buf, 31) != 23 || memcmp(buf, data + 3, 23) != 0 || f.offset != 26;
		feed_free(&f);
	}
	ok(bad == 0, "bytes put back come again, over chunks of any size");
}

int
main(void)
{
	test_feed();
	test_streams();
	test_cut();
	test_damaged();
	test_reset();
	test_crc();
	return tap_done();
}
