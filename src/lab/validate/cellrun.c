/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/cellrun.h"

#include <stdlib.h>
#include <time.h>

#include "judge/assemble.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/sig.h"

#define KEEP_SECONDS (24 * 3600) /* how long a failed cell is kept */

static struct gv_cell_outcome
outcome_of(const struct gv_cellrun_in *in, const struct gv_collected *got, const char *moduledir)
{
	const struct gv_project *project = in->spec.project;
	const struct gv_module *module = in->spec.cell->module;
	bool of_work = project->workspace != NULL && gv_version_cmp(project->go, module->go) > 0;

	return (struct gv_cell_outcome){ .got = got,
					 .go = of_work ? project->go : module->go,
					 .module = module->path,
					 .moduledir = moduledir,
					 .goroot = GV_CELL_SDK };
}

/* Keep a failed cell, so that the user can enter it. If the engine cannot keep it, it is removed like any other. */
static void
keep(struct gv_cell *cell, const struct gv_cell_result *result, const struct gv_cellrun_in *in)
{
	struct gv_err ignored = GV_ERR_INIT;

	if (result->verdict == GV_INCOMPATIBLE && in->kept != NULL &&
	    gv_cell_keep(cell, time(NULL) + KEEP_SECONDS, &ignored) == 0)
		in->kept(in->kept_arg, gv_cell_id(cell));
}

/*
 * Turn what the cell reported into its result. -1 and GV_EINTR if a signal ended the cell; the cell may end before
 * gover notices the signal.
 */
static int
settle(struct gv_cell_result *cell, const struct gv_collected *got, const struct gv_cellrun_in *in, struct gv_err *err)
{
	gv_autofree char *dir = gv_cellspec_module_dir(&in->spec);
	struct gv_cell_outcome o = outcome_of(in, got, dir);

	o.fetch_log = in->fetched->failed ? in->fetched->log : NULL;
	o.cut = !got->done && gv_sig_check(err) < 0;
	gv_assemble_cell(cell, &o);
	return o.cut ? -1 : 0;
}

int
gv_cellrun(struct gv_cell_result *cell, const struct gv_cellrun_in *in, struct gv_err *err)
{
	struct gv_cell_spec spec = { 0 };
	struct gv_collected got = { 0 };
	struct gv_cell *c = NULL;
	int rc = 0;

	if (gv_cellspec_make(&spec, &in->spec, err) < 0 || (c = gv_cell_start(in->engine, &spec, err)) == NULL) {
		struct gv_err why = *err;

		rc = err->code == GV_EINTR || gv_sig_check(err) < 0 ? -1 : 0;
		if (rc == 0)
			gv_assemble_unusable(cell, &(struct gv_cell_obstacle){ .verdict = GV_INCONCLUSIVE,
									       .cause = GV_CAUSE_INFRASTRUCTURE,
									       .reason = why.msg,
									       .hint = why.help });
	} else {
		rc = gv_collect(&got, c, in->watch, err);
		rc = settle(cell, &got, in, err) < 0 ? -1 : rc;
		if (rc == 0 && in->spec.opts->keep_failed)
			keep(c, cell, in);
	}
	gv_cell_destroy(c);
	gv_collected_release(&got);
	gv_cellspec_release(&spec);
	return rc;
}

/* The pattern of -run that selects these tests. NULL selects all: there are no names, or too many. Caller frees. */
static char *
run_pattern(const struct gv_strv *tests)
{
	struct gv_str re = GV_STR_INIT(8192);
	struct gv_err ignored = GV_ERR_INIT;
	char *text;

	for (size_t i = 0; i < tests->n; i++)
		gv_str_addf(&re, "%s%s", i == 0 ? "^(" : "|", tests->v[i]);
	if (re.len > 0)
		gv_str_add(&re, ")$");
	text = re.len > 0 ? gv_str_finish(&re, &ignored) : NULL;
	gv_str_release(&re);
	return text;
}

int
gv_cellrun_godebug(struct gv_finding *again, const struct gv_cellrun_in *in, const struct gv_strv *tests,
		   const char *value, struct gv_err *err)
{
	gv_autofree char *run = run_pattern(tests);
	struct gv_cell_spec spec = { 0 };
	struct gv_collected got = { 0 };
	const struct gv_collected_phase *test;
	struct gv_cell *c = NULL;
	int rc = 0;

	if (gv_cellspec_followup(&spec, &in->spec, value, run, err) < 0 ||
	    (c = gv_cell_start(in->engine, &spec, err)) == NULL) {
		rc = err->code == GV_EINTR || gv_sig_check(err) < 0 ? -1 : 0;
		if (rc == 0)
			gv_err_clear(err);
	} else {
		rc = gv_collect(&got, c, NULL, err);
		/* The cell may end before gover notices the signal. */
		if (!got.done && gv_sig_check(err) < 0)
			rc = -1;
	}
	test = rc == 0 ? gv_collected_find(&got, "test") : NULL;
	if (test != NULL && test->ended) {
		gv_autofree char *dir = gv_cellspec_module_dir(&in->spec);
		struct gv_cell_outcome o = outcome_of(in, &got, dir);

		gv_assemble_finding(again, test, in->spec.cell->version, &o);
		again->phase = "test"; /* no longer borrowed from `got` */
	}
	gv_cell_destroy(c);
	gv_collected_release(&got);
	gv_cellspec_release(&spec);
	return rc;
}
