/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_REFRESH_H
#define GV_FETCH_REFRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/origin.h"
#include "util/strv.h"

/* What became of the index of releases. */
struct gv_refreshed {
	bool changed; /* written anew; else it was young enough, or the refresh failed */
	int64_t
	    fetched; /* when it was last refreshed, seconds since 1970; 0: never, only the compiled-in table is known */
};

/*
 * Bring <index>/releases (version/known.h) up to date: from the module list of a proxy or the index of a
 * golang origin, by the order and rules of the origins. One that is younger than an hour is left alone unless `force`.
 * On failure the old one stays; *out is filled all the same, so that a caller may warn and go on with what is known.
 */
int gv_index_refresh(struct gv_origins *o, struct gv_http *h, const struct gv_dirs *d, bool force,
		     struct gv_refreshed *out, struct gv_err *err) GV_MUST_CHECK;

/* The Go versions for `platform` in a golang.org/toolchain/@v/list; other lines are skipped. */
void gv_toolchain_list_parse(struct gv_strv *out, const char *text, size_t len, const char *platform);

#endif
