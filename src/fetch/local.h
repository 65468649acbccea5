/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_LOCAL_H
#define GV_FETCH_LOCAL_H

#include "fetch/fetch.h"

/* A file of this machine as a source. Private to fetch. */
struct gv_source *gv_local_open(const char *path, const struct gv_fetch_progress *progress,
				struct gv_err *err) GV_MUST_CHECK;

/* More than cmd/go takes for a module zip is refused (src/cmd/go/internal/modfetch: 500 MiB). */
#define GV_FETCH_MAX   ((uint64_t)500 << 20)
#define GV_FETCH_CHUNK ((size_t)512 * 1024)

static inline void
gv_fetch_report(const struct gv_fetch_progress *p, uint64_t done, uint64_t kept, int64_t total)
{
	if (p != NULL && p->set != NULL)
		p->set(p->arg, done, kept, total > 0 ? (uint64_t)total : 0);
}

#endif
