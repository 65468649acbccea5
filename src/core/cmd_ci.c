/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "core/cimatrix.h"
#include "core/validation.h"
#include "ui/cmd.h"
#include "util/auto.h"

/* The options that change the cells, as in validate. */
static const struct gv_opt ci_rows[] = {
	GV_OPT_LIST("platform", 0, struct validate_fields, platforms, "OS/ARCH",
		    "Also print cells for these platforms"),
	GV_OPT_LIST("tags", 0, struct validate_fields, tags, "TAGS", "Run with these build tags; repeat for more sets"),
	GV_OPT_LIST("env", 0, struct validate_fields, envs, "K=V", "Run with these variables; repeat for more sets"),
	GV_OPT_LIST("only", 0, struct validate_fields, only, "CELL", "Print only these cells"),
	GV_OPT_END,
};

static int
print_matrix(struct validation *v, const struct validate_fields *f, const char *system, int argc, char **argv,
	     struct gv_err *err)
{
	gv_autostrv struct gv_strv versions = GV_STRV_INIT;
	gv_automatrix struct gv_matrix m = { 0 };

	if (validation_begin(v, err) < 0 || validation_project(v, err) < 0 ||
	    validation_versions(v, argc, argv, &versions, err) < 0)
		return -1;
	validate_split(&v->platforms, &f->platforms);
	if (validation_matrix(v, f, &versions, &m, err) < 0)
		return -1;
	return gv_cimatrix_print(&m, system, err);
}

static int
ci_run(const struct gv_globals *g, void *fields, int argc, char **argv)
{
	struct validation v = VALIDATION_INIT;
	struct gv_err err = GV_ERR_INIT;
	int status = GV_EXIT_OK;

	(void)g;
	if (strcmp(argv[0], "matrix") != 0) {
		gv_err_set(&err, GV_EUSAGE, "'ci' does not take '%s'", argv[0]);
		gv_err_help(&err, "gover ci matrix github, or gitlab");
		return gv_core_fail(&err);
	}
	if (print_matrix(&v, fields, argv[1], argc - 2, argv + 2, &err) < 0)
		status = validation_fail(&err);
	validation_close(&v);
	return status;
}

const struct gv_cmd gv_cmd_ci = {
	.name = "ci",
	.args = "matrix github|gitlab [VERSION]...",
	.details =
	    "Prints the cells that 'gover validate' would run in this directory, one job each, and runs nothing:\n"
	    "  matrix github  JSON for $GITHUB_OUTPUT and fromJSON()\n"
	    "  matrix gitlab  a child pipeline with parallel:matrix\n",
	.min_args = 2,
	.max_args = -1,
	.opts = ci_rows,
	.opts_size = sizeof(struct validate_fields),
	.run = ci_run,
};
