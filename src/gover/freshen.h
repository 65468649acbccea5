/* SPDX-License-Identifier: MIT */
#ifndef GV_GOVER_FRESHEN_H
#define GV_GOVER_FRESHEN_H

#include "resolve/dirs.h"

/*
 * Have gover-core fetch the list of releases when ours is older than an hour. When that fails, print a warning with the
 * age of our list; the caller goes on with that list.
 */
void gv_refresh(const struct gv_dirs *d);

#endif
