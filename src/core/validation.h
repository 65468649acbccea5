/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_VALIDATION_H
#define GV_CORE_VALIDATION_H

#include "core/core.h"
#include "core/live.h"
#include "core/validate_opts.h"
#include "validate/project.h"
#include "validate/runner.h"

/*
 * What `validate` and `bisect` share: the project, the engines, the options, and a run over some versions with its display.
 */
struct validation {
	struct gv_core core;
	struct gv_project project;
	char *dir;                /* working directory */
	struct gv_strv platforms;
	struct gv_validate_opts opts;
	struct gv_engine *engine, *host;
	struct live live;
};

#define VALIDATION_INIT { .dir = NULL }

/* The directory and the settings; nothing is opened yet. */
int validation_begin(struct validation *v, struct gv_err *err) GV_MUST_CHECK;
/* The project of the directory. */
int validation_project(struct validation *v, struct gv_err *err) GV_MUST_CHECK;
/* The engines and the options. */
int validation_open(struct validation *v, const struct validate_fields *f, struct gv_err *err) GV_MUST_CHECK;
void validation_close(struct validation *v);
/* Print the error; the exit status, where 1 becomes 3: it would say that a version is incompatible, but nothing is known. */
int validation_fail(const struct gv_err *err);

/* Which releases, ascending: the requests, else what the project says. */
int validation_versions(struct validation *v, int argc, char **argv, struct gv_strv *out, struct gv_err *err) GV_MUST_CHECK;

int validation_matrix(struct validation *v, const struct validate_fields *f, const struct gv_strv *versions,
		      struct gv_matrix *m, struct gv_err *err) GV_MUST_CHECK;

/* GV_EINTR fills `*out` as gv_run() does. */
int validation_run(struct validation *v, const struct gv_matrix *m, struct gv_run_result *out, struct gv_err *err) GV_MUST_CHECK;

#endif
