/* SPDX-License-Identifier: MIT */
#ifndef GV_VERSION_REQUEST_H
#define GV_VERSION_REQUEST_H

#include <stdbool.h>

#include "util/err.h"
#include "util/strv.h"
#include "version/version.h"

/*
 * What a user asks for: an exact release, a partial version, a word or a range.
 *
 *	1.22.3  go1.22.3  v1.22.3  go-1.22.3  1.23rc2     exact
 *	1  1.22  1.22.x  1.22.*  *  x                     partial: newest stable match
 *	latest  stable  oldstable                         words
 *	system                                            the first go on PATH
 *	^1.21  ~1.21.3  >=1.20 <1.22  1.20 - 1.22  ||     ranges (not in .go-version)
 */
enum gv_request_kind {
	GV_REQUEST_EXACT,
	GV_REQUEST_PARTIAL,
	GV_REQUEST_LATEST, /* also "stable" */
	GV_REQUEST_OLDSTABLE,
	GV_REQUEST_RANGE,
	GV_REQUEST_SYSTEM,
};

#define GV_REQUEST_MAX 256 /* bytes with the NUL, of the text of a request */

struct gv_request {
	enum gv_request_kind kind;
	char text[GV_REQUEST_MAX];    /* as asked, trimmed, prefix dropped where there was one */
	char version[GV_VERSION_MAX]; /* EXACT: the release name; PARTIAL: "1.22", "1" or "" for all */
};

/* Which forms are taken. */
enum gv_request_forms {
	GV_REQUEST_FILE, /* the grammar of .go-version: no ranges */
	GV_REQUEST_ANY,  /* the command line: ranges too; no "system" is refused by callers that cannot use it */
};

/* Errors: GV_EFORMAT; the message quotes the text, cleaned. `*r` is untouched then. */
int gv_request_parse(struct gv_request *r, const char *text, enum gv_request_forms forms,
		     struct gv_err *err) GV_MUST_CHECK;

/*
 * The newest candidate that fits, borrowed from `candidates` (any order, malformed ones are
 * skipped), or NULL. Pre-releases come only from naming one (see version/README in tests/data).
 * GV_REQUEST_SYSTEM never matches.
 */
const char *gv_request_select(const struct gv_request *r, const struct gv_strv *candidates);

#endif
