/* SPDX-License-Identifier: MIT */
#ifndef GV_SHELL_QUOTE_H
#define GV_SHELL_QUOTE_H

#include "util/str.h"

/* Write code for a shell to evaluate. No byte in a value can become code. */
enum gv_shell { GV_SHELL_UNKNOWN, GV_SHELL_POSIX, GV_SHELL_FISH };

/* The kind of a program's name: POSIX for sh, bash, dash, zsh, ksh, mksh, ash, busybox. Skips a login shell's "-". */
enum gv_shell gv_shell_of(const char *name);

/* Append "export NAME='value'" or "set -gx NAME 'value'". For fish, PATH becomes a list. */
void gv_quote_set(struct gv_str *out, enum gv_shell shell, const char *name, const char *value);
/* Append the command that unsets NAME. */
void gv_quote_unset(struct gv_str *out, enum gv_shell shell, const char *name);

#endif
