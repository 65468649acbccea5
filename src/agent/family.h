/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_FAMILY_H
#define GV_AGENT_FAMILY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * All processes of the cell. As PID 1 of a namespace: everything but ourselves, and kill(-1) reaches them in one step
 * (a fork in flight fails, because the signal is pending). Elsewhere: our descendants, which stay ours because the agent is a
 * subreaper; they are found in /proc and stopped before they are killed, so that none can fork away.
 */
struct agent_sample {
	uint64_t rss; /* bytes: anonymous memory of all, and the largest shared memory of one */
	uint64_t threads;
	unsigned processes;
	pid_t biggest; /* 0: none */
};

/* What dead children used. */
struct agent_usage {
	uint64_t cpu_us;
	uint64_t max_rss; /* bytes, of one process */
};

void agent_family_init(void);
bool agent_family_is_init(void);

void agent_family_sample(struct agent_sample *s);

/* Ask for goroutine dumps: SIGQUIT to test binaries (*.test), or to the leader's group when there are none. */
void agent_family_quit(pid_t leader);
void agent_family_signal(int sig);

/* Collect the dead without waiting: 1 when `leader` was one of them (*status), 0 when not, -1 when no child is left. */
int agent_family_reap(pid_t leader, int *status, struct agent_usage *u);

/* Kill all and collect them, for at most some seconds (a process can hang in the kernel). False: some are left. */
bool agent_family_end(struct agent_usage *u);
/* The same when nobody asks for usage. */
void agent_family_kill(void);

#endif
