/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_WIRE_H
#define GV_VERIFY_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verify/hash.h"

/*
 * The small parts of notes, tree heads, records and go.sum lines. All readers are strict: each value has one spelling.
 * True on success. Except in gv_wire_base64(), outputs are written only on success.
 */
#define GV_HASH_TEXT 45 /* base64 of a hash, with the NUL */

/* A decimal number without sign, blanks or leading zeros, at most 2^63 - 1 (Go's int64). */
bool gv_wire_decimal(uint64_t *v, const char *s, size_t len);

/* Standard base64 with padding, of 1 to `cap` bytes. `out` may hold anything after a failure. */
bool gv_wire_base64(uint8_t *out, size_t cap, size_t *out_len, const char *s, size_t len);

/* The URL-safe variant, with padding. Caller frees. */
char *gv_wire_base64url_text(const void *data, size_t len);

/* The base64 of exactly one hash: read, and write. */
bool gv_wire_hash(uint8_t out[GV_SHA256_LEN], const char *s, size_t len);
void gv_wire_hash_text(char out[GV_HASH_TEXT], const uint8_t hash[GV_SHA256_LEN]);

/* "h1:" and the base64 of a hash. */
bool gv_wire_is_h1(const char *s, size_t len);

/* UTF-8 without control characters below 0x20, except newlines: what may be signed or recorded. */
bool gv_wire_is_text(const char *s, size_t len);

#endif
