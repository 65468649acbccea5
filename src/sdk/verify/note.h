/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_NOTE_H
#define GV_VERIFY_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

/* Signed notes and their keys (golang.org/x/mod/sumdb/note). */
#define GV_NOTE_MAX 65536 /* bytes; a head with one signature has about 190 */

struct gv_note_key {
	char name[256];
	uint32_t hash; /* first 4 bytes of SHA-256(name "\n" 0x01 key) */
	uint8_t ed25519[32];
};

/* "NAME+HASH8HEX+BASE64(0x01 key)", split at the first two '+' only. Errors: GV_EFORMAT. */
int gv_note_key_parse(struct gv_note_key *k, const char *text, struct gv_err *err) GV_MUST_CHECK;

/*
 * Check a note: at least one of `keys` has a good signature in it, and none has a bad one. The signed text starts at
 * `note`; `*text_len` is its length, with the final newline but without the blank line. Errors: GV_EPROOF.
 */
int gv_note_verify(const char *note, size_t len, const struct gv_note_key *keys, size_t n_keys, size_t *text_len,
		   struct gv_err *err) GV_MUST_CHECK;

#endif
