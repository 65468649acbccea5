/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_REPEAT_H
#define GV_REPORT_REPEAT_H

#include "judge/result.h"
#include "util/str.h"

/*
 * Append the shell command that runs a cell again: "gover validate 1.22.3 --only 'go1.22.3#sub/mod'". Appends nothing
 * if there is no reason to repeat the cell. The command contains text of the project; the writer must clean it.
 */
void gv_repeat_command(struct gv_str *out, const struct gv_cell_result *c);

/* Append " NAME VALUE" with the value as a shell word; nothing when the value is NULL or empty. */
void gv_repeat_option(struct gv_str *out, const char *name, const char *value);

#endif
