/* SPDX-License-Identifier: MIT */
#ifndef GV_GOVER_QUOTE_H
#define GV_GOVER_QUOTE_H

#include "util/str.h"

/* Code that a shell evaluates: whatever bytes a value has, they stay a value. */
enum gv_shell { GV_SHELL_UNKNOWN, GV_SHELL_POSIX, GV_SHELL_FISH };

/* By the name of the program: sh, bash, dash, zsh, ksh, mksh, ash, busybox; fish. A login shell's "-" is skipped. */
enum gv_shell gv_shell_of(const char *name);

/* export NAME='value' or set -gx NAME 'value'; in fish PATH becomes a list. */
void gv_quote_set(struct gv_str *out, enum gv_shell shell, const char *name, const char *value);
void gv_quote_unset(struct gv_str *out, enum gv_shell shell, const char *name);

#endif
