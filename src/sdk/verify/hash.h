/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_HASH_H
#define GV_VERIFY_HASH_H

#include <stddef.h>
#include <stdint.h>

/* SHA-256, by libcrypto when configure found it, else by libsodium. */
#define GV_SHA256_LEN 32
#define GV_SHA256_HEX 65 /* with the NUL */

struct gv_sha256; /* heap object */
/* A new state, which the caller frees. Reset starts over; so does final after it has written the sum. */
struct gv_sha256 *gv_sha256_new(void);
void gv_sha256_free(struct gv_sha256 *s);
void gv_sha256_reset(struct gv_sha256 *s);
void gv_sha256_update(struct gv_sha256 *s, const void *data, size_t len);
void gv_sha256_final(struct gv_sha256 *s, uint8_t out[GV_SHA256_LEN]);

/* The sum of one block of data. */
void gv_sha256_of(const void *data, size_t len, uint8_t out[GV_SHA256_LEN]);
/* Lower-case digits and a NUL: `out` has room for 2 * len + 1 bytes. */
void gv_hex(char *out, const uint8_t *data, size_t len);

#endif
