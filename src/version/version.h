/* SPDX-License-Identifier: MIT */
#ifndef GV_VERSION_VERSION_H
#define GV_VERSION_VERSION_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * Go versions, without the "go" prefix: "1.22.3", "1.20", "1.23rc2".
 * Grammar and order are those of Go's internal/gover: M[.m[.p]] or M.m<kind><n>, numbers without
 * leading zeros and of any length. Nothing here copies: strings are borrowed during the call.
 */
#define GV_VERSION_MAX 64 /* bytes with the NUL, of any version that names a directory or a URL */

bool gv_version_valid(const char *v);

/* -1, 0, 1. A malformed version is before every well-formed one and equal to another malformed. */
int gv_version_cmp(const char *a, const char *b);

/*
 * "1.22.3" -> "1.22", "1.0.3" -> "1", "2" -> "2.0"; "" for malformed, and when it does not fit:
 * strlen(v) + 3 bytes always do. Always terminated.
 */
void gv_version_lang(char *out, size_t size, const char *v);

/* Whether `v` is a language version ("1.21"), as opposed to a release ("1.21.0"). Go's IsLang. */
bool gv_version_is_lang(const char *v);

bool gv_version_is_prerelease(const char *v);

/*
 * The name under which a release is published, listed and installed: "1.20.0" -> "1.20",
 * "1.22.3" and "1.21.0" stay. `out` is GV_VERSION_MAX bytes.
 * Errors: GV_EFORMAT when `v` is not a valid version or longer than GV_VERSION_MAX allows.
 */
int gv_version_release_name(char *out, const char *v, struct gv_err *err) GV_MUST_CHECK;

/*
 * A release so that a request means it and nothing newer: "1.20" (the name of the release 1.20.0, but as a request any 1.20.x)
 * -> "1.20.0"; others stay. `out` is GV_VERSION_MAX + 2 bytes.
 */
void gv_version_exact(char *out, const char *release);

#endif
