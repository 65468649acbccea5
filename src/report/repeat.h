/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_REPEAT_H
#define GV_REPORT_REPEAT_H

#include "util/str.h"
#include "validate/result.h"

/*
 * The command that runs a cell again, as a shell reads it: "gover validate 1.22.3 --only 'go1.22.3#sub/mod'". Nothing for a cell that
 * there is no reason to repeat. It holds text of the project and is cleaned by the writer, as all.
 */
void gv_repeat_command(struct gv_str *out, const struct gv_cell_result *c);

/* " NAME VALUE", the value as a shell word; nothing when it is NULL or empty. */
void gv_repeat_option(struct gv_str *out, const char *name, const char *value);

#endif
