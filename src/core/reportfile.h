/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_REPORTFILE_H
#define GV_CORE_REPORTFILE_H

#include "util/err.h"
#include "validate/result.h"

/* Read the JSON report of that file ("-" is stdin), at most 256 MiB. The message names the file. */
int gv_report_load(struct gv_run_result *r, const char *file, struct gv_err *err) GV_MUST_CHECK;

#endif
