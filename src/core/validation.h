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

/* Read the directory and the settings. Opens nothing yet. */
int validation_begin(struct validation *v, struct gv_err *err) GV_MUST_CHECK;
/* Find the project of the directory. */
int validation_project(struct validation *v, struct gv_err *err) GV_MUST_CHECK;
/* Open the engines and convert the options. */
int validation_open(struct validation *v, const struct validate_fields *f, struct gv_err *err) GV_MUST_CHECK;
void validation_close(struct validation *v);
/*
 * Print the error and return its exit status. 1 becomes 3, because 1 means that a version is incompatible, and here
 * nothing was tested.
 */
int validation_fail(const struct gv_err *err);

/* The releases to test, ascending: the requests, or without any, those that the project says. */
int validation_versions(struct validation *v, int argc, char **argv, struct gv_strv *out,
			struct gv_err *err) GV_MUST_CHECK;

/*
 * The cells of these versions, and of what else the options vary; the caller frees *m. Errors: those of
 * gv_matrix_make().
 */
int validation_matrix(struct validation *v, const struct validate_fields *f, const struct gv_strv *versions,
		      struct gv_matrix *m, struct gv_err *err) GV_MUST_CHECK;

/* Run the cells. With GV_EINTR *out is filled too, as by gv_run(). */
int validation_run(struct validation *v, const struct gv_matrix *m, struct gv_run_result *out,
		   struct gv_err *err) GV_MUST_CHECK;

#endif
