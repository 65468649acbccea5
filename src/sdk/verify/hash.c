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
 * If a hash cannot be computed, abort, as when out of memory: it is not safe to continue, and no caller could help.
 */
#ifdef HAVE_LIBCRYPTO

struct gv_sha256 {
	EVP_MD_CTX *ctx;
};

static const EVP_MD *sha256_md;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

/*
 * EVP_MD_fetch() costs more than hashing a small file, so call it once. The private library context reads no
 * openssl.cnf, so a broken one on the machine does no harm. Neither object is ever freed.
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
