/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_VALIDATE_OPTS_H
#define GV_CORE_VALIDATE_OPTS_H

#include <stdbool.h>

#include "ui/opt.h"
#include "util/str.h"
#include "util/strv.h"
#include "validate/cellspec.h"

/* The options of `gover validate`, and of bisect, which runs the same cells: as typed, and converted. */
struct validate_fields {
	const char *engine;
	struct gv_strv phases, reports, only, platforms, tags, envs, packages, test_args;
	const char *jobs, *timeout, *memory, *cpus, *pids, *image, *baseline;
	bool fail_fast, fresh, cached, keep_failed;
};

extern const struct gv_opt validate_rows[];

/*
 * Check and convert the options. Free *o with validate_opts_free(). `ncpu` is how many processors the engine has; the
 * defaults of jobs and cpus depend on it. Errors: GV_EUSAGE naming the option.
 */
int validate_opts_make(struct gv_validate_opts *o, const struct validate_fields *f, unsigned ncpu,
		       struct gv_err *err) GV_MUST_CHECK;
void validate_opts_free(struct gv_validate_opts *o);

/* The typed options that shape a cell, without the axes of the matrix: "--phase build --memory 1g". Caller frees. */
char *validate_opts_text(const struct validate_fields *f) GV_MUST_CHECK;

/* Split each of `from` at commas. */
void validate_split(struct gv_strv *to, const struct gv_strv *from);

#endif
