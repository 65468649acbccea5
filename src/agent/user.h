/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_USER_H
#define GV_AGENT_USER_H

#include <sys/types.h>

#include "util/err.h"

/* From root to an ordinary user, without a way back: no groups, no capabilities. The sandbox has set no-new-privileges. */
int agent_become_user(uid_t uid, gid_t gid, struct gv_err *err) GV_MUST_CHECK;

/*
 * Become `user` ("UID:GID", "0:0" = stay) and run a program at the terminal, as its foreground process group: a shell in a
 * namespace of its own would else find a group there that it cannot name. Returns an exit status when that fails.
 */
int agent_enter(const char *user, char *const argv[]);

#endif
