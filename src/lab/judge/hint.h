/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_HINT_H
#define GV_JUDGE_HINT_H

#include <stddef.h>

#include "judge/patterns.h"
#include "util/str.h"

#define GV_HINT_MAX 512 /* bytes of a hint */

/*
 * Append the hint for a match, a sentence without a full stop; or nothing if there is none. `line` is the deciding
 * line, `text` what the match was found in, `minor` the N of the tested Go 1.N.
 */
void gv_hint_add(struct gv_str *out, const struct gv_match *m, const char *line, const char *text, int minor);

#endif
