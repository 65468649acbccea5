/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_WRITERS_H
#define GV_REPORT_WRITERS_H

#include "util/err.h"
#include "util/str.h"
#include "validate/result.h"

/* The writers of gv_report_formats, one file each: append a whole report to `out`. */
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

#endif
