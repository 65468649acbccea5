/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_CGROUP_H
#define GV_AGENT_CGROUP_H

#include <stdint.h>

/*
 * The cell's own memory counters, of cgroup version 1 or 2. In a container only they still know the peak at the end.
 * They also count a killed child process, which Podman's OOMKilled does not.
 */
struct agent_cgroup {
	int version; /* 0: none found */
	int fd;      /* the directory */
};

/* NULL as `dir` means the usual place inside a container. Only PID 1 of a namespace may use that. */
void agent_cgroup_open(struct agent_cgroup *c, const char *dir);
uint64_t agent_cgroup_oom_kills(const struct agent_cgroup *c); /* processes killed so far; 0 when unknown */
uint64_t agent_cgroup_peak(const struct agent_cgroup *c);      /* bytes; 0 when unknown */

#endif
