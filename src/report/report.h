/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_REPORT_H
#define GV_REPORT_REPORT_H

#include <stdbool.h>

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

#define GV_REPORT_MAX (64u << 20) /* bytes of one report, written or read */

extern const struct gv_report_format gv_report_formats[]; /* json ndjson junit tap markdown github gitlab codequality sarif badge */
extern const size_t gv_report_formats_len;

const struct gv_report_format *gv_report_find(const char *name);

/* Read a JSON report back. Errors: GV_EFORMAT naming the JSON path; a newer schema is refused. */
int gv_report_read(struct gv_run_result *r, const char *json, size_t len, struct gv_err *err) GV_MUST_CHECK;

/*
 * Put the cells of `from` into `into` (moved; `from` is then empty): shards of one run. Cells are sorted by module directory, version,
 * platform, tags and environment, so that the order of the shards does not matter.
 * A cell that was skipped gives way to one that ran. Errors: GV_EFORMAT for a cell that ran twice, or for another module; `into` and `from` are then unchanged.
 */
int gv_report_merge(struct gv_run_result *into, struct gv_run_result *from, struct gv_err *err) GV_MUST_CHECK;

/*
 * "FORMAT[=FILE],...": FILE "-" or none is stdout; files are written atomically. Formats on stdout appear in the order given.
 * Errors: GV_EUSAGE (unknown format, empty FILE; nothing is written then), GV_EIO.
 */
int gv_report_emit(const char *spec, const struct gv_run_result *r, struct gv_err *err) GV_MUST_CHECK;

/* Check a spec without writing anything, before a long run. Errors: GV_EUSAGE. */
int gv_report_check(const char *spec, struct gv_err *err) GV_MUST_CHECK;

/*
 * In GitHub Actions, append the Markdown report to the file that GITHUB_STEP_SUMMARY names; elsewhere do nothing.
 * Errors: GV_EIO, GV_ETOOBIG.
 */
int gv_report_step_summary(const struct gv_run_result *r, struct gv_err *err) GV_MUST_CHECK;

/* The summary for people, for a terminal or a log. */
void gv_report_terminal(const struct gv_run_result *r, bool color, struct gv_str *out);

/* NDJSON while the run goes on: each appends one line. gv_report_format "ndjson" is run, cells, summary. */
void gv_report_event_run(const struct gv_run_result *r, struct gv_str *out);
void gv_report_event_cell(const struct gv_cell_result *c, struct gv_str *out);
void gv_report_event_summary(const struct gv_run_result *r, struct gv_str *out);

#endif
