/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_REPORT_H
#define GV_REPORT_REPORT_H

#include "util/err.h"
#include "util/str.h"
#include "validate/result.h"

/*
 * Reports: one model (validate/result.h), many writers. Each writer is one file and one row of gv_report_formats.
 * Text from the project is untrusted and cleaned for each format; output is deterministic for a given result.
 */
struct gv_report_format {
	const char *name; /* "json" */
	const char *help;
	int (*write)(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
};

extern const struct gv_report_format gv_report_formats[]; /* json ndjson junit tap markdown github gitlab codequality sarif badge */
extern const size_t gv_report_formats_len;

const struct gv_report_format *gv_report_find(const char *name);

/* Read a JSON report back. Errors: GV_EFORMAT naming the JSON path; a newer schema is refused. */
int gv_report_read(struct gv_run_result *r, const char *json, size_t len, struct gv_err *err) GV_MUST_CHECK;

/* Put the cells of `from` into `into` (moved); the same cell twice is GV_EFORMAT. */
int gv_report_merge(struct gv_run_result *into, struct gv_run_result *from, struct gv_err *err) GV_MUST_CHECK;

/* "FORMAT[=FILE],..."; FILE "-" or none is stdout; files are written atomically. */
int gv_report_emit(const char *spec, const struct gv_run_result *r, struct gv_err *err) GV_MUST_CHECK;

#endif
