/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_PROC_H
#define GV_UTIL_PROC_H

#include <stdint.h>
#include <sys/types.h>

#include "util/err.h"

/* One process, as /proc/PID/stat shows it. */
struct gv_proc {
	pid_t pid;
	pid_t ppid;
	uint64_t start;  /* field 22: clock ticks after boot; with pid and boot id it names a process for good */
	char comm[64];   /* name of the program, at most 15 bytes by the kernel's rule */
};

/* Errors: GV_ENOTFOUND when there is no such process (or it is hidden). */
int gv_proc_read(struct gv_proc *p, pid_t pid, struct gv_err *err) GV_MUST_CHECK;

/*
 * Run a program and wait for it; stdin, stdout and stderr are shared. `*status` gets the exit
 * status as a shell counts it (128 + signal). `argv[0]` is the path. With gv_sig_catch() a SIGTERM is passed on.
 */
int gv_proc_run(char *const argv[], int *status, struct gv_err *err) GV_MUST_CHECK;

#endif
