/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_CGROUP_H
#define GV_AGENT_CGROUP_H

#include <stdint.h>

/*
 * The cell's own memory counters, version 1 or 2. Inside a container they are the only source of the peak after the end, and
 * they see a killed child, which Podman's OOMKilled does not.
 */
struct agent_cgroup {
	int version; /* 0: none found */
	int fd;      /* the directory */
};

/* `dir` NULL: where a container has its own; only PID 1 of a namespace may ask that. */
void agent_cgroup_open(struct agent_cgroup *c, const char *dir);
uint64_t agent_cgroup_oom_kills(const struct agent_cgroup *c);
uint64_t agent_cgroup_peak(const struct agent_cgroup *c); /* bytes, 0 unknown */

#endif
