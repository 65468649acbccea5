/* SPDX-License-Identifier: MIT */
#ifndef GV_VERSION_VERSION_H
#define GV_VERSION_VERSION_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * Go versions, without the "go" prefix: "1.22.3", "1.20", "1.23rc2".
 * Grammar and order are those of Go's internal/gover: M[.m[.p]] or M.m<kind><n>. Numbers have no
 * leading zeros and may have any length.
 */
#define GV_VERSION_MAX 64 /* maximum size in bytes, with the NUL, of a version in a directory name or a URL */

/* Whether `v` is a well-formed version. */
bool gv_version_valid(const char *v);

/* Compare: -1, 0 or 1. Malformed versions are equal to each other and come before every well-formed one. */
int gv_version_cmp(const char *a, const char *b);

/*
 * The language version of `v`: "1.22.3" -> "1.22", "1.0.3" -> "1", "2" -> "2.0". `out` has `size` bytes and is always
 * NUL-terminated. It is "" when `v` is malformed or the result does not fit. strlen(v) + 3 bytes are always enough.
 */
void gv_version_lang(char *out, size_t size, const char *v);

/* The N of Go 1.N: "1.22.3" -> 22, "1" -> 0. Returns -1 when `v` is NULL or no version of Go 1. */
int gv_version_minor(const char *v);

/* Whether `v` is a language version ("1.21") and not a release ("1.21.0"). Same as Go's IsLang. */
bool gv_version_is_lang(const char *v);

/* Whether `v` is a beta or a release candidate ("1.23rc2"). False when it is malformed. */
bool gv_version_is_prerelease(const char *v);

/*
 * The name under which a release is published, listed and installed: "1.20.0" -> "1.20".
 * "1.22.3" and "1.21.0" are unchanged. `out` has GV_VERSION_MAX bytes.
 * Errors: GV_EFORMAT when `v` is malformed or does not fit in GV_VERSION_MAX bytes.
 */
int gv_version_release_name(char *out, const char *v, struct gv_err *err) GV_MUST_CHECK;

/*
 * The request that selects exactly this release: "1.20" -> "1.20.0", because the request "1.20" would select the newest
 * 1.20.x. Other names are unchanged. `out` has GV_VERSION_MAX + 2 bytes.
 */
void gv_version_exact(char *out, const char *release);

#endif
