/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_REPORT_H
#define GV_REPORT_REPORT_H

#include <stdbool.h>

#include "judge/result.h"
#include "util/err.h"
#include "util/str.h"

/*
 * Reports: one model (judge/result.h), many writers. Each writer is one file and one row of gv_report_formats. Text
 * from the project is untrusted, so each writer cleans it for its format. The same result gives the same output.
 */
struct gv_report_format {
	const char *name; /* "json" */
	int (*write)(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err);
};

#define GV_REPORT_MAX (64u << 20) /* bytes of one report, written or read */

extern const struct gv_report_format gv_report_formats[];
extern const size_t gv_report_formats_len;

/* Find a format by name; NULL if there is none. */
const struct gv_report_format *gv_report_find(const char *name);

/*
 * Read a JSON report; gv_run_result_release() frees the contents. Errors: GV_EFORMAT naming the JSON path, also for a
 * newer schema.
 */
int gv_report_read(struct gv_run_result *r, const char *json, size_t len, struct gv_err *err) GV_MUST_CHECK;

/*
 * Merge shards of one run: move the cells of `from` into `into`, which leaves `from` empty. The cells are sorted by
 * module directory, version, platform, tags and environment, so the order of the shards does not matter. A cell that
 * ran replaces a skipped one. Errors: GV_EFORMAT for a cell that ran twice or for another module; both are then
 * unchanged.
 */
int gv_report_merge(struct gv_run_result *into, struct gv_run_result *from, struct gv_err *err) GV_MUST_CHECK;

/*
 * Write the reports of a spec "FORMAT[=FILE],...". FILE "-" or none is stdout; files are written atomically. Formats on
 * stdout appear in the order given. `streamed`: ndjson was already written during the run (report/stream.h), so skip
 * it. Errors: GV_EUSAGE (unknown format, empty FILE; nothing is written then), GV_EIO.
 */
int gv_report_emit(const char *spec, const struct gv_run_result *r, bool streamed, struct gv_err *err) GV_MUST_CHECK;

/* Check a spec without writing anything, before a long run. Errors: GV_EUSAGE. */
int gv_report_check(const char *spec, struct gv_err *err) GV_MUST_CHECK;

/*
 * In GitHub Actions, append the Markdown report to the file that GITHUB_STEP_SUMMARY names; elsewhere do nothing.
 * Errors: GV_EIO, GV_ETOOBIG.
 */
int gv_report_step_summary(const struct gv_run_result *r, struct gv_err *err) GV_MUST_CHECK;

/* Append the summary for people, for a terminal or a log. */
void gv_report_terminal(const struct gv_run_result *r, bool color, struct gv_str *out);

#endif
