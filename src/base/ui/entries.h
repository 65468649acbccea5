/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_ENTRIES_H
#define GV_UI_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

/* The lines of cmds.def: the commands of both programs. */
struct gv_cmd_entry {
	const char *name;
	const char *summary;
	bool core; /* runs in gover-core */
};

extern const struct gv_cmd_entry gv_cmd_entries[];
extern const size_t gv_cmd_entries_len;

/* The entry of that name. NULL when the command is unknown or hidden. */
const struct gv_cmd_entry *gv_cmd_entry_find(const char *name);

#endif
