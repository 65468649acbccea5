/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_REFRESH_H
#define GV_FETCH_REFRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/origin.h"
#include "util/strv.h"

/* What happened to the index of releases. */
struct gv_refreshed {
	bool changed;    /* written again; if not, it was young enough, or the refresh failed */
	int64_t fetched; /* last refresh, seconds since 1970; 0: never, only the built-in table is known */
};

/*
 * Bring <index>/releases (version/known.h) up to date from a proxy's module list or a golang origin's index, in the
 * order of the origins. An index younger than an hour stays as it is unless `force`. On failure the old one stays.
 * *out is filled even then, so that the caller can warn and use the releases that are known.
 */
int gv_index_refresh(struct gv_origins *o, struct gv_http *h, const struct gv_dirs *d, bool force,
		     struct gv_refreshed *out, struct gv_err *err) GV_MUST_CHECK;

/* The Go versions for `platform` in a golang.org/toolchain/@v/list; other lines are skipped. For tests. */
void gv_toolchain_list_parse(struct gv_strv *out, const char *text, size_t len, const char *platform);

#endif
