/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_USER_H
#define GV_AGENT_USER_H

#include <sys/types.h>

#include "util/err.h"

/*
 * Change from root to an ordinary user, without groups and capabilities, so that there is no way back. The sandbox has
 * already set no-new-privileges.
 */
int agent_become_user(uid_t uid, gid_t gid, struct gv_err *err) GV_MUST_CHECK;

/*
 * Become `user` ("UID:GID"; "0:0" means stay root) and exec a program as the terminal's foreground process group.
 * Otherwise a shell in its own pid namespace would find a foreground group there that has no number in its namespace.
 * Returns only on failure, with an exit status.
 */
int agent_enter(const char *user, char *const argv[]);

#endif
