/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_HINT_H
#define GV_VALIDATE_HINT_H

#include <stddef.h>

#include "util/str.h"
#include "validate/patterns.h"

#define GV_HINT_MAX 512 /* bytes of a hint */

/* The sentence of a hint that needs nothing of the match. */
const char *gv_hint_sentence(enum gv_hint hint);

/* A sentence without a full stop for the match, whose deciding line is `line`; nothing when there is none to give. */
void gv_hint_add(struct gv_str *out, const struct gv_match *m, const char *line, const char *text, int minor);

/*
 * The module whose file a line names: "/home/u/go/pkg/mod/github.com/x/y@v1.2.3/a.go:3:2: ..." -> "github.com/x/y@v1.2.3",
 * "vendor/github.com/x/y/a.go:1:2: ..." -> "github.com/x/y". False: a file of the project itself, or no file.
 */
bool gv_hint_dependency(char *out, size_t size, const char *line);

#endif
