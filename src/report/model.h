/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_MODEL_H
#define GV_REPORT_MODEL_H

#include "ui/jsonout.h"
#include "validate/result.h"

/* Pieces of the JSON report (data/report.schema.json), for the formats that are made of them. */
#define GV_REPORT_SCHEMA 1

void gv_model_head(struct gv_jsonout *j, const struct gv_run_result *r); /* members of the run, without cells and summary */
void gv_model_cell(struct gv_jsonout *j, const char *key, const struct gv_cell_result *c);
void gv_model_summary(struct gv_jsonout *j, const char *key, const struct gv_run_result *r);

/* A number with three decimals; `value` is not negative. */
void gv_model_seconds(struct gv_jsonout *j, const char *key, double value);

/* How many cells have that verdict. */
size_t gv_model_count(const struct gv_run_result *r, enum gv_verdict v);

#endif
