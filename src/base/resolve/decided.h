/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_DECIDED_H
#define GV_RESOLVE_DECIDED_H

#include "resolve/resolve.h"

/*
 * What selected the version, as text for people: "/home/u/p/.go-version:1", "GOVER_VERSION", "'gover use'". Safe
 * for a terminal (util/text.h). Cut when it does not fit.
 */
void gv_origin_text(char *out, size_t size, const struct gv_resolution *r);

/* Sets GV_ENOTFOUND: `r` has no version, because no known release matches its request. Returns -1. */
int gv_no_known_version(struct gv_err *err, const struct gv_resolution *r);

#endif
