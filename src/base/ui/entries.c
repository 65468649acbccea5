/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "ui/entries.h"

#include <string.h>

#include "util/auto.h"

/* clang-format off */
#define LOCAL false
#define CORE true
#define X(id, name, summary, program) { name, summary, program },
const struct gv_cmd_entry gv_cmd_entries[] = {
#include "cmds.def"
};
/* clang-format on */
const size_t gv_cmd_entries_len = GV_ARRAY_LEN(gv_cmd_entries);

const struct gv_cmd_entry *
gv_cmd_entry_find(const char *name)
{
	for (size_t i = 0; i < gv_cmd_entries_len; i++)
		if (strcmp(gv_cmd_entries[i].name, name) == 0)
			return &gv_cmd_entries[i];
	return NULL;
}
