/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_DIRHASH_H
#define GV_VERIFY_DIRHASH_H

#include <stdint.h>

#include "util/err.h"
#include "verify/hash.h"

/*
 * "h1:", Go's hash of a tree (golang.org/x/mod/sumdb/dirhash). Each file gives a line "<sha256 hex>  <name>\n"; lines
 * are sorted by name, as bytes. The hash is base64(SHA-256(all lines)). Add files in any order, from one thread.
 */
#define GV_H1_MAX 48 /* "h1:" + 44 base64 characters + NUL */

struct gv_dirhash;
/* A hash without files; the caller frees it. */
struct gv_dirhash *gv_dirhash_new(void);
void gv_dirhash_free(struct gv_dirhash *d);
/* Add a file. `name` is the name in the zip, prefix included. */
void gv_dirhash_add(struct gv_dirhash *d, const char *name, const uint8_t sha256[GV_SHA256_LEN]);
/* Errors: GV_EPROOF for a name with a newline, or a name added twice. */
int gv_dirhash_finish(struct gv_dirhash *d, char out[GV_H1_MAX], struct gv_err *err) GV_MUST_CHECK;

/*
 * The name that a file of an SDK has in the toolchain module. The top folders .github, api, doc, misc and test are not
 * in the module: NULL. Every go.mod becomes _go.mod, and `prefix` is put before the name. Caller frees.
 * A file that is itself called _go.mod (no release has one) becomes __go.mod, so that no two trees share a hash.
 */
char *gv_dirhash_module_name(const char *prefix, const char *sdk_path);

#endif
