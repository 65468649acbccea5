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
 * Plan: lines "KEY VALUE", words percent-escaped (blank, %, control bytes):
 *
 *	gover-plan 1
 *	deadline SECONDS              for the whole cell; then everything is killed
 *	copy FROM TO                  make TO a writable copy of the read-only tree FROM
 *	dir DIR                       where phases run
 *	env NAME=VALUE                the whole environment, one line each
 *	go PATH GOVERSION             PATH version must print GOVERSION ("go1.22.3"), else the cell ends
 *	keep HEAD TAIL                bytes of output kept of each phase, at its beginning and end
 *	phase NAME TIMEOUT IF ARG...  run in order; IF is "always", "failed:NAME" or "failed:NAME:TEXT" (NAME failed, its kept
 *	                              output holds TEXT)
 *
 * Answer, on the agent's stdout: frames "GV1 LENGTH\n" + LENGTH bytes of JSON + "\n". Nothing else is written there;
 * what phases print arrives inside frames.
 *
 *	{"event":"hello","agent":VERSION,"goversion":"go1.22.3","cgroup":2}
 *	{"event":"start","phase":"build"}
 *	{"event":"output","phase":"build","stream":1,"text":"..."}        stdout 1, stderr 2; bytes that are not UTF-8 are U+FFFD
 *	{"event":"cut","phase":"build","bytes":N}                          left out between head and tail
 *	{"event":"end","phase":"build","exit":1,"signal":0,"timeout":false,"oom":false,"seconds":1.25,"cpu":2.1,"peak_rss":BYTES,"skipped":false}
 *	{"event":"fault","what":"goversion","detail":"..."}                the cell cannot answer: infrastructure
 *	{"event":"done","peak_rss":BYTES,"oom":false}
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
	char *dir;
	struct gv_strv env;
	char *go_path, *go_version;
	size_t keep_head, keep_tail;
	struct gv_plan_phase *phases;
	size_t n_phases;
};

void gv_plan_free(struct gv_plan *p);
struct gv_plan_phase *gv_plan_add(struct gv_plan *p, const char *name, unsigned timeout_s, const char *condition);

/* The argument for the agent; caller frees. */
char *gv_plan_text(const struct gv_plan *p, struct gv_err *err) GV_MUST_CHECK;

#endif
