/* SPDX-License-Identifier: MIT */
#ifndef GV_GOVER_REFRESH_H
#define GV_GOVER_REFRESH_H

#include "resolve/dirs.h"

/*
 * Have gover-core fetch the list of releases when ours is older than an hour. A failure is no failure of the caller:
 * the list that is there is used, and its age told on stderr.
 */
void gv_refresh(const struct gv_dirs *d);

#endif
