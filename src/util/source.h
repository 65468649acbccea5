/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_SOURCE_H
#define GV_UTIL_SOURCE_H

#include <stddef.h>
#include <sys/types.h>

#include "util/err.h"

/*
 * A stream of bytes that is pulled: a file, the body of a reply, another source with something
 * in between. Embed it first in a struct of your own.
 */
struct gv_source {
	/*
	 * Lend the next chunk: its length, 0 at the end, -1 with *err set. `*chunk` is valid
	 * until the next call. After 0 or -1 the source is not read again.
	 */
	ssize_t (*read)(struct gv_source *src, const void **chunk, struct gv_err *err);
	void (*close)(struct gv_source *src); /* frees the source itself */
};

static inline void
gv_auto_source_(struct gv_source **src)
{
	if (*src != NULL)
		(*src)->close(*src);
}

#define gv_autosource __attribute__((cleanup(gv_auto_source_)))

#endif
