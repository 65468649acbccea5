/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_RECORD_H
#define GV_VERIFY_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "verify/dirhash.h"

/* Path and reply of the database's lookup: "ID\n", the record's text, a blank line, a signed head (or nothing). */
struct gv_record {
	uint64_t id;
	const char *text; /* ends in a newline; this and the next are borrowed from the reply */
	size_t text_len;
	const char *note; /* what follows the blank line, proven by nothing */
	size_t note_len;
};

/* "lookup/MODULE@VERSION", escaped as in module paths (A -> !a). Errors: GV_EFORMAT. NULL on failure; caller frees. */
char *gv_record_path(const char *module, const char *version, struct gv_err *err) GV_MUST_CHECK;

/* Errors: GV_EPROOF. */
int gv_record_parse(struct gv_record *r, const char *reply, size_t len, struct gv_err *err) GV_MUST_CHECK;

/*
 * The hash in the record's one line "MODULE VERSION h1:...". None, a second one or another kind of hash is GV_EPROOF.
 * Only for a record that was proven to be in the log.
 */
int gv_record_h1(const struct gv_record *r, const char *module, const char *version, char h1[GV_H1_MAX],
		 struct gv_err *err) GV_MUST_CHECK;

#endif
