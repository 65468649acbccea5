/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_DECIDED_H
#define GV_RESOLVE_DECIDED_H

#include "resolve/resolve.h"

/*
 * What selected the version, as text for people: "/home/u/p/.go-version:1", "GOVER_VERSION", "'gover use'". Safe
 * for a terminal (util/text.h). Cut when it does not fit.
 */
void gv_origin_text(char *out, size_t size, const struct gv_resolution *r);

#endif
