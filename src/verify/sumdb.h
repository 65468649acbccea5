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
 * gv_sumdb_lookup() returns 0 only when, under a tree head signed by the key: the record is included (every tile used
 * is authenticated up to the head, GO-2026-6179), the head is consistent with the newest head stored before (else a
 * fork, reported with both notes), and the authenticated record text (never the note behind it, GO-2026-6180) holds
 * exactly one line "MODULE VERSION h1:..." (none is a failure, GO-2026-4984).
 *
 * A head that is well signed and consistent is stored even if the record then fails, as cmd/go does; an older one
 * never replaces a newer one. Two round trips, a third when the log has grown past a partial tile that is wanted.
 *
 * Errors: GV_EPROOF for anything the database's bytes get wrong, and for GOSUMDB=off; GV_ENOTFOUND when it has no such
 * record; GV_ENET when it does not hold its own tiles, and what `get` returned; GV_EFORMAT for a malformed module or
 * version; GV_EBUSY when other processes never let go of the stored head.
 */
struct gv_sumdb_key {
	char name[256];     /* "sum.golang.org" */
	struct gv_note_key key;
	char url[1024];     /* where it answers directly: "https://" name, or the URL of GOSUMDB */
	bool explicit_url;  /* GOSUMDB named a URL: proxies are bypassed */
	bool off;           /* GOSUMDB=off */
};

/*
 * Parse GOSUMDB: "" (sum.golang.org), NAME (sum.golang.org, sum.golang.google.cn), NAME+HASH+KEY, each with " URL" or
 * without; or "off". Errors: GV_EFORMAT.
 */
int gv_sumdb_key_parse(struct gv_sumdb_key *k, const char *gosumdb, struct gv_err *err) GV_MUST_CHECK;

struct gv_sumdb_blob {
	enum gv_code code; /* GV_OK, GV_ENOTFOUND, GV_ENET */
	char *data;        /* NUL-terminated, freed by the client */
	size_t len;
	struct gv_err err;
};

/* What the client needs from outside; verify/sumdbdisk.h has the one for a real store. */
struct gv_sumdb_io {
	void *arg;
	/* Fetch several paths below the database's base ("lookup/...", "tile/8/..."), in parallel if it can. */
	void (*get)(void *arg, const char *const *paths, size_t n, struct gv_sumdb_blob *blobs);
	/* A tile from the cache: true with *data malloc'ed. It is proven again, so damage is harmless. May be NULL. */
	bool (*cache_read)(void *arg, const char *path, char **data, size_t *len);
	/* Called with proven tiles only. May be NULL. */
	void (*cache_write)(void *arg, const char *path, const void *data, size_t len);
	/* The newest signed head seen; "" when none. */
	int (*head_read)(void *arg, char **note, struct gv_err *err);
	/* Replace it if it still is `old`: 1 done, 0 changed meanwhile, -1 failed. */
	int (*head_swap)(void *arg, const char *old, const char *note, struct gv_err *err);
	const char *head_name; /* what messages call it: its file name */
};

struct gv_sumdb_answer {
	char h1[GV_H1_MAX];
	uint64_t record;    /* number in the log */
	uint64_t tree_size; /* of the head that proves it */
};

/* `report` gets the multi-line fork report (both notes and the proof) when the failure is a fork. */
int gv_sumdb_lookup(struct gv_sumdb_answer *out, const struct gv_sumdb_key *key, const struct gv_sumdb_io *io,
		    const char *module, const char *version, struct gv_str *report, struct gv_err *err) GV_MUST_CHECK;

#endif
