/* SPDX-License-Identifier: MIT */
#ifndef GV_LOCAL_CHILD_H
#define GV_LOCAL_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cell/frames.h"
#include "cell/plan.h"
#include "engine/limits.h"
#include "util/tail.h"

/* An agent as our child process, in a sandbox or not. Its frames come through a pipe. */
struct gv_child {
	pid_t pid;    /* 0: not running */
	int out, err; /* our ends of its stdout and stderr; -1: closed */
	struct gv_frames frames;
	struct gv_tail said; /* the end of its stderr, for example why no sandbox could be made */
	int64_t deadline_ms; /* monotonic; after it the agent hangs */
	int status;          /* from waitpid(), once pid is 0 */
	bool broken;         /* it hangs or its answer makes no sense: do not wait for it */
};

/* clang-format off */
#define GV_CHILD_INIT { .out = -1, .err = -1 }
/* clang-format on */

/*
 * Start `argv`, which is or ends in the agent, with the plan on its stdin, an empty environment and in the group `g`.
 * It inherits the `n_keep` descriptors in `keep` besides 0 to 2. It gets SIGTERM when the calling thread ends.
 */
int gv_child_start(struct gv_child *c, char *const argv[], const struct gv_plan *plan, const int *keep, size_t n_keep,
		   struct gv_cgroup *g, struct gv_err *err) GV_MUST_CHECK;
/* Read the next frame, as gv_cell_read() does. */
int gv_child_read(struct gv_child *c, char **json, size_t *len, struct gv_err *err) GV_MUST_CHECK;
/* Wait until it ends. Errors: GV_EFAIL when it hangs, GV_EINTR. gv_child_stop() ends it then. */
int gv_child_finish(struct gv_child *c, struct gv_err *err) GV_MUST_CHECK;
/* Send `sig`, two seconds later SIGKILL, and wait. Safe at any time. */
void gv_child_stop(struct gv_child *c, int sig);
/* Kill it, wait, and free the contents. */
void gv_child_release(struct gv_child *c);

#endif
