/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_PROOF_H
#define GV_STORE_PROOF_H

#include "fetch/origin.h"
#include "resolve/config.h"
#include "resolve/dirs.h"
#include "store/manifest.h"
#include "util/str.h"

/*
 * What an SDK must hash to, and who says so: the project's gover.sum, else Go's transparency log, else (setting
 * verify=off) nobody. The log is asked by a thread of its own while the download runs.
 */
struct gv_proof;

/* Begin. All arguments must outlive the proof. Errors: what can be told at once, such as a malformed gover.sum or GOSUMDB. */
struct gv_proof *gv_proof_begin(const struct gv_dirs *d, const struct gv_config *c, struct gv_origins *o,
				const struct gv_download *dl, struct gv_err *err) GV_MUST_CHECK;

/*
 * Wait for the answer and compare; on success fill in h1 and the proof of *m. Errors: GV_EPROOF naming expected and found;
 * `report` gets the fork report; GV_ENET when the log cannot be reached.
 */
int gv_proof_check(struct gv_proof *p, const char *h1, struct gv_manifest *m, struct gv_str *report,
		   struct gv_err *err) GV_MUST_CHECK;

/* For an archive that could not be unpacked, *err being the reason: name what was expected too. Waits for the answer. */
void gv_proof_damaged(struct gv_proof *p, struct gv_err *err);

/* Waits for the thread. NULL is fine. */
void gv_proof_free(struct gv_proof *p);

#endif
