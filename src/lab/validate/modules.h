/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_MODULES_H
#define GV_VALIDATE_MODULES_H

#include "engine/engine.h"
#include "validate/cellspec.h"

/*
 * Cells run without a network, so gover fetches modules before: on this host, once for each Go version and module, in a
 * disposable copy of the checkout, with the tested Go and the user's own settings (GOPROXY, GOPRIVATE, netrc, VCS),
 * into gover's own module cache.
 *
 * A fetch that fails is not an error: the go command fails again in the cell, offline, and that is judged. If the cell
 * lacks a module, `log` shows whether the network or the project is at fault.
 */
struct gv_fetched {
	bool failed;
	char *log; /* what the go command printed in phases that failed; "" if none did */
};

/* Free the contents, not `f`. */
void gv_fetched_release(struct gv_fetched *f);

/*
 * Fetch the modules of `in->cell`; gv_fetched_release() frees the contents of `out`. `host` is a host engine. Errors:
 * GV_EINTR; GV_EIO and those of gv_cell_start() when the fetch cannot start.
 */
int gv_modules_fetch(struct gv_fetched *out, struct gv_engine *host, const struct gv_cellspec_in *in,
		     struct gv_err *err) GV_MUST_CHECK;

#endif
