/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/reportfile.h"
#include "core/validation.h"
#include "report/baseline.h"
#include "report/report.h"
#include "report/stream.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/auto.h"

static int
check_reports(const struct validate_fields *f, struct gv_err *err)
{
	for (size_t i = 0; i < f->reports.n; i++)
		if (gv_report_check(f->reports.v[i], err) < 0)
			return -1;
	return 0;
}

/* Whether a report is written to stdout. If so, the summary for people is printed on stderr. */
static bool
uses_stdout(const struct validate_fields *f)
{
	for (size_t i = 0; i < f->reports.n; i++)
		for (const char *p = f->reports.v[i]; p != NULL;
		     p = strchr(p, ',') != NULL ? strchr(p, ',') + 1 : NULL) {
			size_t n = strcspn(p, ",=");

			if (p[n] != '=' || strncmp(p + n, "=-", 2) == 0)
				return true;
		}
	return false;
}

/* Write all reports that can be written, the rest of the stream first. Returns the first failure. */
static int
write_reports(const struct gv_globals *g, struct gv_stream *stream, const struct validate_fields *f,
	      const struct gv_run_result *r, struct gv_err *err)
{
	FILE *to = uses_stdout(f) || g->json ? stderr : stdout;
	gv_autostr struct gv_str text = GV_STR_INIT(16u << 20);
	struct gv_err later = GV_ERR_INIT;
	int rc = gv_stream_close(stream, r, err);

	if (!g->quiet) {
		gv_report_terminal(r, gv_msg_color(fileno(to)), &text);
		fputs(gv_str_text(&text), to);
	}
	if (g->json && gv_report_emit("json", r, true, rc < 0 ? &later : err) < 0)
		rc = -1;
	for (size_t i = 0; i < f->reports.n; i++) {
		struct gv_err *e = rc < 0 ? &later : err;

		if (gv_report_emit(f->reports.v[i], r, true, e) < 0)
			rc = -1;
	}
	/* A failure here says nothing about the project, so it is only a warning. */
	if (gv_report_step_summary(r, &later) < 0)
		gv_msg_warn("%s", later.msg);
	return rc;
}

/* Print what changed since the baseline. Only a regression is a failure, not a cell that failed before. */
static int
compare(const struct gv_run_result *before, const struct gv_run_result *after)
{
	gv_autostr struct gv_str text = GV_STR_INIT(16u << 20);
	struct gv_changes changes = { 0 };
	int status;

	gv_baseline_compare(&changes, before, after);
	gv_changes_text(&changes, &text);
	fputs(gv_str_text(&text), stderr);
	status = gv_changes_are_bad(&changes)            ? GV_EXIT_FAILURE
		 : gv_run_exit(after) == GV_EXIT_FAILURE ? GV_EXIT_OK
							 : gv_run_exit(after);
	gv_changes_release(&changes);
	return status;
}

/* Write the reports, also of a run that an error or a signal ended. Returns the exit status, or -1 with *err. */
static int
finish(const struct gv_globals *g, struct validation *v, const struct validate_fields *f,
       const struct gv_run_result *before, const struct gv_run_result *result, struct gv_err *err)
{
	struct gv_err ended = *err;
	int status;

	if (write_reports(g, v->stream, f, result, err) < 0)
		return -1;
	status = f->baseline != NULL ? compare(before, result) : gv_run_exit(result);
	*err = ended;
	return ended.code == GV_OK ? status : -1;
}

static int
run(const struct gv_globals *g, struct validation *v, const struct validate_fields *f, const struct gv_matrix *m,
    struct gv_err *err)
{
	struct gv_run_result before = { 0 }, result = { 0 };
	struct gv_err later = GV_ERR_INIT;
	int rc, status = -1;

	v->options = validate_opts_text(f);
	rc = f->baseline != NULL ? gv_report_load(&before, f->baseline, err) : 0;
	if (rc == 0)
		rc = gv_stream_open(&v->stream, &f->reports, err);
	if (rc == 0)
		rc = validation_run(v, m, &result, err);
	/* Report what was finished even after an error. */
	if (result.n_cells > 0)
		status = finish(g, v, f, &before, &result, err);
	else if (gv_stream_close(v->stream, NULL, &later) < 0)
		gv_msg_error(&later);
	gv_run_result_release(&before);
	gv_run_result_release(&result);
	return status >= 0 ? status : validation_fail(err);
}

static int
validate(const struct gv_globals *g, struct validation *v, struct validate_fields *f, int argc, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autostrv struct gv_strv versions = GV_STRV_INIT;
	gv_automatrix struct gv_matrix m = { 0 };

	if (check_reports(f, &err) < 0 || validation_begin(v, &err) < 0 || validation_project(v, &err) < 0 ||
	    validation_open(v, f, &err) < 0 || validation_versions(v, argc, argv, &versions, &err) < 0 ||
	    validation_matrix(v, f, &versions, &m, &err) < 0)
		return validation_fail(&err);
	return run(g, v, f, &m, &err);
}

static int
validate_run(const struct gv_globals *g, void *fields, int argc, char **argv)
{
	struct validation v = VALIDATION_INIT;
	int status = validate(g, &v, fields, argc, argv);

	validation_close(&v);
	return status;
}

const struct gv_cmd gv_cmd_validate = {
	.name = "validate",
	.args = "[VERSION]...",
	.details =
	    "Builds, vets and tests the project of this directory with each version, in disposable cells without a network,\n"
	    "and reports which versions are compatible. The checkout is not changed. Without versions: all lines of\n"
	    ".go-version if there are several, otherwise each minor from the go line of go.mod to the newest.\n"
	    "Exits 1 if a version is incompatible, 3 if something could not be tested, 0 if all are compatible.\n",
	.min_args = 0,
	.max_args = -1,
	.json = true,
	.opts = validate_rows,
	.opts_size = sizeof(struct validate_fields),
	.run = validate_run,
};
