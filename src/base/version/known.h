/* SPDX-License-Identifier: MIT */
#ifndef GV_VERSION_KNOWN_H
#define GV_VERSION_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "util/strv.h"

/*
 * The known Go releases. They come from a compiled-in table (data/go-releases.tsv) and from an index file, which
 * gover-core refreshes. The index is plain text, so that both programs can read it:
 *
 *	gover-index 1<TAB>FETCHED (seconds since 1970)<TAB>SOURCE
 *	VERSION<TAB>DATE (YYYY-MM-DD or -)<TAB>KIND (stable, rc, beta)
 *	...                                      ascending
 */
struct gv_release {
	const char *version;
	const char *date; /* "2024-05-07", or "-" */
	const char *kind; /* "stable", "rc", "beta" */
};

/* The compiled-in table, ascending. For tests; gv_known_load() includes it. */
extern const struct gv_release gv_release_table[];
extern const size_t gv_release_table_len;
extern const char gv_release_table_date[]; /* the day on which the compiled-in table was made */

struct gv_known {
	struct gv_release *releases; /* ascending in Go's order, no duplicates */
	size_t n;
	struct gv_strv versions; /* the same versions as strings, for gv_request_select() */
	int64_t fetched;         /* when the index was refreshed, seconds since 1970; 0: no index */
	char *text;              /* the index file; `releases` points into it */
};

#define gv_autoknown __attribute__((cleanup(gv_known_release)))

/*
 * Load the table and the index file. A missing index is no error, and `index_path` may be NULL. An index that cannot be
 * read, is malformed or has a newer format is ignored: *warn then says why, and the table alone is loaded. Otherwise
 * warn->code is GV_OK. The caller releases *k.
 */
void gv_known_load(struct gv_known *k, const char *index_path, struct gv_err *warn);

/* Free what `k` holds, but not `k` itself. */
void gv_known_release(struct gv_known *k);

/* Find a release. Returns NULL when it is not known. `k` owns the result. */
const struct gv_release *gv_known_find(const struct gv_known *k, const char *version);

/* Whether `version` belongs to one of the two newest stable minors. */
bool gv_known_supported(const struct gv_known *k, const char *version);

#endif
