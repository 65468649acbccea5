/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_PLAN_H
#define GV_AGENT_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/err.h"
#include "util/strv.h"

/* The agent's side of the plan; the form is described in engine/plan.h, which the base layers do not include. */
#define AGENT_PHASES_MAX 256

struct agent_phase {
	char *name;
	unsigned timeout_s;
	int after;     /* index of the phase that must have failed, or -1: always */
	char *text;    /* and whose kept output must hold this, or NULL */
	bool without;  /* must not hold it */
	bool remember; /* a later phase asks for this one's output */
	struct gv_strv argv;
};

struct agent_plan {
	unsigned deadline_s;
	char *copy_from, *copy_to;
	struct gv_strv skip;
	char *dir;
	struct gv_strv env;
	char *go_path, *go_version;
	size_t keep_head, keep_tail;
	char *cgroup;
	uint64_t watch_memory, watch_pids;
	uid_t uid; /* 0: stay who we are */
	gid_t gid;
	struct gv_strv own; /* directories that are given to uid first */
	struct agent_phase *phases;
	size_t n_phases;
};

/* Errors: GV_EFORMAT, naming the line. `p` is zeroed by the caller and freed by it in any case. */
int agent_plan_parse(struct agent_plan *p, const char *text, struct gv_err *err) GV_MUST_CHECK;
void agent_plan_free(struct agent_plan *p);

#endif
