/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_COLUMNS_H
#define GV_REPORT_COLUMNS_H

#include "validate/result.h"

/* The phases of a run, follow-ups left out, in the order in which cells have them. Names are borrowed. */
#define GV_COLUMNS_MAX 16

struct gv_columns {
	const char *names[GV_COLUMNS_MAX];
	size_t n;
};

void gv_columns_collect(struct gv_columns *columns, const struct gv_run_result *r);

#endif
