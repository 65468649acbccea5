/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_CHILD_H
#define GV_ENGINE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "engine/cgroup.h"
#include "engine/engine.h"
#include "engine/frames.h"

/* An agent as a child process of ours, in a sandbox or not: its frames come through a pipe. */
struct gv_child {
	pid_t pid;    /* 0: not running */
	int out, err; /* our ends, -1 closed */
	struct gv_frames frames;
	char said[2048]; /* the end of what it wrote to stderr: why a sandbox could not be made */
	size_t said_len;
	int64_t deadline_ms; /* monotonic: after that it hangs */
	int status;           /* of wait, once pid is 0 */
	bool broken;          /* what it answers is not to be understood, or it hangs: it is not waited for */
};

/* clang-format off */
#define GV_CHILD_INIT { .out = -1, .err = -1 }
/* clang-format on */

/*
 * `keep`, of `n_keep`: descriptors that it inherits besides 0 (/dev/null), 1 and 2. The environment is `envp`. It is told to
 * die (SIGTERM) when the calling thread ends. `g` may be NULL.
 */
int gv_child_start(struct gv_child *c, char *const argv[], char *const envp[], const int *keep, size_t n_keep,
		   const struct gv_cgroup *g, unsigned seconds, struct gv_err *err) GV_MUST_CHECK;
int gv_child_read(struct gv_child *c, char **json, size_t *len, struct gv_err *err) GV_MUST_CHECK;
/* Wait for its end. Errors: GV_EFAIL when it hangs (it is killed). */
int gv_child_finish(struct gv_child *c, struct gv_err *err) GV_MUST_CHECK;
/* Send `sig`, after two seconds SIGKILL, and wait. Safe at any time. */
void gv_child_stop(struct gv_child *c, int sig);
void gv_child_free(struct gv_child *c);

#endif
