/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_FAMILY_H
#define GV_AGENT_FAMILY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * All processes of the cell. When we are PID 1 of a namespace, they are all processes except us, and kill(-1) reaches
 * them in one step: a fork in progress fails because of the pending signal. Otherwise they are our descendants. They
 * stay our descendants because the agent is a subreaper. We find them in /proc and stop them all before we kill them,
 * so that none can escape by a fork.
 */
struct agent_sample {
	uint64_t rss; /* bytes: the anonymous memory of all, plus the largest shared memory of one */
	uint64_t threads;
	pid_t biggest; /* the process with the most memory; 0: none */
};

/* What the children that ended have used. */
struct agent_usage {
	uint64_t cpu_us;
	uint64_t max_rss; /* bytes, of one process */
};

/* Call this before starting any child. It checks whether we are PID 1 and, if not, makes us a subreaper. */
void agent_family_init(void);
/* Whether we are PID 1 of a namespace. */
bool agent_family_is_init(void);

/* Read from /proc what all processes of the cell use now. No process is stopped for it. */
void agent_family_sample(struct agent_sample *s);

/* Ask for goroutine dumps: send SIGQUIT to all test binaries (*.test). If there are none, to the leader's group. */
void agent_family_quit(pid_t leader);
/* Send `sig` to all. Outside a namespace they are stopped before a SIGKILL, so that none can escape by a fork. */
void agent_family_signal(int sig);

/*
 * Collect the children that ended, without waiting. Returns 1 when `leader` was one of them and sets *status; 0 when it
 * was not; -1 when no child is left. Adds to *u.
 */
int agent_family_reap(pid_t leader, int *status, struct agent_usage *u);

/* Kill and collect all. Gives up after some seconds, because a process can hang in the kernel. False: some are left. */
bool agent_family_end(struct agent_usage *u);
/* The same without the usage. */
void agent_family_kill(void);

#endif
