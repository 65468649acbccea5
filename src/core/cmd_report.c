/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "core/core.h"
#include "core/reportfile.h"
#include "report/report.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/auto.h"

struct report_fields {
	struct gv_strv reports;
};

static const struct gv_opt report_rows[] = {
	GV_OPT_LIST("report", 0, struct report_fields, reports, "FORMAT[=FILE]", "Write a report; may be repeated"),
	GV_OPT_END,
};

static int
write_all(const struct report_fields *f, const struct gv_run_result *r, struct gv_err *err)
{
	for (size_t i = 0; i < f->reports.n; i++)
		if (gv_report_emit(f->reports.v[i], r, false, err) < 0)
			return -1;
	return f->reports.n > 0 ? 0 : gv_report_emit("json", r, false, err);
}

/* Load the first file and add the cells of the others to it. */
static int
load_all(struct gv_run_result *all, int argc, char **argv, struct gv_err *err)
{
	if (gv_report_load(all, argv[0], err) < 0)
		return -1;
	for (int i = 1; i < argc; i++) {
		struct gv_run_result one = { 0 };
		int rc = gv_report_load(&one, argv[i], err);

		if (rc == 0 && (rc = gv_report_merge(all, &one, err)) < 0)
			gv_err_wrap(err, "'%s'", argv[i]);
		gv_run_result_release(&one);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int
report_run(const struct gv_globals *g, void *fields, int argc, char **argv)
{
	const struct report_fields *f = fields;
	struct gv_run_result all = { 0 };
	struct gv_err err = GV_ERR_INIT;
	bool merge = strcmp(argv[0], "merge") == 0;
	int status = GV_EXIT_OK, rc;

	(void)g;
	if (!merge && strcmp(argv[0], "convert") != 0) {
		gv_err_set(&err, GV_EUSAGE, "'%s' is neither merge nor convert", argv[0]);
		return gv_core_fail(&err);
	}
	if (!merge && argc > 2) {
		gv_err_set(&err, GV_EUSAGE, "convert takes one report; merge takes several");
		return gv_core_fail(&err);
	}
	rc = load_all(&all, argc - 1, argv + 1, &err);
	if (rc == 0 && (rc = write_all(f, &all, &err)) == 0 && merge)
		status = gv_run_exit(&all);
	gv_run_result_release(&all);
	return rc < 0 ? gv_core_fail(&err) : status;
}

const struct gv_cmd gv_cmd_report = {
	.name = "report",
	.args = "merge|convert FILE...",
	.details =
	    "convert writes a JSON report of 'gover validate' in other formats. merge joins the reports of a run that was\n"
	    "spread over several machines, and exits as that run would have. Without --report, the result is JSON on\n"
	    "standard output.\n",
	.min_args = 2,
	.max_args = -1,
	.opts = report_rows,
	.opts_size = sizeof(struct report_fields),
	.run = report_run,
};
