/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/cimatrix.h"
#include "core/reportfile.h"
#include "core/validation.h"
#include "report/baseline.h"
#include "report/report.h"
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

/* Whether a report of the list goes to stdout: then the summary for people goes to stderr. */
static bool
uses_stdout(const struct validate_fields *f)
{
	for (size_t i = 0; i < f->reports.n; i++)
		for (const char *p = f->reports.v[i]; p != NULL; p = strchr(p, ',') != NULL ? strchr(p, ',') + 1 : NULL) {
			size_t n = strcspn(p, ",=");

			if (p[n] != '=' || strncmp(p + n, "=-", 2) == 0)
				return true;
		}
	return false;
}

/* All that can be written; the first failure counts. */
static int
write_reports(const struct gv_globals *g, const struct validate_fields *f, const struct gv_run_result *r, struct gv_err *err)
{
	FILE *to = uses_stdout(f) || g->json ? stderr : stdout;
	gv_autostr struct gv_str text = GV_STR_INIT(16u << 20);
	struct gv_err later = GV_ERR_INIT;
	int rc = 0;

	if (!g->quiet) {
		gv_report_terminal(r, gv_msg_color(fileno(to)), &text);
		fputs(gv_str_text(&text), to);
	}
	if (g->json)
		rc = gv_report_emit("json", r, err);
	for (size_t i = 0; i < f->reports.n; i++) {
		struct gv_err *e = rc < 0 ? &later : err;

		if (gv_report_emit(f->reports.v[i], r, e) < 0)
			rc = -1;
	}
	/* What is shown beside the job says nothing about the project. */
	if (gv_report_step_summary(r, &later) < 0)
		gv_msg_warn("%s", later.msg);
	return rc;
}

/* Say what changed; with a baseline a regression is the failure, and what failed before is not. */
static int
compare(const struct gv_run_result *before, const struct gv_run_result *after)
{
	gv_autostr struct gv_str text = GV_STR_INIT(16u << 20);
	struct gv_changes changes = { 0 };
	int status;

	gv_baseline_compare(&changes, before, after);
	gv_changes_text(&changes, &text);
	fputs(gv_str_text(&text), stderr);
	status = gv_changes_are_bad(&changes) ? GV_EXIT_FAILURE : gv_run_exit(after) == GV_EXIT_FAILURE ? GV_EXIT_OK :
													 gv_run_exit(after);
	gv_changes_free(&changes);
	return status;
}

/* The reports, of an interrupted run too, and the exit status; -1 when `err` tells it. */
static int
finish(const struct gv_globals *g, const struct validate_fields *f, const struct gv_run_result *before,
       const struct gv_run_result *result, struct gv_err *err)
{
	struct gv_err interrupt = *err;
	int status;

	if (write_reports(g, f, result, err) < 0)
		return -1;
	status = f->baseline != NULL ? compare(before, result) : gv_run_exit(result);
	*err = interrupt;
	return interrupt.code == GV_OK ? status : -1;
}

static int
run(const struct gv_globals *g, struct validation *v, const struct validate_fields *f, const struct gv_matrix *m,
    struct gv_err *err)
{
	gv_autofree char *options = validate_opts_text(f);
	struct gv_run_result before = { 0 }, result = { 0 };
	int rc, status = -1;

	rc = f->baseline != NULL ? gv_report_load(&before, f->baseline, err) : 0;
	if (rc == 0)
		rc = validation_run(v, m, &result, err);
	for (size_t i = 0; i < result.n_cells; i++)
		gv_result_set(&result.cells[i].options, options);
	if (rc == 0 || err->code == GV_EINTR)
		status = finish(g, f, &before, &result, err);
	gv_run_result_free(&before);
	gv_run_result_free(&result);
	return status >= 0 ? status : validation_fail(err);
}

static int
enter(struct validation *v, const char *id, struct gv_err *err)
{
	int status = GV_EXIT_OK;

	return gv_engine_enter(v->engine, id, NULL, &status, err) < 0 ? validation_fail(err) : status;
}

static int
validate(const struct gv_globals *g, struct validation *v, struct validate_fields *f, int argc, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autostrv struct gv_strv versions = GV_STRV_INIT;
	gv_automatrix struct gv_matrix m = { 0 };

	bool explain = f->explain_engine && f->emit == NULL && argc == 0 && f->reports.n == 0;

	if (check_reports(f, &err) < 0 || validation_begin(v, &err) < 0)
		return validation_fail(&err);
	if (f->enter == NULL && !explain && validation_project(v, &err) < 0)
		return validation_fail(&err);
	if (f->emit == NULL && validation_open(v, f, &err) < 0)
		return validation_fail(&err);
	if (f->enter != NULL)
		return enter(v, f->enter, &err);
	if (explain)
		return GV_EXIT_OK;
	if (validation_versions(v, argc, argv, &versions, &err) < 0)
		return validation_fail(&err);
	if (f->emit != NULL)
		validate_split(&v->platforms, &f->platforms);
	if (validation_matrix(v, f, &versions, &m, &err) < 0)
		return validation_fail(&err);
	if (f->emit != NULL)
		return gv_cimatrix_print(&m, f->emit, &err) < 0 ? validation_fail(&err) : GV_EXIT_OK;
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
	    "Builds, vets and tests the project of this directory with each version, in disposable cells without a network, and says\n"
	    "which versions are compatible. The checkout is not changed.\n"
	    "Without versions: all lines of .go-version when there are several, else the go line of go.mod up to the newest.\n"
	    "Exits 1 when a version is incompatible, 3 when something could not be tested, 0 when all is compatible.",
	.min_args = 0,
	.max_args = -1,
	.json = true,
	.opts = validate_rows,
	.opts_size = sizeof(struct validate_fields),
	.run = validate_run,
};
