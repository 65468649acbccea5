/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_PROOF_H
#define GV_STORE_PROOF_H

#include "fetch/origin.h"
#include "resolve/config.h"
#include "resolve/dirs.h"
#include "store/manifest.h"
#include "util/str.h"

/*
 * Which hash an SDK must have: the one in Go's transparency log, or any with verify=off. A gover.sum in or above the
 * working directory (store/sumfile.h) can demand a hash in addition, but never replaces the log: it comes with the
 * repository, which must not vouch for an SDK that the log does not have. A thread asks the log during the download.
 */
struct gv_proof;

/*
 * Start. All arguments must outlive the proof. NULL on failure. Errors that show at once, such as a malformed gover.sum
 * or GOSUMDB.
 */
struct gv_proof *gv_proof_begin(const struct gv_dirs *d, const struct gv_config *c, struct gv_origins *o,
				const struct gv_download *dl, struct gv_err *err) GV_MUST_CHECK;

/*
 * Wait for the answer and compare. On success fills in h1 and the proof of *m, which is LOG or NONE. Errors: GV_EPROOF,
 * which names the expected and the found hash, and the log or (if the log agrees) FILE:LINE of the gover.sum; `report`
 * gets the fork report. GV_ENET when the log cannot be reached, unless the gover.sum already demands another hash.
 */
int gv_proof_check(struct gv_proof *p, const char *h1, struct gv_manifest *m, struct gv_str *report,
		   struct gv_err *err) GV_MUST_CHECK;

/* For an archive that could not be unpacked because of *err: add the expected hash to *err. Waits for the answer. */
void gv_proof_damaged(struct gv_proof *p, struct gv_err *err);

/* Waits for the thread and frees. NULL is fine. */
void gv_proof_free(struct gv_proof *p);

#endif
