/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_CGROUP_H
#define GV_ENGINE_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"
#include "util/strv.h"

/*
 * A control group of its own for a cell that no daemon limits. Version 1: a directory below our own in the hierarchies memory,
 * pids and cpu. Version 2: below the nearest ancestor that hands the memory controller to its children and lets us make one (a
 * delegated subtree); a group with processes of its own cannot do that, so our own is rarely the one. Where neither is possible
 * (no root, no delegation) the agent watches instead.
 */
struct gv_cgroup_places {
	int version;               /* 0: none usable */
	char *memory, *pids, *cpu; /* directories in which groups are made; NULL: not usable. Version 2: all the same */
};

/* Where they may be, by the text of /proc/self/cgroup and /proc/self/mountinfo. */
void gv_cgroup_look(struct gv_cgroup_places *p, const char *groups, const char *mounts);
/* Look, and try with a process; `why` gets a line that says what is limited. */
void gv_cgroup_find(struct gv_cgroup_places *p, struct gv_strv *why);
void gv_cgroup_places_free(struct gv_cgroup_places *p);

struct gv_cgroup {
	int version;
	struct gv_strv dirs; /* made for the cell */
	const char *memory;  /* the one with the memory counters, or NULL; borrowed from dirs */
	bool limits_memory, limits_pids;
};

/* Make "gover-NAME" and set limits (0 = none). What cannot be had is left out: see the flags. */
void gv_cgroup_make(struct gv_cgroup *g, const struct gv_cgroup_places *p, const char *name, uint64_t memory_bytes,
		    unsigned cpus_milli, unsigned pids);

/* Put the calling process in; between fork and exec, so async-signal-safe. */
bool gv_cgroup_join(const struct gv_cgroup *g);

/* Kill what is left in a group and remove it; a missing one is fine. */
void gv_cgroup_remove_dir(const char *dir);
void gv_cgroup_free(struct gv_cgroup *g); /* removes the groups too */

#endif
