/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_SUMFILE_H
#define GV_STORE_SUMFILE_H

#include "util/err.h"
#include "verify/dirhash.h"

/*
 * gover.sum holds a project's own pins (verify/gosum.h). It is searched from a directory upwards; the nearest one is
 * used. It can only refuse a toolchain, never prove one (store/proof.h), so its owner matters little. One exception: in
 * a directory that anybody can write to, such as /tmp, a file that belongs to neither this user nor root is ignored.
 * Otherwise any user of the machine could stop all installs below it. Elsewhere another owner is fine: a shared
 * checkout, or one mounted into a container and used by root, must keep its pins.
 */
#define GV_SUMFILE_NAME "gover.sum"

struct gv_sumfile_pin {
	char h1[GV_H1_MAX];
	char *file; /* absolute; caller frees */
	int line;   /* from 1 */
};

/*
 * Look into the nearest gover.sum, from `dir` (absolute) upwards. Returns 1 when it has a pin; 0 when there is no file,
 * or no line for this module version; -1 on failure (GV_EFORMAT as "FILE:LINE: ...").
 */
int gv_sumfile_find(struct gv_sumfile_pin *out, const char *dir, const char *module, const char *version,
		    struct gv_err *err) GV_MUST_CHECK;

/* The ignored file nearest to `dir`, upwards, so that the caller can warn; or NULL. Caller frees. */
char *gv_sumfile_ignored(const char *dir) GV_MUST_CHECK;

#endif
