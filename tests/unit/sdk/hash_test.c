/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "verify/hash.h"

/* FIPS 180-2, appendix B, and the empty message. */
static const struct {
	const char *data, *hex;
} known[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

static bool
is(const uint8_t sum[GV_SHA256_LEN], const char *hex)
{
	char got[GV_SHA256_HEX];

	gv_hex(got, sum, GV_SHA256_LEN);
	return strcmp(got, hex) == 0;
}

static void
test_known(void)
{
	struct gv_sha256 *s = gv_sha256_new();
	uint8_t sum[GV_SHA256_LEN];

	for (size_t i = 0; i < GV_ARRAY_LEN(known); i++) {
		gv_sha256_of(known[i].data, strlen(known[i].data), sum);
		ok(is(sum, known[i].hex), "SHA-256 of '%s'", known[i].data);
		for (const char *p = known[i].data; *p != '\0'; p++)
			gv_sha256_update(s, p, 1);
		gv_sha256_final(s, sum);
		ok(is(sum, known[i].hex), "the same byte by byte, with a used state");
	}
	gv_sha256_update(s, "rubbish", 7);
	gv_sha256_reset(s);
	gv_sha256_update(s, NULL, 0);
	gv_sha256_final(s, sum);
	ok(is(sum, known[0].hex), "reset starts over");
	gv_sha256_free(s);
	gv_sha256_free(NULL);
}

int
main(void)
{
	test_known();
	return tap_done();
}
