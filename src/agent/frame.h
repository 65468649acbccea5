/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_FRAME_H
#define GV_AGENT_FRAME_H

#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * Write the frames of cell/plan.h on stdout. Writing waits for a slow reader until the cell's deadline. After that, or
 * when the reader is gone, the agent ends the cell (agent_frame_unheard()) and exits with AGENT_EXIT_UNHEARD.
 */
#define AGENT_EXIT_UNHEARD 4

struct agent_end {
	int exit; /* exit status; -1: ended by a signal */
	int signal;
	bool timeout, oom;
	uint64_t wall_ms, cpu_ms, peak_rss;
};

/* Write no frame after this time (gv_clock_ms()). Without a call there is no limit. */
void agent_frame_deadline(uint64_t ms);
/* Before the agent exits because nobody reads its frames, it calls `end` to end the cell. */
void agent_frame_unheard(void (*end)(void));

/* Send an empty frame when none was sent for ten seconds, so that the reader sees that we still work. */
void agent_frame_alive(void);

/* Send the frames "hello", "note" and "start". `cgroup` is 0 (no counters), 1 or 2. */
void agent_frame_hello(const char *goversion, int cgroup);
void agent_frame_note(const char *detail);
void agent_frame_start(const char *phase);
/* Send output. `data` may hold any bytes: NUL and bytes that are not UTF-8 become U+FFFD. */
void agent_frame_output(const char *phase, int stream, const char *data, size_t len);
/* Report that this many bytes of the phase's output were dropped here. */
void agent_frame_cut(const char *phase, uint64_t bytes);
/* Report the end of a phase, or that the phase was skipped because its condition did not hold. */
void agent_frame_end(const char *phase, const struct agent_end *end);
void agent_frame_skipped(const char *phase);
/* Report that the cell failed. `what` is one of the faults of cell/plan.h. The detail is cut at 2 KiB. */
void agent_frame_fault(const char *what, const char *fmt, ...) GV_PRINTF(2, 3);
/* Send the last frame. Peaks are in bytes; `peak_cgroup` is 0 when unknown. */
void agent_frame_done(uint64_t peak_rss, uint64_t peak_cgroup, bool oom);

#endif
