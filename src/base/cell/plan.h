/* SPDX-License-Identifier: MIT */
#ifndef GV_CELL_PLAN_H
#define GV_CELL_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "util/strv.h"

/*
 * The plan says what the agent does inside a cell. This header describes the plan and the agent's answer.
 *
 * An engine writes the plan to the agent's stdin as one frame (below). It never puts it on the command line: the plan
 * holds the cell's environment, and every user of the machine can read a command line.
 *
 * The plan consists of lines "KEY VALUE". Words are escaped as in util/words.h:
 *
 *	gover-plan 1
 *	deadline SECONDS              for the whole cell; then everything is killed
 *	copy FROM TO                  make TO a writable copy of the read-only tree FROM
 *	skip PATH                     do not copy this path below FROM (".git")
 *	dir DIR                       the working directory of the phases
 *	env NAME=VALUE                the whole environment, one line for each variable
 *	go PATH GOVERSION             PATH version must print GOVERSION ("go1.22.3"), otherwise the cell ends
 *	keep HEAD TAIL                keep this many bytes at the beginning and end of each phase's output
 *	cgroup DIR                    the directory of the cell's memory counters; by default /sys/fs/cgroup
 *	watch MEMORY PIDS             nothing else limits the cell: the agent limits memory (bytes) and threads;
 *	                              0 = no limit
 *	user UID GID                  root started the agent: it becomes this user before anything else
 *	own DIR                       but first it gives this directory to that user
 *	phase NAME TIMEOUT IF ARG...  run in order; IF is "always", "failed:NAME", "failed:NAME:TEXT" (NAME failed,
 *	                              its kept output holds TEXT) or "failed:NAME!TEXT" (does not hold it)
 *
 * A frame is "GV1 LENGTH\n" + LENGTH bytes + "\n" (cell/frames.h). The agent answers with frames of JSON on its stdout
 * and writes nothing else there: the output of phases is inside frames. After ten seconds without a frame it sends an
 * empty one, "GV1 0\n\n", to show that it is alive; readers skip it. The agent exits with 0 when it sent "done", even
 * if phases failed. Any other exit status is an infrastructure failure.
 *
 *	{"event":"hello","agent":VERSION,"goversion":"go1.22.3","cgroup":2}  cgroup: 0 (no counters), 1 or 2
 *	{"event":"note","detail":"..."}         for the log, such as a file that could not be copied
 *	{"event":"start","phase":"build"}
 *	{"event":"output","phase":"build","stream":1,"text":"..."}
 *	                                        stdout 1, stderr 2; NUL and bytes that are not UTF-8 become U+FFFD
 *	{"event":"cut","phase":"build","bytes":N}                          dropped between head and tail
 *	{"event":"end","phase":"build","exit":1,"signal":0,"timeout":false,"oom":false,"wall_ms":1250,
 *	 "cpu_ms":2100,"peak_rss":BYTES,"skipped":false}
 *	{"event":"fault","what":"goversion","detail":"..."}                the cell failed: infrastructure
 *	{"event":"done","peak_rss":BYTES,"peak_cgroup":BYTES,"oom":false}
 *
 * The first HEAD bytes of a phase are sent as they arrive. The tail follows when the phase ended; it starts at the
 * beginning of a line if possible. exit is -1 when a signal ended the phase. peak_rss is the most memory that all
 * processes of the phase had in one sample, or that one process had at any time. peak_cgroup includes page cache and
 * tmpfs; 0 when unknown. The faults "plan", "copy" and "goversion" come before any phase. After "deadline" and
 * "interrupted", the phases so far are valid, the last one is marked, and the others are missing. "agent": the agent
 * itself failed.
 */
#define GV_PLAN_MAX        (32u << 20) /* bytes; more than any process's environment takes, even escaped */
#define GV_PLAN_PHASES_MAX 256

struct gv_plan_phase {
	char *name;
	unsigned timeout_s;
	char *condition; /* IF, as in the plan */
	struct gv_strv argv;

	/* The parsed condition. */
	/* index of the phase that must have failed; -1: always; -2: malformed, or it names no earlier phase */
	int after;
	const char *text; /* that phase's kept output must hold this (borrowed from `condition`); NULL: anything */
	bool without;     /* its output must not hold `text` */
	bool remember;    /* a later condition needs this phase's output */
};

struct gv_plan {
	unsigned deadline_s;
	char *copy_from, *copy_to; /* NULL: nothing to copy */
	struct gv_strv skip;
	char *dir;
	struct gv_strv env;
	char *go_path, *go_version;  /* NULL: do not check the version */
	size_t keep_head, keep_tail; /* 0: the agent's default, 1 MiB and 256 KiB */
	struct gv_plan_phase *phases;
	size_t n_phases;

	/* Set by the engine. */
	char *cgroup; /* NULL: the agent finds it */
	uint64_t watch_memory;
	unsigned watch_pids;
	unsigned uid, gid;  /* > 0: the agent starts as root and becomes this user */
	struct gv_strv own; /* directories that it gives to that user first */
};

/* Free the contents, not `p`, which is empty afterwards. */
void gv_plan_release(struct gv_plan *p);
/* Append a phase. The caller then adds its argv. The pointer is valid until the next phase is added. */
struct gv_plan_phase *gv_plan_add(struct gv_plan *p, const char *name, unsigned timeout_s, const char *condition);

/* Make the frame for the agent's stdin, which has `*len` bytes; caller frees. Errors: GV_ETOOBIG. */
char *gv_plan_frame(const struct gv_plan *p, size_t *len, struct gv_err *err) GV_MUST_CHECK;

/*
 * Read the text of a plan, which is the content of that frame. The caller zeroes `p` before and releases it afterwards,
 * even after a failure. Errors: GV_EFORMAT; the message names the line but does not quote it: it may hold a secret.
 */
int gv_plan_parse(struct gv_plan *p, const char *text, struct gv_err *err) GV_MUST_CHECK;

#endif
