/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_WRITERS_H
#define GV_REPORT_WRITERS_H

#include "judge/result.h"
#include "report/report.h"
#include "util/err.h"
#include "util/str.h"
#include "judge/facts.h"

/* The writers of gv_report_formats, one file each. Each appends a whole report to `out`. */
int gv_write_json(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
int gv_write_ndjson(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
int gv_write_junit(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
int gv_write_tap(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
int gv_write_markdown(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
int gv_write_github(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
int gv_write_gitlab(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
int gv_write_codequality(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
int gv_write_sarif(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
int gv_write_badge(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);

/* Each appends one line of NDJSON, see gover-validate(7), "JSON REPORT". */
void gv_ndjson_run(const struct gv_run_result *r, struct gv_str *out);
void gv_ndjson_phase(const char *cell, const struct gv_collected_phase *p, struct gv_str *out);
void gv_ndjson_cell(const struct gv_cell_result *c, struct gv_str *out);
void gv_ndjson_summary(const struct gv_run_result *r, struct gv_str *out);

/* One item of a spec for gv_report_emit(). */
struct gv_report_target {
	const struct gv_report_format *format;
	const char *file; /* NULL: stdout */
};

/*
 * Take the next "FORMAT[=FILE]" from `*rest`, which walks through a writable copy of the spec. Returns 1, 0 at the end,
 * -1 with GV_EUSAGE. A file name cannot contain a comma. `t` borrows from the copy.
 */
int gv_report_next_target(struct gv_report_target *t, char **rest, struct gv_err *err) GV_MUST_CHECK;

/* Whether it is ndjson, which report/stream.h writes during a run. */
bool gv_report_is_streamed(const struct gv_report_format *format);

#endif
