/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_COLLECT_H
#define GV_VALIDATE_COLLECT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/engine.h"
#include "util/str.h"

/*
 * From a cell's frames (engine/plan.h) to what each phase did: facts, not yet a verdict.
 */
struct gv_collected_phase {
	char *name;
	struct gv_str text; /* stdout and stderr as they came, head and tail */
	int exit;           /* -1: a signal, or it never ended */
	int signal;
	bool timeout, oom;
	bool skipped;       /* its condition did not hold */
	bool ended;         /* false: the cell went away in the middle */
	double seconds, cpu_seconds;
	uint64_t peak_rss;
};

struct gv_collected {
	char *goversion;    /* "go1.22.3", NULL when the cell never said */
	struct gv_collected_phase *phases;
	size_t n;
	bool done;          /* the agent finished in order */
	bool oom;
	char *fault;        /* why not, or NULL: infrastructure */
	char *fault_what;   /* "goversion", "deadline", ... */
	char *note;         /* what the agent found worth telling (files that the copy lacks), or NULL */
};

/* What a live display wants to know; called from the cell's own thread. */
struct gv_collect_watch {
	void (*started)(void *arg, const char *phase);
	void (*ended)(void *arg, const struct gv_collected_phase *phase);
	void *arg;
};

#define GV_COLLECT_TEXT_MAX (4u << 20) /* bytes kept of a phase, whatever the agent sends */

/*
 * Read the cell to its end. A broken stream is no failure but a fault in *out; -1 only for GV_EINTR, and *out then holds what
 * the cell had said.
 */
int gv_collect(struct gv_collected *out, struct gv_cell *cell, const struct gv_collect_watch *watch, struct gv_err *err)
    GV_MUST_CHECK;
void gv_collected_free(struct gv_collected *c);

/* The phase of that name if it ran, or NULL. */
const struct gv_collected_phase *gv_collected_find(const struct gv_collected *c, const char *name);

#endif
