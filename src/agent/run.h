/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_RUN_H
#define GV_AGENT_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/cgroup.h"
#include "agent/frame.h"
#include "agent/output.h"
#include "agent/plan.h"

/*
 * Run one command of the cell to its end, and end everything it started.
 *
 * At the timeout test binaries get SIGQUIT (goroutine dumps), 5 s later everything SIGKILL. When the command itself ended,
 * what it left running is killed at once: a daemon does not hold up the phase by the pipe it inherited.
 */
struct agent_cell {
	const struct agent_plan *plan;
	struct agent_cgroup cgroup;
	int signals;          /* signalfd: SIGCHLD and what ends the agent */
	uint64_t deadline_ms; /* of the cell */
	uint64_t peak_rss;
	bool oom;
	const char *over; /* "deadline" or "interrupted": no further command runs */
};

/* Block and collect signals; once, at the start. */
int agent_run_init(struct agent_cell *cell, struct gv_err *err) GV_MUST_CHECK;

/* Errors: GV_EIO when nothing can be started at all (no pipe, no process). */
int agent_run(struct agent_cell *cell, char *const argv[], unsigned timeout_s, struct agent_output *out,
	      struct agent_end *end, struct gv_err *err) GV_MUST_CHECK;

#endif
