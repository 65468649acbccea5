/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_PROGRAMS_H
#define GV_RESOLVE_PROGRAMS_H

#include "util/err.h"

/*
 * Where our own programs are, found from the running one (/proc/self/exe): beside it in an installed tree, which may have
 * been moved; in the same directory, as in a build tree; at the configured place.
 */

/* libexec/gover/gover-core. Caller frees. Errors: GV_EFAIL. */
char *gv_program_core(struct gv_err *err) GV_MUST_CHECK;

/* bin/gover. Caller frees. Errors: GV_EFAIL. */
char *gv_program_gover(struct gv_err *err) GV_MUST_CHECK;

#endif
