/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_SUMFILE_H
#define GV_STORE_SUMFILE_H

#include "util/err.h"
#include "verify/dirhash.h"

/* gover.sum, a project's own pins (verify/gosum.h). What it pins needs no log, so it can be proven offline. */
#define GV_SUMFILE_NAME "gover.sum"

struct gv_sumfile_pin {
	char h1[GV_H1_MAX];
	char *file; /* absolute; caller frees */
	int line;   /* from 1 */
};

/*
 * Look into the nearest gover.sum, from `dir` (absolute) upwards: 1 pinned there, 0 no such file or no such line, -1
 * failure (GV_EFORMAT as "FILE:LINE: ...").
 */
int gv_sumfile_find(struct gv_sumfile_pin *out, const char *dir, const char *module, const char *version,
		    struct gv_err *err) GV_MUST_CHECK;

#endif
