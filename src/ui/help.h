/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_HELP_H
#define GV_UI_HELP_H

#include "ui/cmd.h"

/* Help texts, on stdout, made from cmds.def, the commands and their option rows. */

/* What `gover help` shows: all commands. */
void gv_help_program(const struct gv_opt *general);

/* What `gover help NAME` shows. `summary` may be NULL (hidden commands). */
void gv_help_command(const struct gv_cmd *cmd, const char *summary, const struct gv_opt *general);

#endif
