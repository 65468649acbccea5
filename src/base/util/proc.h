/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_PROC_H
#define GV_UTIL_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/err.h"

/* One process, as /proc/PID/stat shows it. */
struct gv_proc {
	pid_t pid;
	pid_t ppid;
	uint64_t start; /* field 22: clock ticks after boot; unique together with pid and boot id */
	char comm[64];  /* name of the program; the kernel keeps at most 15 bytes */
};

/* Read what /proc shows of process `pid`. Errors: GV_ENOTFOUND (no such process, or it is hidden), GV_EFORMAT. */
int gv_proc_read(struct gv_proc *p, pid_t pid, struct gv_err *err) GV_MUST_CHECK;

#define GV_PROC_BOOT_MAX 64

/*
 * Whether the process `pid` that started at `start` has ended. Also false when we cannot know: the process is hidden,
 * or /proc is missing or belongs to another pid namespace. Only for a process with the same gv_proc_world().
 */
bool gv_proc_is_gone(pid_t pid, uint64_t start);

#define GV_PROC_WORLD_MAX 128

/*
 * The world of this process: within one world, pid and start time identify a process. Its form is
 * "BOOT-ID:PID-NAMESPACE:TIME-NAMESPACE". The kernel reuses a namespace's number only after its last process ended.
 * Returns false and sets `world` to "" when /proc does not show our pid namespace.
 */
bool gv_proc_world(char world[GV_PROC_WORLD_MAX]);

/* The UUID of this boot of the machine. Returns false and sets `id` to "" when /proc cannot be used. */
bool gv_proc_boot(char id[GV_PROC_BOOT_MAX]);

#endif
