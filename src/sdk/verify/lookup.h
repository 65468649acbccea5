/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_LOOKUP_H
#define GV_VERIFY_LOOKUP_H

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "verify/dirhash.h"

/* A lookup in the database. The reply is "ID\n", the record's text, a blank line and a signed head (or nothing). */
struct gv_lookup {
	uint64_t id;
	const char *text; /* ends in a newline; this and the next are borrowed from the reply */
	size_t text_len;
	const char *note; /* what follows the blank line; nothing proves it */
	size_t note_len;
};

/* "lookup/MODULE@VERSION", escaped as in module paths (A -> !a). Errors: GV_EFORMAT. NULL on failure; caller frees. */
char *gv_lookup_path(const char *module, const char *version, struct gv_err *err) GV_MUST_CHECK;

/* Take a reply apart; `l` borrows from it. Errors: GV_EPROOF for a malformed reply. */
int gv_lookup_parse(struct gv_lookup *l, const char *reply, size_t len, struct gv_err *err) GV_MUST_CHECK;

/*
 * The hash in the record's only line "MODULE VERSION h1:...". GV_EPROOF when there is no such line, when there are two,
 * or when the hash is of another kind. Call it only for a record that was proven to be in the log.
 */
int gv_lookup_h1(const struct gv_lookup *l, const char *module, const char *version, char h1[GV_H1_MAX],
		 struct gv_err *err) GV_MUST_CHECK;

#endif
