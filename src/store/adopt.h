/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_ADOPT_H
#define GV_STORE_ADOPT_H

#include "store/private.h"

/*
 * Take a tree that lies elsewhere (GitHub's tool cache) as it is: hash every file, prove it as a download is proven, and make
 * sdks/NAME a link to it. Nothing is written there. The caller holds the version's lock; `m` has version and platform, and
 * gets the rest.
 */
int gv_adopt(struct gv_store *s, const char *name, const struct gv_download *dl, struct gv_manifest *m,
	     struct gv_str *report, struct gv_err *err) GV_MUST_CHECK;

#endif
