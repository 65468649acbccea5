/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/wire.h"

#include <sodium.h>
#include <string.h>

#include "util/alloc.h"
#include "util/num.h"
#include "util/text.h"

bool
gv_wire_decimal(uint64_t *v, const char *s, size_t len)
{
	return (len <= 1 || s[0] != '0') && gv_num_span(s, len, INT64_MAX, v) == 0;
}

bool
gv_wire_base64(uint8_t *out, size_t cap, size_t *out_len, const char *s, size_t len)
{
	const char *end = NULL;
	size_t n = 0;

	/* libsodium also refuses stray bits in the last character, so no two texts give the same bytes. */
	if (len == 0 || sodium_base642bin(out, cap, s, len, NULL, &n, &end, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    end != s + len)
		return false;
	*out_len = n;
	return true;
}

char *
gv_wire_base64url_text(const void *data, size_t len)
{
	size_t size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_URLSAFE);

	return sodium_bin2base64(gv_xcalloc(1, size), size, data, len, sodium_base64_VARIANT_URLSAFE);
}

bool
gv_wire_hash(uint8_t out[GV_SHA256_LEN], const char *s, size_t len)
{
	uint8_t hash[GV_SHA256_LEN];
	size_t n = 0;

	if (!gv_wire_base64(hash, sizeof(hash), &n, s, len) || n != sizeof(hash))
		return false;
	memcpy(out, hash, sizeof(hash));
	return true;
}

void
gv_wire_hash_text(char out[GV_HASH_TEXT], const uint8_t hash[GV_SHA256_LEN])
{
	sodium_bin2base64(out, GV_HASH_TEXT, hash, GV_SHA256_LEN, sodium_base64_VARIANT_ORIGINAL);
}

bool
gv_wire_is_h1(const char *s, size_t len)
{
	uint8_t hash[GV_SHA256_LEN];

	return len > 3 && memcmp(s, "h1:", 3) == 0 && gv_wire_hash(hash, s + 3, len - 3);
}

bool
gv_wire_is_text(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x20 && s[i] != '\n')
			return false;
	}
	return gv_utf8_valid(s, len);
}
