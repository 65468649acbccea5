/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_ORIGIN_H
#define GV_UI_ORIGIN_H

#include "resolve/resolve.h"

/*
 * What decided, for people: "/home/u/p/.go-version:1", "GOVER_VERSION", "'gover use'". Cleaned; cut when it
 * does not fit.
 */
void gv_origin_text(char *out, size_t size, const struct gv_resolution *r);

#endif
