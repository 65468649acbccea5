/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_WRITTEN_H
#define GV_TESTS_WRITTEN_H

#include <stdbool.h>
#include <string.h>

#include "report/report.h"
#include "tests/tap.h"

/* Shared by the tests of reports. */

/* The report in that format. Caller frees. */
static inline char *
write_as(const char *format, const struct gv_run_result *r)
{
	struct gv_str out = GV_STR_INIT(GV_REPORT_MAX);
	struct gv_err err = GV_ERR_INIT;

	ok(gv_report_find(format)->write(r, &out, &err) == 0, "%s can be written", format);
	return gv_str_finish(&out, &err);
}

static inline bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

#endif
