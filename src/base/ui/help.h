/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_HELP_H
#define GV_UI_HELP_H

#include "ui/cmd.h"

/* Print help texts on stdout. They are made from cmds.def, the commands and their option rows. */

/* Print the help of `gover help`: all commands. */
void gv_help_program(const struct gv_opt *general);

/* Print the help of `gover help NAME`. `summary` is NULL for a hidden command. */
void gv_help_command(const struct gv_cmd *cmd, const char *summary, const struct gv_opt *general);

#endif
