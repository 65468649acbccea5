/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/note.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "util/lines.h"
#include "util/num.h"
#include "util/text.h"
#include "verify/hash.h"
#include "verify/wire.h"

enum {
	ALG_ED25519 = 1,
	HASH_LEN = 4,
	MAX_SIGNATURES = 100,
	MAX_SIGNATURE = 16384, /* bytes; other signers may use algorithms with long signatures */
};

/* U+2014 and a blank. */
static const char sig_mark[] = "\xe2\x80\x94 ";

/* Unicode's White_Space, as Go's unicode.IsSpace. */
static bool
is_space(unsigned cp)
{
	return (cp >= '\t' && cp <= '\r') || cp == ' ' || cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f ||
	       cp == 0x3000;
}

static bool
name_valid(const char *name, size_t len)
{
	unsigned cp = 0;

	if (len == 0)
		return false;
	for (size_t i = 0, n; i < len; i += n) {
		n = gv_utf8_decode(name + i, len - i, &cp);
		if (n == 0 || cp == 0 || cp == '+' || is_space(cp))
			return false;
	}
	return true;
}

static uint32_t
big_endian(const uint8_t b[HASH_LEN])
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static uint32_t
key_hash(const char *name, size_t name_len, const uint8_t key[static 33])
{
	struct gv_sha256 *s = gv_sha256_new();
	uint8_t sum[GV_SHA256_LEN];

	gv_sha256_update(s, name, name_len);
	gv_sha256_update(s, "\n", 1);
	gv_sha256_update(s, key, 33);
	gv_sha256_final(s, sum);
	gv_sha256_free(s);
	return big_endian(sum);
}

static bool
hex8(uint32_t *out, const char *s)
{
	uint32_t v = 0;

	for (int i = 0; i < 8; i++) {
		int digit = gv_num_hex(s[i]);

		if (digit < 0)
			return false;
		v = v << 4 | (uint32_t)digit;
	}
	*out = v;
	return true;
}

int
gv_note_key_parse(struct gv_note_key *k, const char *text, struct gv_err *err)
{
	const char *plus = strchr(text, '+'), *plus2 = plus != NULL ? strchr(plus + 1, '+') : NULL;
	size_t name_len = plus != NULL ? (size_t)(plus - text) : 0, len = 0;
	struct gv_note_key key = { 0 };
	uint8_t raw[33];

	if (plus2 == NULL || plus2 - plus != 9 || !hex8(&key.hash, plus + 1))
		return gv_err_set(err, GV_EFORMAT, "malformed verifier key '%s': want NAME+HASH+KEY", text);
	if (!name_valid(text, name_len) || name_len >= sizeof(key.name))
		return gv_err_set(err, GV_EFORMAT, "malformed name in the verifier key '%s'", text);
	if (!gv_wire_base64(raw, sizeof(raw), &len, plus2 + 1, strlen(plus2 + 1)) || len != sizeof(raw) ||
	    raw[0] != ALG_ED25519)
		return gv_err_set(err, GV_EFORMAT, "the verifier key '%s' is not an Ed25519 key", text);
	if (key.hash != key_hash(text, name_len, raw))
		return gv_err_set(err, GV_EFORMAT, "the hash in the verifier key '%s' does not match its name and key",
				  text);
	memcpy(key.name, text, name_len);
	memcpy(key.ed25519, raw + 1, sizeof(key.ed25519));
	*k = key;
	return 0;
}

/* Where the signatures start: after the last blank line. 0 when there is no blank line. */
static size_t
split(const char *note, size_t len)
{
	for (size_t i = len; i >= 2; i--) {
		if (note[i - 1] == '\n' && note[i - 2] == '\n')
			return i;
	}
	return 0;
}

struct signature {
	const char *name;
	size_t name_len;
	uint32_t hash;
	uint8_t raw[MAX_SIGNATURE];
	size_t len; /* of raw, key hash included */
};

/* One line, without its newline. */
static bool
signature_parse(struct signature *s, const char *line, size_t len)
{
	const char *blank;

	if (len < sizeof(sig_mark) || memcmp(line, sig_mark, sizeof(sig_mark) - 1) != 0)
		return false;
	line += sizeof(sig_mark) - 1;
	len -= sizeof(sig_mark) - 1;
	blank = memchr(line, ' ', len);
	if (blank == NULL)
		return false;
	s->name = line;
	s->name_len = (size_t)(blank - line);
	len -= s->name_len + 1;
	if (!name_valid(s->name, s->name_len) || !gv_wire_base64(s->raw, sizeof(s->raw), &s->len, blank + 1, len) ||
	    s->len <= HASH_LEN)
		return false;
	s->hash = big_endian(s->raw);
	return true;
}

static const struct gv_note_key *
find_key(const struct signature *s, const struct gv_note_key *keys, size_t n_keys)
{
	for (size_t i = 0; i < n_keys; i++) {
		if (keys[i].hash == s->hash && strlen(keys[i].name) == s->name_len &&
		    memcmp(keys[i].name, s->name, s->name_len) == 0)
			return &keys[i];
	}
	return NULL;
}

int
gv_note_verify(const char *note, size_t len, const struct gv_note_key *keys, size_t n_keys, size_t *text_len,
	       struct gv_err *err)
{
	size_t sigs = len <= GV_NOTE_MAX ? split(note, len) : 0, good = 0;
	struct gv_lines in;

	if (len > GV_NOTE_MAX)
		return gv_err_set(err, GV_EPROOF, "malformed note: longer than %d bytes", GV_NOTE_MAX);
	/* The text must end in a newline of its own before the blank line, and a signature must follow. */
	if (sigs < 2 || sigs == len || note[len - 1] != '\n' || !gv_wire_is_text(note, len))
		return gv_err_set(err, GV_EPROOF, "malformed note");
	if (sodium_init() < 0)
		return gv_err_set(err, GV_EFAIL, "cannot initialise libsodium");
	gv_lines_init(&in, note + sigs, len - sigs, GV_LINES_LF);
	while (gv_lines_next(&in)) {
		const struct gv_note_key *key;
		struct signature s;

		if (in.number > MAX_SIGNATURES || !signature_parse(&s, in.line, in.len))
			return gv_err_set(err, GV_EPROOF, "malformed note: signature line %u", in.number);
		key = find_key(&s, keys, n_keys);
		if (key == NULL)
			continue;
		if (s.len != HASH_LEN + crypto_sign_BYTES ||
		    crypto_sign_verify_detached(s.raw + HASH_LEN, (const unsigned char *)note, sigs - 1,
						key->ed25519) != 0)
			return gv_err_set(err, GV_EPROOF, "invalid signature for key '%s+%08x'", key->name, key->hash);
		good++;
	}
	if (good == 0)
		return gv_err_set(err, GV_EPROOF, "the note has no signature by a known key");
	*text_len = sigs - 1;
	return 0;
}
