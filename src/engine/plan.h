/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_PLAN_H
#define GV_ENGINE_PLAN_H

#include <stdint.h>

#include "util/err.h"
#include "util/strv.h"

/*
 * What the agent does inside a cell, and what it answers. The plan is the agent's only argument, so that every
 * engine can carry it; src/agent/ reads it, this layer writes it.
 *
 * Plan: lines "KEY VALUE", words percent-escaped (blank, %, control bytes; "%-" is the empty word):
 *
 *	gover-plan 1
 *	deadline SECONDS              for the whole cell; then everything is killed
 *	copy FROM TO                  make TO a writable copy of the read-only tree FROM
 *	skip PATH                     not copied: a path below FROM (".git")
 *	dir DIR                       where phases run
 *	env NAME=VALUE                the whole environment, one line each
 *	go PATH GOVERSION             PATH version must print GOVERSION ("go1.22.3"), else the cell ends
 *	keep HEAD TAIL                bytes of output kept of each phase, at its beginning and end
 *	cgroup DIR                    where the cell's own memory counters are; else /sys/fs/cgroup is tried
 *	watch MEMORY PIDS             nothing else limits the cell: the agent watches memory (bytes) and threads; 0 = no limit
 *	user UID GID                  the agent was started by root: first of all it becomes this user, for good
 *	own DIR                       and before that gives it this directory
 *	phase NAME TIMEOUT IF ARG...  run in order; IF is "always", "failed:NAME", "failed:NAME:TEXT" (NAME failed, its kept
 *	                              output holds TEXT) or "failed:NAME!TEXT" (does not hold it)
 *
 * Answer, on the agent's stdout: frames "GV1 LENGTH\n" + LENGTH bytes of JSON + "\n". Nothing else is written there;
 * what phases print arrives inside frames. After ten seconds
 * without one comes an empty frame, "GV1 0\n\n", which says that the agent lives; gv_cell_read() passes over it. The agent exits 0 when it reached "done", whatever the phases did; any other exit is
 * infrastructure.
 *
 *	{"event":"hello","agent":VERSION,"goversion":"go1.22.3","cgroup":2}  cgroup: 0 (no counters), 1 or 2
 *	{"event":"note","detail":"..."}                                    worth a line in the log: a file that could not be copied
 *	{"event":"start","phase":"build"}
 *	{"event":"output","phase":"build","stream":1,"text":"..."}        stdout 1, stderr 2; NUL and bytes that are not UTF-8 are U+FFFD
 *	{"event":"cut","phase":"build","bytes":N}                          left out between head and tail
 *	{"event":"end","phase":"build","exit":1,"signal":0,"timeout":false,"oom":false,"wall_ms":1250,"cpu_ms":2100,"peak_rss":BYTES,"skipped":false}
 *	{"event":"fault","what":"goversion","detail":"..."}                the cell cannot answer: infrastructure
 *	{"event":"done","peak_rss":BYTES,"peak_cgroup":BYTES,"oom":false}
 *
 * The first HEAD bytes of a phase stream as they come; the tail follows when it ended, from a line's beginning where there is one.
 * exit is -1 when a signal ended the phase. peak_rss is the most that all processes of the phase held at one of the samples (or
 * that one process held at any time); peak_cgroup counts page cache and tmpfs too, 0 when unknown.
 * fault: "plan", "copy", "goversion" (before any phase), "deadline", "interrupted" (the phases so far stand, the last one is
 * marked, the rest is missing), "agent".
 */
struct gv_plan_phase {
	char *name;
	unsigned timeout_s;
	char *condition;
	struct gv_strv argv;
};

struct gv_plan {
	unsigned deadline_s;
	char *copy_from, *copy_to; /* NULL: nothing to copy */
	struct gv_strv skip;
	char *dir;
	struct gv_strv env;
	char *go_path, *go_version;  /* NULL: nothing to prove */
	size_t keep_head, keep_tail; /* 0: the agent's default, 1 MiB and 256 KiB */
	struct gv_plan_phase *phases;
	size_t n_phases;

	/* Set by the engine. */
	const char *cgroup;
	uint64_t watch_memory;
	unsigned watch_pids;
	unsigned uid, gid;         /* > 0: the agent starts as root and becomes that */
	const struct gv_strv *own; /* directories that it gives to that user before, or NULL */
};

/* More does not fit in one argument of execve(2): 128 KiB with its NUL. */
#define GV_PLAN_MAX (127u << 10)

void gv_plan_free(struct gv_plan *p);
/* A phase at the end; the caller adds its argv. Valid until the next one is added. */
struct gv_plan_phase *gv_plan_add(struct gv_plan *p, const char *name, unsigned timeout_s, const char *condition);

/* The argument for the agent; caller frees. Errors: GV_ETOOBIG. */
char *gv_plan_text(const struct gv_plan *p, struct gv_err *err) GV_MUST_CHECK;

#endif
