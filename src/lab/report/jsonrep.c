/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/model.h"
#include "report/report.h"
#include "report/writers.h"

int
gv_write_json(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err)
{
	struct gv_jsonout j;

	(void)err; /* gv_str_finish() notices a report that is too big */
	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_int(&j, "schema", GV_REPORT_SCHEMA);
	gv_model_head(&j, r);
	gv_jsonout_open(&j, "cells", '[');
	for (size_t i = 0; i < r->n_cells; i++)
		gv_model_cell(&j, NULL, &r->cells[i]);
	gv_jsonout_close(&j, ']');
	gv_model_summary(&j, "summary", r);
	gv_jsonout_close(&j, '}');
	gv_jsonout_take(&j, out);
	return 0;
}

void
gv_ndjson_run(const struct gv_run_result *r, struct gv_str *out)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "event", "run");
	gv_jsonout_int(&j, "schema", GV_REPORT_SCHEMA);
	gv_model_head(&j, r);
	gv_jsonout_close(&j, '}');
	gv_jsonout_take(&j, out);
}

void
gv_ndjson_phase(const char *cell, const struct gv_collected_phase *p, struct gv_str *out)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "event", "phase");
	gv_jsonout_str(&j, "id", cell);
	gv_jsonout_str(&j, "phase", p->name);
	gv_model_process(&j, p->exit, p->seconds, p->peak_rss);
	gv_jsonout_close(&j, '}');
	gv_jsonout_take(&j, out);
}

void
gv_ndjson_cell(const struct gv_cell_result *c, struct gv_str *out)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "event", "cell");
	gv_model_cell(&j, "cell", c);
	gv_jsonout_close(&j, '}');
	gv_jsonout_take(&j, out);
}

void
gv_ndjson_summary(const struct gv_run_result *r, struct gv_str *out)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "event", "summary");
	gv_model_summary(&j, "summary", r);
	gv_jsonout_close(&j, '}');
	gv_jsonout_take(&j, out);
}

int
gv_write_ndjson(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err)
{
	(void)err;
	gv_ndjson_run(r, out);
	for (size_t i = 0; i < r->n_cells; i++)
		gv_ndjson_cell(&r->cells[i], out);
	gv_ndjson_summary(r, out);
	return 0;
}
