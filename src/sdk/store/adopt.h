/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_ADOPT_H
#define GV_STORE_ADOPT_H

#include "store/private.h"

/*
 * Use a tree elsewhere (GitHub's tool cache) in place: hash every file, prove the tree like a download, and make
 * sdks/NAME a link to it. Nothing is written into the tree. The caller holds the version's lock. `m` has version and
 * platform; the rest is filled in, and the caller releases it, after a failure too. Errors: GV_EPROOF for a tree that
 * is too deep or has anything but files and directories, GV_EIO, GV_EINTR, and those of gv_proof_begin() and
 * gv_proof_check(), which also fills `report`.
 */
int gv_adopt(struct gv_store *s, const char *name, const struct gv_download *dl, struct gv_manifest *m,
	     struct gv_str *report, struct gv_err *err) GV_MUST_CHECK;

#endif
