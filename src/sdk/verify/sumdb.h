/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_SUMDB_H
#define GV_VERIFY_SUMDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "util/str.h"
#include "verify/dirhash.h"
#include "verify/note.h"

/*
 * Client of Go's checksum database (proposal 25530; reply and tile formats of golang.org/x/mod/sumdb).
 *
 * gv_sumdb_lookup() returns 0 only when all of this holds for a tree head that the key signed:
 * - The tree includes the record. Every tile used is authenticated up to the head (GO-2026-6179).
 * - The head is consistent with the newest head stored before. If not, the log has forked; the report shows both notes.
 * - The authenticated record text (never the note behind it, GO-2026-6180) holds exactly one line
 *   "MODULE VERSION h1:...". No such line is a failure (GO-2026-4984).
 *
 * As in cmd/go, a well signed, consistent head is stored even if the record then fails. An older head never replaces a
 * newer one. A lookup takes two round trips, or three when the log has grown past a partial tile that it needs.
 *
 * Errors: GV_EPROOF for anything wrong in the database's bytes, and for GOSUMDB=off; GV_ENOTFOUND when it has no such
 * record; GV_ENET when it lacks one of its own tiles; GV_EFORMAT for a malformed module or version; GV_EBUSY when other
 * processes keep changing the stored head; and what `get` returned.
 */
struct gv_sumdb_key {
	char name[256]; /* "sum.golang.org" */
	struct gv_note_key key;
	char url[1024];    /* its address without a proxy: "https://" name, or the URL in GOSUMDB */
	bool explicit_url; /* GOSUMDB names a URL, so proxies are bypassed */
	bool off;          /* GOSUMDB=off */
};

/*
 * Parse GOSUMDB: "" (sum.golang.org), NAME (sum.golang.org or sum.golang.google.cn), NAME+HASH+KEY, or "off". " URL"
 * may follow a name or key. Errors: GV_EFORMAT.
 */
int gv_sumdb_key_parse(struct gv_sumdb_key *k, const char *gosumdb, struct gv_err *err) GV_MUST_CHECK;

struct gv_sumdb_blob {
	enum gv_code code; /* GV_OK, GV_ENOTFOUND, GV_ENET */
	char *data;        /* NUL-terminated, freed by the client */
	size_t len;
	struct gv_err err;
};

/* What the client needs from its caller. verify/sumdbdisk.h has the parts for a real store. */
struct gv_sumdb_io {
	void *arg;
	/* Fetch several paths below the database's base ("lookup/...", "tile/8/..."), in parallel if it can. */
	void (*get)(void *arg, const char *const *paths, size_t n, struct gv_sumdb_blob *blobs);
	/* Read a cached tile: true with *data malloc'ed. It is proven again, so damage is harmless. May be NULL. */
	bool (*cache_read)(void *arg, const char *path, char **data, size_t *len);
	/* Gets proven tiles only. May be NULL. */
	void (*cache_write)(void *arg, const char *path, const void *data, size_t len);
	/* The newest signed head seen so far; "" when there is none. */
	int (*head_read)(void *arg, char **note, struct gv_err *err);
	/* Replace the head if it is still `old`: 1 done, 0 it has changed, -1 failed. */
	int (*head_swap)(void *arg, const char *old, const char *note, struct gv_err *err);
	const char *head_name; /* its file name, for messages */
};

struct gv_sumdb_answer {
	char h1[GV_H1_MAX];
	uint64_t record;    /* its number in the log */
	uint64_t tree_size; /* of the head that proves it */
};

/* When the failure is a fork, `report` gets the report of several lines: both notes and the proof. */
int gv_sumdb_lookup(struct gv_sumdb_answer *out, const struct gv_sumdb_key *key, const struct gv_sumdb_io *io,
		    const char *module, const char *version, struct gv_str *report, struct gv_err *err) GV_MUST_CHECK;

#endif
