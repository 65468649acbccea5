/* SPDX-License-Identifier: MIT */
#ifndef GV_GOVER_VOUCHED_H
#define GV_GOVER_VOUCHED_H

#include "resolve/dirs.h"

/*
 * How an installed SDK was proven, in the words of `gover list`. Reads the head of its manifest (store/manifest.h):
 *
 *	log        by Go's transparency log
 *	unlogged   not at all, because the setting verify was off
 *	file       only by a gover.sum, which older versions accepted instead of the log
 *	unproven   unknown: there is no manifest (a cache was restored without manifests/), or it cannot be read, is
 *	           damaged, or belongs to another SDK or a newer gover; all but the first print a warning
 *
 * Only "log" counts as proven. `sdk` is the SDK's path. Returns static text.
 */
const char *gv_vouched(const struct gv_dirs *d, const char *sdk, const char *version, const char *platform);

#endif
