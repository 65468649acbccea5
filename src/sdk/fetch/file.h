/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_FILE_H
#define GV_FETCH_FILE_H

#include "fetch/fetch.h"

/* Private to fetch: a local file as a source. The caller closes it. */
struct gv_source *gv_local_open(const char *path, const struct gv_fetch_progress *progress,
				struct gv_err *err) GV_MUST_CHECK;

/* The largest download: cmd/go's limit for a module zip (src/cmd/go/internal/modfetch: 500 MiB). */
#define GV_FETCH_MAX   ((uint64_t)500 << 20)
#define GV_FETCH_CHUNK ((size_t)512 * 1024)

/* Report progress if the caller asked for it. `total` is 0 or less when unknown. */
static inline void
gv_fetch_report(const struct gv_fetch_progress *p, uint64_t done, uint64_t kept, int64_t total)
{
	if (p != NULL && p->set != NULL)
		p->set(p->arg, done, kept, total > 0 ? (uint64_t)total : 0);
}

#endif
