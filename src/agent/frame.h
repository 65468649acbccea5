/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_FRAME_H
#define GV_AGENT_FRAME_H

#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * The frames of engine/plan.h, on stdout. Writing waits while the reader is slow, but not beyond the deadline of the cell; when
 * that passed, or the reader is gone, everything in the cell is killed and the agent exits (4).
 */
#define AGENT_EXIT_UNHEARD 4

struct agent_end {
	int exit; /* -1: ended by a signal */
	int signal;
	bool timeout, oom;
	uint64_t wall_ms, cpu_ms, peak_rss;
};

/* Monotonic milliseconds. */
uint64_t agent_now_ms(void);

/* The last moment at which a frame may still be written. */
void agent_frame_deadline(uint64_t ms);

/* An empty frame when nothing was sent for some seconds: whoever reads through an engine sees that it still works. */
void agent_frame_alive(void);

void agent_frame_hello(const char *goversion, int cgroup);
void agent_frame_note(const char *detail);
void agent_frame_start(const char *phase);
/* `data` holds any bytes; what is no UTF-8 becomes U+FFFD, NUL too. */
void agent_frame_output(const char *phase, int stream, const char *data, size_t len);
void agent_frame_cut(const char *phase, uint64_t bytes);
void agent_frame_end(const char *phase, const struct agent_end *end);
void agent_frame_skipped(const char *phase);
void agent_frame_fault(const char *what, const char *fmt, ...) GV_PRINTF(2, 3);
void agent_frame_done(uint64_t peak_rss, uint64_t peak_cgroup, bool oom);

#endif
