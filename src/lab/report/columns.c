/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/columns.h"

#include <stdbool.h>
#include <string.h>

#include "judge/followup.h"

static bool
has(const struct gv_columns *columns, const char *name)
{
	for (size_t i = 0; i < columns->n; i++)
		if (strcmp(columns->names[i], name) == 0)
			return true;
	return false;
}

void
gv_columns_collect(struct gv_columns *columns, const struct gv_run_result *r)
{
	columns->n = 0;
	for (size_t i = 0; i < r->n_cells; i++)
		for (size_t k = 0; k < r->cells[i].n_phases && columns->n < GV_COLUMNS_MAX; k++) {
			const char *name = gv_result_text(r->cells[i].phases[k].phase);

			if (gv_followup_find(name) == NULL && !has(columns, name))
				columns->names[columns->n++] = name;
		}
}
