/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_MODULES_H
#define GV_VALIDATE_MODULES_H

#include "engine/engine.h"
#include "validate/cellspec.h"

/*
 * Modules are fetched once per Go version, before its cells run without a network: on this host, in a disposable copy
 * of the checkout, with the tested Go and the user's own settings (GOPROXY, GOPRIVATE, netrc, VCS), into gover's own
 * module cache.
 *
 * What fails here fails again in the cell, offline, and is classified there; so a failure is only remembered: when the
 * cell then lacks a module, `log` tells the network's fault from the project's.
 */
struct gv_fetched {
	bool failed;
	char *log; /* what the go command said, "" when all went well */
};

/* What it holds, not `f`. */
void gv_fetched_release(struct gv_fetched *f);

/* `host` is a host engine. -1 only for GV_EINTR and when the copy cannot be made at all. */
int gv_modules_fetch(struct gv_fetched *out, struct gv_engine *host, const struct gv_cellspec_in *in,
		     struct gv_err *err) GV_MUST_CHECK;

#endif
