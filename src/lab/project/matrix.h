/* SPDX-License-Identifier: MIT */
#ifndef GV_PROJECT_MATRIX_H
#define GV_PROJECT_MATRIX_H

#include <stdbool.h>

#include "project/project.h"
#include "util/strv.h"

/*
 * The cells of a validation: version × platform × tags × environment × module.
 *
 * A cell's id names it in reports and for --only. It is go1.22.3, followed by /linux-arm64, :tag1,tag2, @K=V,K=V and
 * #sub/mod as far as the run has these.
 */
struct gv_matrix_in {
	const struct gv_project *project;
	const struct gv_strv *versions;  /* releases, in the order of the report */
	const struct gv_strv *platforms; /* "linux/arm64"; empty: the host's */
	const struct gv_strv *tags;      /* each a comma list, one axis value; empty: no tags */
	const struct gv_strv *envs;      /* each "K=V[,K=V...]", one axis value; empty: none */
	const struct gv_strv *only;      /* ids, or their leading parts up to a separator; empty: all */
};

struct gv_matrix_cell {
	char *id;
	const char *version; /* this and the next three are borrowed from the input */
	const char *platform;
	const char *tags; /* "" */
	const char *env;  /* "" */
	const struct gv_module *module;
	bool cross;  /* another platform than the host's: built, not run */
	bool wanted; /* selected by `only` */
};

struct gv_matrix {
	struct gv_matrix_cell *cells;
	size_t n;
};

#define gv_automatrix __attribute__((cleanup(gv_matrix_release)))

/*
 * Make the cells; gv_matrix_release() frees them. Errors: GV_EUSAGE (a malformed axis, or `only` matches no cell),
 * GV_ETOOBIG.
 */
int gv_matrix_make(struct gv_matrix *m, const struct gv_matrix_in *in, struct gv_err *err) GV_MUST_CHECK;
void gv_matrix_release(struct gv_matrix *m);

#endif
