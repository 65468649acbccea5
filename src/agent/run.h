/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_RUN_H
#define GV_AGENT_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/cgroup.h"
#include "agent/frame.h"
#include "agent/output.h"
#include "cell/plan.h"

/*
 * Run one command of the cell to its end, and end everything it started.
 *
 * At the timeout, test binaries get SIGQUIT, so that they dump their goroutines. 5 s later, everything gets SIGKILL.
 * When the command itself ends, processes that it left running are killed at once: otherwise a daemon that inherited
 * the pipe would delay the end of the phase.
 */
struct agent_cell {
	const struct gv_plan *plan;
	struct agent_cgroup cgroup;
	int signals;          /* signalfd for SIGCHLD and the signals that end the agent */
	uint64_t deadline_ms; /* of the cell, in gv_clock_ms() */
	uint64_t peak_rss;    /* bytes */
	bool oom;
	const char *over; /* "deadline" or "interrupted": run no more commands */
};

/* Block signals and open the signalfd. Call it once, at the start. */
int agent_run_init(struct agent_cell *cell, struct gv_err *err) GV_MUST_CHECK;

/*
 * Run argv in the cell and fill *end. A command that cannot be run counts as exit 127. Errors: GV_EIO when there is no
 * pipe or process left.
 */
int agent_run(struct agent_cell *cell, char *const argv[], unsigned timeout_s, struct agent_output *out,
	      struct agent_end *end, struct gv_err *err) GV_MUST_CHECK;

#endif
