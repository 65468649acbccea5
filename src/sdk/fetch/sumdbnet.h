/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_SUMDBNET_H
#define GV_FETCH_SUMDBNET_H

#include "fetch/origin.h"

/*
 * How to reach a checksum database: through the first proxy of GOPROXY whose sumdb/NAME/supported answers 200, and then
 * no other; if none does, directly at `direct_url`. An explicit URL in GOSUMDB bypasses proxies.
 */
struct gv_sumdbnet;

/* Finds the way, over the network unless `direct_only`. `h` is borrowed. NULL on failure; the caller frees. */
struct gv_sumdbnet *gv_sumdbnet_new(struct gv_origins *o, struct gv_http *h, const char *name, const char *direct_url,
				    bool direct_only, struct gv_err *err) GV_MUST_CHECK;
void gv_sumdbnet_free(struct gv_sumdbnet *n);

/* Get paths like "lookup/golang.org/toolchain@v0.0.1-go1.22.3.linux-amd64" and "tile/8/0/x097/380". */
void gv_sumdbnet_get(struct gv_sumdbnet *n, const char *const *paths, size_t count, struct gv_http_body *bodies);

#endif
