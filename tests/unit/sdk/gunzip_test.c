/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "archive/gunzip.h"
#include "tests/tap.h"
#include "tests/unit/sdk/ringfeed.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/str.h"

#define TEXT "one two three one two three one two three"

/* Make one member with these flags. `optional` holds the fields that they announce. */
static void
add_member(struct gv_str *s, unsigned flags, const char *optional, size_t optional_len)
{
	const char head[10] = { 0x1f, (char)0x8b, 8, (char)flags };
	char body[200], trailer[8];
	z_stream z = { .next_in = (Bytef *)TEXT, .avail_in = sizeof(TEXT) - 1, .next_out = (Bytef *)body };
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)TEXT, sizeof(TEXT) - 1);

	z.avail_out = sizeof(body);
	tap_need(deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK &&
		     deflate(&z, Z_FINISH) == Z_STREAM_END,
		 "zlib packs");
	deflateEnd(&z);
	for (unsigned i = 0; i < 4; i++) {
		trailer[i] = (char)(crc >> 8 * i);
		trailer[4 + i] = (char)((sizeof(TEXT) - 1) >> 8 * i);
	}
	gv_str_addn(s, head, sizeof(head));
	gv_str_addn(s, optional, optional_len);
	gv_str_addn(s, body, z.total_out);
	gv_str_addn(s, trailer, sizeof(trailer));
}

/* Unpack it in chunks of `step` and pieces of `room`. */
static int
gunzip(const char *data, size_t len, size_t step, size_t room, char *out, size_t *n, struct gv_err *err)
{
	struct gv_feed f = feed_of((const uint8_t *)data, len, step);
	struct gv_gunzip g = { .feed = &f, .inflate = gv_inflate_new() };
	size_t got = 0;
	int rc;

	*n = 0;
	do {
		rc = gv_gunzip_read(&g, (uint8_t *)out + *n, room, &got, err);
		*n += got;
	} while (rc == 0 && got > 0);
	gv_inflate_free(g.inflate);
	feed_free(&f);
	return rc;
}

struct form {
	const char *what;
	unsigned flags;
	const char *optional;
	size_t len;
};

static const struct form forms[] = {
	{ "a plain header", 0, "", 0 },
	{ "a text flag", 1, "", 0 },
	{ "a header CRC", 2, "xx", 2 },
	{ "an extra field", 4, "\x03\x00zzz", 5 },
	{ "a name", 8, "go.tar", 7 },
	{ "a comment", 16, "hello", 6 },
	{ "all of them", 31, "\x01\x00zgo.tar\0hello\0xx", 18 },
};

static void
test_forms(void)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(forms); i++) {
		gv_autostr struct gv_str gz = GV_STR_INIT(1000);
		struct gv_err err = GV_ERR_INIT;
		size_t bad = 0, n = 0;
		char out[200];

		add_member(&gz, forms[i].flags, forms[i].optional, forms[i].len);
		for (size_t step = 1; step <= gz.len; step++)
			for (size_t room = 1; room < 100; room += 49)
				bad += gunzip(gz.buf, gz.len, step, room, out, &n, &err) != 0 ||
				       n != sizeof(TEXT) - 1 || memcmp(out, TEXT, n) != 0;
		ok(bad == 0, "a member with %s, in chunks of any size %s", forms[i].what, err.msg);
		bad = 0;
		for (size_t len = 0; len < gz.len; len++)
			bad += gunzip(gz.buf, len, 3, 100, out, &n, &err) != -1 || err.code != GV_EPROOF;
		ok(bad == 0, "a cut after any byte is refused: %s", err.msg);
	}
}

static void
test_members(void)
{
	static const char *const behind[] = {
		"", "x", "\x1f", "\x1f\x8b", "garbage behind the file", "\0\0\0\0\0\0\0\0\0\0\0\0"
	};
	struct gv_err err = GV_ERR_INIT;
	char out[400];
	size_t n = 0;

	for (size_t i = 0; i < GV_ARRAY_LEN(behind); i++) {
		gv_autostr struct gv_str gz = GV_STR_INIT(1000);
		size_t bad = 0;

		add_member(&gz, 0, "", 0);
		add_member(&gz, 8, "second", 7);
		gv_str_addn(&gz, behind[i], i == 5 ? 12 : strlen(behind[i]));
		for (size_t step = 1; step <= gz.len; step++)
			bad += gunzip(gz.buf, gz.len, step, 100, out, &n, &err) != 0 || n != 2 * (sizeof(TEXT) - 1);
		ok(bad == 0, "two members, then %zu bytes of something else", i == 5 ? 12 : strlen(behind[i]));
	}
}

static void
test_damaged(void)
{
	gv_autostr struct gv_str gz = GV_STR_INIT(1000);
	struct gv_err err = GV_ERR_INIT;
	size_t n = 0, bad = 0;
	char out[200];

	add_member(&gz, 0, "", 0);
	for (size_t i = 1; i <= 8; i++) {
		gz.buf[gz.len - i] ^= 1;
		bad += gunzip(gz.buf, gz.len, 100, 100, out, &n, &err) != -1 || err.code != GV_EPROOF;
		gz.buf[gz.len - i] ^= 1;
	}
	ok(bad == 0, "a wrong trailer is refused: %s", err.msg);
	for (size_t i = 0; i < 4; i++) {
		gz.buf[i] ^= (char)0x80;
		bad += gunzip(gz.buf, gz.len, 100, 100, out, &n, &err) != -1 || err.code != GV_EPROOF;
		gz.buf[i] ^= (char)0x80;
	}
	ok(bad == 0, "another magic, method, or a reserved flag is refused: %s", err.msg);
	gz.buf[10] |= 7;
	ok(gunzip(gz.buf, gz.len, 100, 100, out, &n, &err) == -1 && strstr(err.msg, "cannot be unpacked") != NULL,
	   "an impossible block is refused: %s", err.msg);
}

static void
test_stopped(void)
{
	gv_autostr struct gv_str gz = GV_STR_INIT(1000);
	struct gv_err err = GV_ERR_INIT;
	struct gv_feed f;
	struct gv_gunzip g = { .feed = &f, .inflate = gv_inflate_new() };
	uint8_t out[100];
	size_t n = 0;

	add_member(&gz, 0, "", 0);
	f = feed_of((const uint8_t *)gz.buf, gz.len, 20);
	gv_ring_stop(f.chunks);
	ok(gv_gunzip_read(&g, out, sizeof(out), &n, &err) == 1 && err.code == GV_OK,
	   "a stopped feed is not reported as a cut file");
	gv_inflate_free(g.inflate);
	feed_free(&f);
}

int
main(void)
{
	test_forms();
	test_members();
	test_damaged();
	test_stopped();
	return tap_done();
}
