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
		ok(is(sum, known[i].hex), "the same byte by byte, with a state used before");
	}
	gv_sha256_update(s, "rubbish", 7);
	gv_sha256_reset(s);
	gv_sha256_update(s, NULL, 0);
	gv_sha256_final(s, sum);
	ok(is(sum, known[0].hex), "reset forgets");
	gv_sha256_free(s);
	gv_sha256_free(NULL);
}

struct text_source {
	struct gv_source src;
	const char *text;
	bool fail;
	bool *closed;
};

static ssize_t
text_read(struct gv_source *src, const void **chunk, struct gv_err *err)
{
	struct text_source *t = (struct text_source *)src;
	size_t n = strnlen(t->text, 3);

	if (n == 0 && t->fail)
		return gv_err_set(err, GV_ENET, "cut");
	*chunk = t->text;
	t->text += n;
	return (ssize_t)n;
}

static void
text_close(struct gv_source *src)
{
	*((struct text_source *)src)->closed = true;
	free(src);
}

static void
test_source(bool fail)
{
	struct text_source *t = gv_xcalloc(1, sizeof(*t));
	struct gv_sha256 *s = gv_sha256_new();
	struct gv_err err = GV_ERR_INIT;
	uint8_t sum[GV_SHA256_LEN];
	bool closed = false;
	const void *chunk;
	size_t total = 0;
	ssize_t n;

	*t = (struct text_source){ { text_read, text_close }, known[2].data, fail, &closed };
	{
		gv_autosource struct gv_source *src = gv_hash_source(&t->src, s);

		while ((n = src->read(src, &chunk, &err)) > 0)
			total += (size_t)n;
	}
	gv_sha256_final(s, sum);
	ok(total == strlen(known[2].data) && is(sum, known[2].hex) && closed, "a source is hashed on its way");
	ok(fail ? n == -1 && err.code == GV_ENET : n == 0,
	   fail ? "its failure comes through" : "its end comes through");
	gv_sha256_free(s);
}

int
main(void)
{
	test_known();
	test_source(false);
	test_source(true);
	return tap_done();
}
