/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/baseline.h"
#include "report/report.h"
#include "util/auto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *
to_json(const struct gv_run_result *r)
{
	struct gv_str out = GV_STR_INIT(GV_REPORT_MAX);
	struct gv_err err = GV_ERR_INIT;

	if (gv_report_find("json")->write(r, &out, &err) < 0)
		abort();
	return gv_str_finish(&out, &err);
}

/* A report that can be read is written as JSON, read and written again: both are equal. Then every other format. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gv_autofree char *first = NULL, *second = NULL;
	gv_autostr struct gv_str text = GV_STR_INIT(GV_REPORT_MAX);
	struct gv_run_result r = { 0 }, again = { 0 };
	struct gv_err err = GV_ERR_INIT;
	struct gv_changes changes;

	if (gv_report_read(&r, (const char *)data, size, &err) < 0)
		return 0;
	first = to_json(&r);
	if (gv_report_read(&again, first, strlen(first), &err) < 0)
		abort();
	second = to_json(&again);
	if (strcmp(first, second) != 0)
		abort();
	for (size_t i = 0; i < gv_report_formats_len; i++) {
		gv_str_clear(&text);
		if (gv_report_formats[i].write(&r, &text, &err) < 0)
			abort();
	}
	gv_str_clear(&text);
	gv_report_terminal(&r, true, &text);
	gv_baseline_compare(&changes, &again, &r);
	gv_changes_release(&changes);
	gv_run_result_release(&again);
	gv_run_result_release(&r);
	return 0;
}
