/* SPDX-License-Identifier: MIT */
#ifndef GV_VERSION_REQUEST_H
#define GV_VERSION_REQUEST_H

#include <stdbool.h>

#include "util/err.h"
#include "util/strv.h"
#include "version/version.h"

/*
 * The version that a user requests: an exact release, a partial version, a word or a range.
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

#define GV_REQUEST_MAX 256 /* maximum size of a request's text in bytes, with the NUL */

struct gv_request {
	enum gv_request_kind kind;
	char text[GV_REQUEST_MAX];    /* the request without blanks around it; a version also without its prefix */
	char version[GV_VERSION_MAX]; /* EXACT: the release name; PARTIAL: "1.22", "1" or "" (any) */
};

/* The forms that gv_request_parse() accepts. */
enum gv_request_forms {
	GV_REQUEST_FILE, /* what .go-version may contain: no ranges */
	GV_REQUEST_ANY,  /* what the command line accepts: all; callers that cannot use "system" refuse it themselves */
};

/* Parse a request. `*r` is written only on success. Errors: GV_EFORMAT; the message quotes `text`. */
int gv_request_parse(struct gv_request *r, const char *text, enum gv_request_forms forms,
		     struct gv_err *err) GV_MUST_CHECK;

/*
 * Find the newest candidate that matches, or NULL. `candidates` may have any order and owns the result. Malformed ones
 * are skipped. A pre-release matches only if the request names a pre-release of its minor (see
 * tests/data/version/README.md). GV_REQUEST_SYSTEM matches nothing.
 */
const char *gv_request_select(const struct gv_request *r, const struct gv_strv *candidates);

#endif
