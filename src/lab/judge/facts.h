/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_FACTS_H
#define GV_JUDGE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/result.h"
#include "util/str.h"

/*
 * What is known before anybody judges. A run hands facts to judge/assemble.h, which makes the result of them.
 */

/* What each phase of a cell did, as its agent reported it. validate/collect.h gathers it. */
struct gv_collected_phase {
	char *name;
	struct gv_str text; /* stdout and stderr as they came, head and tail */
	int exit;           /* -1: a signal, or it never ended */
	int signal;
	bool timeout, oom;
	bool skipped; /* its condition did not hold */
	bool ended;   /* false: the cell went away in the middle */
	double seconds;
	uint64_t peak_rss;
};

struct gv_collected {
	char *goversion; /* "go1.22.3", NULL if the cell never reported it */
	struct gv_collected_phase *phases;
	size_t n;
	bool done; /* the agent finished in order */
	bool oom;
	char *fault;      /* what went wrong with the cell itself (infrastructure), or NULL */
	char *fault_what; /* "goversion", "deadline" ...: see cell/plan.h; "engine", "oom"; NULL if there is no fault */
	char *note;       /* what the user must know, such as files that the copy lacks; or NULL */
};

/* A run. All is borrowed. */
struct gv_run_facts {
	const char *module; /* path of the first one; "" without go.mod */
	const char *go;     /* the go line; "" if there is none */
	const char *engine, *engine_version;
};

/* Which cell it is: see struct gv_cell_result. All is borrowed. */
struct gv_cell_facts {
	const char *id, *moduledir, *version, *tags, *env;
	const char *platform; /* "linux/amd64" */
	const char *options;  /* NULL: none */
	bool wanted;
};

/* What came of a cell that started. All is borrowed. */
struct gv_cell_outcome {
	const struct gv_collected *got;
	bool cut;                                /* a signal ended the cell, so its last phase shows nothing */
	const char *go;                          /* the go line that holds for its module; "" if there is none */
	const char *module, *moduledir, *goroot; /* see struct gv_phase_output */
	const char *fetch_log; /* what the fetch of its modules printed if that failed; NULL: it did not */
};

/* Why a cell cannot be run. All is borrowed; `hint` may be "". */
struct gv_cell_obstacle {
	enum gv_verdict verdict;
	enum gv_cause cause;
	const char *reason, *hint;
};

/* Free the contents, not `c`, which is empty afterwards. */
void gv_collected_release(struct gv_collected *c);

/* The phase of that name if it ran, or NULL. */
const struct gv_collected_phase *gv_collected_find(const struct gv_collected *c, const char *name);

#endif
