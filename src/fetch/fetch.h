/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_FETCH_H
#define GV_FETCH_FETCH_H

#include <stdint.h>

#include "fetch/origin.h"

/*
 * The bytes of one download, however often the connection breaks.
 *
 * The source first replays what an earlier run kept in PART (if its validator PART.meta still matches the URL), then goes on
 * over the network (Range + If-Range) and appends to PART as it lends the bytes on. A reply that is not the
 * expected 206 restarts from zero: only possible before any byte was lent; after that it is GV_ENET with the part removed,
 * and the caller starts over. Cut connections and stalls are resumed inside the source within the limits of net/http.h.
 * On success (end of stream) PART is complete and the caller removes it; on GV_EPROOF the caller removes it too;
 * on GV_ENET and GV_EINTR it stays for the next run. Nothing is hashed here.
 */
struct gv_fetch_progress {
	/* Bytes: `kept` is the part of `done` that an earlier run brought; total 0 is unknown. */
	void (*set)(void *arg, uint64_t done, uint64_t kept, uint64_t total);
	void *arg;
};

struct gv_source *gv_fetch_open(struct gv_http *h, const struct gv_download *d, const char *part_path,
				const struct gv_fetch_progress *progress, struct gv_err *err) GV_MUST_CHECK;

/* Remove PART and PART.meta. */
void gv_fetch_discard(const char *part_path);

#endif
