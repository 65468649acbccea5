/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_FETCH_H
#define GV_FETCH_FETCH_H

#include <stdint.h>

#include "fetch/origin.h"

/*
 * The bytes of one download, however often the connection breaks.
 *
 * The source first replays what an earlier run kept in PART, if the validator in PART.meta still matches the URL. Then
 * it continues over the network (Range + If-Range), lends the new bytes and appends them to PART. If a reply is not the
 * expected 206, the source restarts from zero. It can do that only before it has lent a byte. Later it removes the part
 * and fails with GV_ENET, and the caller starts over. The source resumes after cut connections and stalls, within the
 * limits of net/http.h. At the end of the stream PART is complete, and the caller removes it. The caller also removes
 * it on GV_EPROOF. On GV_ENET and GV_EINTR it stays for the next run. Nothing is hashed here.
 */
struct gv_fetch_progress {
	/* In bytes. `kept` is the part of `done` that an earlier run fetched; `total` is 0 when unknown. */
	void (*set)(void *arg, uint64_t done, uint64_t kept, uint64_t total);
	void *arg;
};

/*
 * Start a download; the caller closes the source. `h` is borrowed until then and serves nothing else; the rest is
 * copied. If d->url is a path, the file is read in place, without PART. Errors (NULL): those of net/http.h, GV_EIO.
 */
struct gv_source *gv_fetch_open(struct gv_http *h, const struct gv_download *d, const char *part_path,
				const struct gv_fetch_progress *progress, struct gv_err *err) GV_MUST_CHECK;

/* Remove PART and PART.meta. */
void gv_fetch_discard(const char *part_path);

#endif
