/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_VALIDATION_H
#define GV_CORE_VALIDATION_H

#include "core/core.h"
#include "core/live.h"
#include "core/validate_opts.h"
#include "project/project.h"
#include "report/stream.h"
#include "validate/runner.h"

/*
 * Shared by `validate`, `bisect` and `ci`: the project and its cells. `validate` and `bisect` also use the engines, the
 * options, and a run over some versions with its display.
 */
struct validation {
	struct gv_core core;
	struct gv_project project;
	char *dir; /* working directory */
	struct gv_strv platforms;
	struct gv_validate_opts opts;
	struct gv_engine *engine, *host;
	char *options;            /* validate_opts_text(), for the report; NULL: not wanted */
	struct gv_stream *stream; /* reports written during the run; NULL: none. The command closes it */
	struct live live;
};

/* clang-format off */
#define VALIDATION_INIT { .dir = NULL }
/* clang-format on */

/* Find the working directory and open the settings and the store. No engine is opened yet. */
int validation_begin(struct validation *v, struct gv_err *err) GV_MUST_CHECK;
/* Find the project of the working directory. Errors: those of gv_project_find(). */
int validation_project(struct validation *v, struct gv_err *err) GV_MUST_CHECK;
/* Open the engines, convert the options, and remove leftovers of earlier runs. */
int validation_open(struct validation *v, const struct validate_fields *f, struct gv_err *err) GV_MUST_CHECK;
/* Close what is open and free the contents, except `stream`. Safe after any failure. */
void validation_close(struct validation *v);
/*
 * Print the error and return its exit status. 1 becomes 3, because 1 means that a version is incompatible, and here
 * nothing was tested.
 */
int validation_fail(const struct gv_err *err);

/*
 * Append the releases to test: those that were requested, in that order; without requests, those of
 * gv_project_versions(). Errors: those of gv_core_select() and gv_project_versions().
 */
int validation_versions(struct validation *v, int argc, char **argv, struct gv_strv *out,
			struct gv_err *err) GV_MUST_CHECK;

/*
 * Make the cells of these versions and of the other axes in the options; gv_matrix_release() frees `m`. Errors: those
 * of gv_matrix_make().
 */
int validation_matrix(struct validation *v, const struct validate_fields *f, const struct gv_strv *versions,
		      struct gv_matrix *m, struct gv_err *err) GV_MUST_CHECK;

/* Run the cells and show what happens. `out` and errors are as of gv_run(). */
int validation_run(struct validation *v, const struct gv_matrix *m, struct gv_run_result *out,
		   struct gv_err *err) GV_MUST_CHECK;

#endif
