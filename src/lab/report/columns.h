/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_COLUMNS_H
#define GV_REPORT_COLUMNS_H

#include "judge/result.h"

/* The phases of a run without follow-ups, in the order in which the cells have them. Names are borrowed. */
#define GV_COLUMNS_MAX 16

struct gv_columns {
	const char *names[GV_COLUMNS_MAX];
	size_t n;
};

/* Fills *columns; phases beyond GV_COLUMNS_MAX are left out. */
void gv_columns_collect(struct gv_columns *columns, const struct gv_run_result *r);

#endif
