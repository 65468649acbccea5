/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_HASH_H
#define GV_VERIFY_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "util/source.h"

/* SHA-256, by libcrypto when configure found it, else by libsodium. A state may be reused after final. */
#define GV_SHA256_LEN 32
#define GV_SHA256_HEX 65 /* with the NUL */

struct gv_sha256; /* heap object */
struct gv_sha256 *gv_sha256_new(void);
void gv_sha256_free(struct gv_sha256 *s);
void gv_sha256_reset(struct gv_sha256 *s);
void gv_sha256_update(struct gv_sha256 *s, const void *data, size_t len);
void gv_sha256_final(struct gv_sha256 *s, uint8_t out[GV_SHA256_LEN]);

void gv_sha256_of(const void *data, size_t len, uint8_t out[GV_SHA256_LEN]);
void gv_hex(char *out, const uint8_t *data, size_t len); /* 2 * len + 1 bytes */

/*
 * A source that passes `from` on and hashes what passes. It takes `from` over. `hash` is the caller's and is
 * final only after the source returned 0.
 */
struct gv_source *gv_hash_source(struct gv_source *from, struct gv_sha256 *hash);

#endif
