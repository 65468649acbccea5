/* SPDX-License-Identifier: MIT */
#ifndef GV_VERSION_KNOWN_H
#define GV_VERSION_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "util/strv.h"

/*
 * Known versions: a release table compiled in (data/go-releases.tsv), and a refreshed index that
 * gover-core writes as plain text so that both programs read it alike:
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

extern const struct gv_release gv_release_table[];
extern const size_t gv_release_table_len;
extern const char gv_release_table_date[]; /* the day the compiled-in table was made */

struct gv_known {
	struct gv_release *releases; /* ascending in Go's order, no duplicates */
	size_t n;
	struct gv_strv versions; /* the same versions as strings, for gv_request_select() */
	int64_t fetched;         /* when the index was refreshed, seconds since 1970; 0 = table only */
	char *text;              /* what the index's strings point into */
};

#define gv_autoknown __attribute__((cleanup(gv_known_free)))

/*
 * The table and the index file together. A missing index is fine; a malformed or newer-format one is
 * ignored with *warn filled (else warn->code is GV_OK): the table always answers. `index_path` may be NULL.
 */
void gv_known_load(struct gv_known *k, const char *index_path, struct gv_err *warn);
void gv_known_free(struct gv_known *k);

/* NULL when not known; borrowed. */
const struct gv_release *gv_known_find(const struct gv_known *k, const char *version);

/* Whether `version` belongs to one of the two newest stable minors. */
bool gv_known_supported(const struct gv_known *k, const char *version);

#endif
