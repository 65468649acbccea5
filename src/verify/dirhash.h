/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_DIRHASH_H
#define GV_VERIFY_DIRHASH_H

#include <stdint.h>

#include "util/err.h"
#include "verify/hash.h"

/*
 * "h1:", Go's hash of a tree (golang.org/x/mod/sumdb/dirhash): for each file, names sorted as bytes, the line
 * "<sha256 hex>  <name>\n"; then base64(SHA-256(all lines)). Collect in any order, from one thread.
 */
#define GV_H1_MAX 48 /* "h1:" + 44 base64 characters + NUL */

struct gv_dirhash;
struct gv_dirhash *gv_dirhash_new(void);
void gv_dirhash_free(struct gv_dirhash *d);
/* The name as stored in the zip, prefix included. */
void gv_dirhash_add(struct gv_dirhash *d, const char *name, const uint8_t sha256[GV_SHA256_LEN]);
/* Errors: GV_EPROOF for a name with a newline, or a name added twice; `out` is then untouched. */
int gv_dirhash_finish(struct gv_dirhash *d, char out[GV_H1_MAX], struct gv_err *err) GV_MUST_CHECK;

/*
 * The name that an SDK's file has in the toolchain module, and whether it is there at all: drops .github api
 * doc misc test at the top; every go.mod becomes _go.mod; puts `prefix` before. NULL when not in the module; else the
 * caller frees.
 * A file that is itself called _go.mod (no release has one) becomes __go.mod, so that no two trees share a hash.
 */
char *gv_dirhash_module_name(const char *prefix, const char *sdk_path);

#endif
