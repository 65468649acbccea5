/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_PROGRAMS_H
#define GV_RESOLVE_PROGRAMS_H

#include "util/err.h"

/*
 * Find our own programs. The search starts from the running program (/proc/self/exe), so an installed tree may be
 * moved: first in the same tree, or in the same directory as in a build tree, then at the configured place.
 */

/* libexec/gover/gover-core. Caller frees. Errors: GV_EFAIL. */
char *gv_program_core(struct gv_err *err) GV_MUST_CHECK;

/* libexec/gover/gover-agent, for cells with this machine's platform. Caller frees. Errors: GV_EFAIL. */
char *gv_program_agent(struct gv_err *err) GV_MUST_CHECK;

/* bin/gover. Caller frees. Errors: GV_EFAIL. */
char *gv_program_gover(struct gv_err *err) GV_MUST_CHECK;

#endif
