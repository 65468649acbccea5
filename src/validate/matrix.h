/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_MATRIX_H
#define GV_VALIDATE_MATRIX_H

#include <stdbool.h>

#include "util/strv.h"
#include "validate/project.h"

/*
 * The cells of a validation: version × platform × tags × environment × module, as asked for.
 *
 * A cell's id names it in reports and for --only: go1.22.3, and where there is more than one of a kind
 * /linux-arm64, :tag1,tag2, @K=V,K=V and #sub/mod behind it.
 */
struct gv_matrix_in {
	const struct gv_project *project;
	const struct gv_strv *versions;  /* releases, in the order of the report */
	const struct gv_strv *platforms; /* "linux/arm64"; empty: the host's */
	const struct gv_strv *tags;      /* each a comma list, one axis value; empty: no tags */
	const struct gv_strv *envs;      /* each "K=V[,K=V...]", one axis value; empty: none */
	const struct gv_strv *only;      /* ids or their beginnings up to a separator; empty: all */
};

struct gv_matrix_cell {
	char *id;
	const char *version;             /* borrowed from the input, as the next three */
	const char *platform;
	const char *tags;                /* "" */
	const char *env;                 /* "" */
	const struct gv_module *module;
	bool cross;                      /* another platform: built, not run */
	bool wanted;                     /* by `only` */
};

struct gv_matrix {
	struct gv_matrix_cell *cells;
	size_t n;
};

#define gv_automatrix __attribute__((cleanup(gv_matrix_free)))

/* Errors: GV_EUSAGE for a malformed axis, and when `only` names no cell; GV_ETOOBIG. */
int gv_matrix_make(struct gv_matrix *m, const struct gv_matrix_in *in, struct gv_err *err) GV_MUST_CHECK;
void gv_matrix_free(struct gv_matrix *m);

#endif
