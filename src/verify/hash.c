/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/hash.h"

#include <pthread.h>
#include <stdlib.h>

#ifdef HAVE_LIBCRYPTO
#include <openssl/evp.h>
#else
#include <sodium.h>
#endif

#include "util/alloc.h"

/*
 * A hash that cannot be computed is treated like memory that is out: there is no safe way on, and no caller could do
 * anything about it.
 */
#ifdef HAVE_LIBCRYPTO

struct gv_sha256 {
	EVP_MD_CTX *ctx;
};

static const EVP_MD *sha256_md;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

/*
 * Fetching costs more than hashing a small file, so it is done once. The private library context reads no openssl.cnf:
 * a broken or exotic one on the machine changes nothing here. Both live as long as the process.
 */
static void
fetch_md(void)
{
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	static OSSL_LIB_CTX *library;

	library = OSSL_LIB_CTX_new();
	sha256_md = library != NULL ? EVP_MD_fetch(library, "SHA256", NULL) : NULL;
#endif
	if (sha256_md == NULL)
		sha256_md = EVP_sha256();
}

struct gv_sha256 *
gv_sha256_new(void)
{
	struct gv_sha256 *s = gv_xmalloc(sizeof(*s));

	pthread_once(&sha256_once, fetch_md);
	s->ctx = EVP_MD_CTX_new();
	if (s->ctx == NULL)
		abort();
	gv_sha256_reset(s);
	return s;
}

void
gv_sha256_free(struct gv_sha256 *s)
{
	if (s == NULL)
		return;
	EVP_MD_CTX_free(s->ctx);
	free(s);
}

void
gv_sha256_reset(struct gv_sha256 *s)
{
	if (EVP_DigestInit_ex(s->ctx, sha256_md, NULL) != 1)
		abort();
}

void
gv_sha256_update(struct gv_sha256 *s, const void *data, size_t len)
{
	if (len > 0 && EVP_DigestUpdate(s->ctx, data, len) != 1)
		abort();
}

void
gv_sha256_final(struct gv_sha256 *s, uint8_t out[GV_SHA256_LEN])
{
	unsigned len = GV_SHA256_LEN;

	if (EVP_DigestFinal_ex(s->ctx, out, &len) != 1 || len != GV_SHA256_LEN)
		abort();
	gv_sha256_reset(s);
}

#else

struct gv_sha256 {
	crypto_hash_sha256_state state;
};

struct gv_sha256 *
gv_sha256_new(void)
{
	struct gv_sha256 *s = gv_xmalloc(sizeof(*s));

	gv_sha256_reset(s);
	return s;
}

void
gv_sha256_free(struct gv_sha256 *s)
{
	free(s);
}

void
gv_sha256_reset(struct gv_sha256 *s)
{
	crypto_hash_sha256_init(&s->state);
}

void
gv_sha256_update(struct gv_sha256 *s, const void *data, size_t len)
{
	if (len > 0)
		crypto_hash_sha256_update(&s->state, data, len);
}

void
gv_sha256_final(struct gv_sha256 *s, uint8_t out[GV_SHA256_LEN])
{
	crypto_hash_sha256_final(&s->state, out);
	gv_sha256_reset(s);
}

#endif

void
gv_sha256_of(const void *data, size_t len, uint8_t out[GV_SHA256_LEN])
{
	struct gv_sha256 *s = gv_sha256_new();

	gv_sha256_update(s, data, len);
	gv_sha256_final(s, out);
	gv_sha256_free(s);
}

void
gv_hex(char *out, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[data[i] >> 4];
		*out++ = digits[data[i] & 15];
	}
	*out = '\0';
}

struct hash_source {
	struct gv_source src;
	struct gv_source *from;
	struct gv_sha256 *hash;
};

static ssize_t
hash_read(struct gv_source *src, const void **chunk, struct gv_err *err)
{
	struct hash_source *h = (struct hash_source *)src;
	ssize_t n = h->from->read(h->from, chunk, err);

	if (n > 0)
		gv_sha256_update(h->hash, *chunk, (size_t)n);
	return n;
}

static void
hash_close(struct gv_source *src)
{
	struct hash_source *h = (struct hash_source *)src;

	h->from->close(h->from);
	free(h);
}

struct gv_source *
gv_hash_source(struct gv_source *from, struct gv_sha256 *hash)
{
	struct hash_source *h = gv_xmalloc(sizeof(*h));

	*h = (struct hash_source){ .src = { .read = hash_read, .close = hash_close }, .from = from, .hash = hash };
	return &h->src;
}
