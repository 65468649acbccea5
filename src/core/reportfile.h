/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_REPORTFILE_H
#define GV_CORE_REPORTFILE_H

#include "judge/result.h"
#include "util/err.h"

/*
 * Read a JSON report from `file` ("-" is stdin), at most 256 MiB; gv_run_result_release() frees the contents. Errors:
 * GV_EIO, GV_ETOOBIG, and those of gv_report_read(), whose message then names the file.
 */
int gv_report_load(struct gv_run_result *r, const char *file, struct gv_err *err) GV_MUST_CHECK;

#endif
