/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_LIMITS_H
#define GV_ENGINE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"
#include "util/strv.h"

/*
 * A control group for each cell that no daemon limits. Version 1: a directory below our own group in the hierarchies
 * memory, pids and cpu. Version 2: a directory below the nearest ancestor that passes the memory controller to its
 * children and lets us create one (a delegated subtree). A group that contains processes cannot do that, so it is
 * rarely our own. If neither is possible (no root, no delegation), the agent watches the limits.
 */
struct gv_cgroup_places {
	int version;               /* 0: none usable */
	char *memory, *pids, *cpu; /* where groups are made; NULL: not usable. Version 2: only memory */
};

/* Find them from the text of /proc/self/cgroup and /proc/self/mountinfo. For tests. */
void gv_cgroup_look(struct gv_cgroup_places *p, const char *groups, const char *mounts);
/* Find them and try one with a process. Adds to `why` a line that says what is limited. */
void gv_cgroup_find(struct gv_cgroup_places *p, struct gv_strv *why);
void gv_cgroup_places_release(struct gv_cgroup_places *p);

struct gv_cgroup {
	int version;
	struct gv_strv dirs; /* the cell's own */
	const char *memory;  /* the one that counts memory, or NULL; borrowed from dirs */
	bool limits_memory, limits_pids;
};

/* Make the group "gover-NAME" and set limits (0 = none). The flags say which limits could be set. */
void gv_cgroup_make(struct gv_cgroup *g, const struct gv_cgroup_places *p, const char *name, uint64_t memory_bytes,
		    unsigned cpus_milli, unsigned pids);

/* Move the calling process into the group. Runs between fork and exec, so it is async-signal-safe. */
bool gv_cgroup_join(const struct gv_cgroup *g);

/* Whether a path, which may come from a file, looks like one that gv_cgroup_make() makes. */
bool gv_cgroup_is_ours(const char *dir);

/* Kill the processes left in a group and remove it. A missing group is fine. */
void gv_cgroup_remove_dir(const char *dir);
void gv_cgroup_release(struct gv_cgroup *g); /* removes the groups too */

#endif
