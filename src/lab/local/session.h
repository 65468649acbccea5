/* SPDX-License-Identifier: MIT */
#ifndef GV_LOCAL_SESSION_H
#define GV_LOCAL_SESSION_H

#include "engine/limits.h"
#include "util/spawn.h"

/*
 * Run a program inside a kept cell for the user at the terminal. The program gets a session of its own, and never the
 * user's terminal (engine/terminal.h says why):
 *
 *	stdin and stdout are a terminal   the program gets a new one, with the same settings and size; also as its
 *	                                  stderr, if stderr is a terminal
 *	only some are                     the program gets pipes for these; gover copies from and to the terminal
 *	none is                           the program shares them
 *
 * `argv`, `envp`, `dir` and `keep` of `s` are used; the program joins the control group `g` unless that is NULL.
 * `*status` is the exit status as a shell counts it. Errors: those of gv_spawn_start(); GV_EIO when no terminal can be
 * made; GV_EINTR after a signal, and then gover has ended the program.
 */
int gv_session_run(const struct gv_spawn *s, struct gv_cgroup *g, int *status, struct gv_err *err) GV_MUST_CHECK;

#endif
