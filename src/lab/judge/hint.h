/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_HINT_H
#define GV_JUDGE_HINT_H

#include <stddef.h>

#include "judge/patterns.h"
#include "util/str.h"

#define GV_HINT_MAX 512 /* bytes of a hint */

/* A sentence without a full stop for the match, whose deciding line is `line`; nothing when there is none to give. */
void gv_hint_add(struct gv_str *out, const struct gv_match *m, const char *line, const char *text, int minor);

#endif
