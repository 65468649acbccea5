/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_SOURCE_H
#define GV_UTIL_SOURCE_H

#include <stddef.h>
#include <sys/types.h>

#include "util/err.h"

/*
 * A stream of bytes that the caller reads chunk by chunk: a file, the body of a reply, or a filter on another source.
 * To implement one, make this the first member of your own struct.
 */
struct gv_source {
	/*
	 * Set `*chunk` to the next chunk and return its length in bytes, 0 at the end, or -1 with *err set. The source
	 * owns `*chunk`, which is valid until the next call. After 0 or -1 the caller must not read again.
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
