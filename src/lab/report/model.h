/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_MODEL_H
#define GV_REPORT_MODEL_H

#include "judge/result.h"
#include "util/jsonw.h"

/* Parts of the JSON report (data/report.schema.json), for the formats that consist of them. */
#define GV_REPORT_SCHEMA 1

/* Write the members of the run, without cells and summary. */
void gv_model_head(struct gv_jsonout *j, const struct gv_run_result *r);
/* Write an object "key" (NULL: in an array): a cell with its phases; the summary of the run. */
void gv_model_cell(struct gv_jsonout *j, const char *key, const struct gv_cell_result *c);
void gv_model_summary(struct gv_jsonout *j, const char *key, const struct gv_run_result *r);

/* Write the members exit (null for GV_EXIT_NONE), seconds and peak_rss. */
void gv_model_process(struct gv_jsonout *j, int exit, double seconds, uint64_t peak_rss);

/* The number of cells with that verdict. */
size_t gv_model_count(const struct gv_run_result *r, enum gv_verdict v);
/* Append the number of each verdict, "2 compatible, 1 skipped", or "nothing was run". */
void gv_model_counts(const struct gv_run_result *r, struct gv_str *out);

#endif
