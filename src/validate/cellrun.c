/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/cellrun.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/sig.h"
#include "validate/classify.h"
#include "validate/hint.h"

#define KEEP_SECONDS (24 * 3600) /* a kept cell is swept after a day */

void
gv_cellrun_unusable(struct gv_cell_result *cell, enum gv_verdict verdict, const char *class_, const char *reason,
		    const char *hint)
{
	struct gv_phase_result *p = gv_cell_result_add(cell);

	gv_result_set(&p->phase, "cell");
	p->outcome = GV_UNKNOWN;
	p->exit = GV_EXIT_NONE;
	gv_result_set(&p->class_, class_);
	gv_result_set(&p->line, reason);
	gv_result_set(&p->hint, hint);
	cell->verdict = verdict;
	gv_result_set(&cell->class_, class_);
}

static void
add_phase(struct gv_cell_result *cell, const struct gv_collected_phase *c, const struct gv_cellrun_in *in)
{
	const struct gv_cellspec_in *s = &in->spec;
	gv_autofree char *dir = gv_cellspec_module_dir(s);
	struct gv_phase_result *p = gv_cell_result_add(cell);
	struct gv_phase_output out = { .phase = c->name,
				       .text = gv_str_text(&c->text),
				       .exit = c->exit,
				       .signal = c->signal,
				       .timeout = c->timeout,
				       .oom = c->oom,
				       .version = cell->version,
				       .module = s->cell->module->path,
				       .moduledir = dir,
				       .goroot = GV_CELL_SDK };

	gv_result_set(&p->phase, c->name);
	gv_classify(&out, p);
	p->seconds = c->seconds;
	p->peak_rss = c->peak_rss;
	gv_result_set(&p->log, out.text);
}

/*
 * A module that is missing in the cell was either not fetched because the network failed (then nothing is known about the
 * project) or cannot be had (its fault). What the fetch printed tells.
 */
static void
blame_fetch(struct gv_cell_result *cell, const struct gv_fetched *f)
{
	struct gv_phase_result fetch = { 0 };
	struct gv_phase_output out = { .phase = "fetch", .text = f->log, .exit = 1, .version = cell->version };

	if (!f->failed || f->log[0] == '\0')
		return;
	gv_classify(&out, &fetch);
	for (size_t i = 0; i < cell->n_phases; i++) {
		struct gv_phase_result *p = &cell->phases[i];

		if (p->outcome != GV_FAIL || strcmp(gv_result_text(p->class_), "deps") != 0)
			continue;
		if (fetch.outcome == GV_UNKNOWN) {
			p->outcome = GV_UNKNOWN;
			gv_result_set(&p->class_, fetch.class_);
			gv_result_set(&p->line, fetch.line);
		} else if (strcmp(gv_result_text(p->hint), gv_hint_sentence(GV_HINT_UNFETCHED)) == 0) {
			gv_result_set(&p->hint, fetch.line);
		}
	}
	gv_phase_result_free(&fetch);
}

/* Where a signal ended the cell. */
static void
add_cut(struct gv_cell_result *cell, const struct gv_collected *got)
{
	struct gv_phase_result *p = gv_cell_result_add(cell);
	const struct gv_collected_phase *last = got->n > 0 ? &got->phases[got->n - 1] : NULL;

	gv_result_set(&p->phase, last != NULL ? last->name : "cell");
	p->outcome = GV_SKIPPED;
	p->exit = GV_EXIT_NONE;
	gv_result_set(&p->class_, "interrupted");
	gv_result_set(&p->line, "interrupted");
	gv_result_set(&p->log, last != NULL ? gv_str_text(&last->text) : "");
}

/* The last phase is not what it would have been, though the agent may have said how it ended. */
static void
add_phases(struct gv_cell_result *cell, const struct gv_collected *got, const struct gv_cellrun_in *in, bool cut)
{
	size_t n = cut && got->n > 0 ? got->n - 1 : got->n;
	const struct gv_project *project = in->spec.project;
	const char *go = gv_version_cmp(project->go, in->spec.cell->module->go) > 0 && project->workspace != NULL ?
			     project->go :
			     in->spec.cell->module->go;

	gv_precheck(cell->version, go, gv_cell_result_add(cell));
	for (size_t i = 0; i < n; i++)
		if (!got->phases[i].skipped && got->phases[i].ended)
			add_phase(cell, &got->phases[i], in);
	if (cut)
		add_cut(cell, got);
	blame_fetch(cell, in->fetched);
	gv_classify_cell(cell);
	/* The phases that were reached stand, but a cell that did not finish is never compatible. */
	if (!cut && got->fault != NULL && cell->verdict != GV_INCOMPATIBLE)
		gv_cellrun_unusable(cell, GV_INCONCLUSIVE, got->oom ? "oom" : "infrastructure", got->fault, "");
}

/* Keeping is a courtesy: when the engine cannot, the cell goes as any other. */
static void
keep(struct gv_cell *cell, const struct gv_cell_result *result, const struct gv_cellrun_in *in)
{
	struct gv_err ignored = GV_ERR_INIT;

	if (result->verdict == GV_INCOMPATIBLE && in->kept != NULL &&
	    gv_cell_keep(cell, time(NULL) + KEEP_SECONDS, &ignored) == 0)
		in->kept(in->kept_arg, gv_cell_id(cell));
}

/* No phase ran. A project that does not fit into the cell's memory is the one cause that the user can do something about. */
static void
never_began(struct gv_cell_result *cell, const struct gv_collected *got)
{
	bool full = got->fault != NULL && strcmp(got->fault_what, "copy") == 0 &&
		    strstr(got->fault, strerror(ENOSPC)) != NULL;

	gv_cellrun_unusable(cell, GV_INCONCLUSIVE, full ? "disk" : "infrastructure",
			    got->fault != NULL ? got->fault : "the go command never answered",
			    full ? "the copy of the project has to fit into half of --memory, and at most 4 GiB" : "");
}

/* What the cell said becomes its result; -1 and GV_EINTR when a signal ended it, which may be seen from the cell's end first. */
static int
settle(struct gv_cell_result *cell, const struct gv_collected *got, const struct gv_cellrun_in *in, struct gv_err *err)
{
	bool began = got->goversion != NULL && got->goversion[0] != '\0';
	bool cut = !got->done && gv_sig_check(err) < 0;

	gv_result_set(&cell->goversion, got->goversion);
	gv_result_set(&cell->note, got->note);
	if (began)
		add_phases(cell, got, in, cut);
	else if (!cut)
		never_began(cell, got);
	return cut ? -1 : 0;
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
			gv_cellrun_unusable(cell, GV_INCONCLUSIVE, "infrastructure", why.msg, why.help);
	} else {
		rc = gv_collect(&got, c, in->watch, err);
		rc = settle(cell, &got, in, err) < 0 ? -1 : rc;
		if (rc == 0 && in->spec.opts->keep_failed)
			keep(c, cell, in);
	}
	gv_cell_destroy(c);
	gv_collected_free(&got);
	gv_cellspec_free(&spec);
	return rc;
}

/* A -run pattern for these tests, or NULL for all. */
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
	gv_str_free(&re);
	return text;
}

int
gv_cellrun_godebug(struct gv_cell_result *again, const struct gv_cellrun_in *in, const struct gv_strv *tests, const char *value,
		   struct gv_err *err)
{
	gv_autofree char *run = run_pattern(tests), *env = gv_xasprintf("GODEBUG=%s", value);
	struct gv_cell_spec spec = { 0 };
	struct gv_collected got = { 0 };
	const struct gv_collected_phase *test;
	struct gv_cell *c = NULL;
	int rc = 0;

	if (gv_cellspec_followup(&spec, &in->spec, env, run, err) < 0 || (c = gv_cell_start(in->engine, &spec, err)) == NULL)
		rc = err->code == GV_EINTR ? -1 : 0;
	else
		rc = gv_collect(&got, c, NULL, err);
	test = rc == 0 ? gv_collected_find(&got, "test") : NULL;
	gv_result_set(&again->version, in->spec.cell->version);
	if (test != NULL && test->ended)
		add_phase(again, test, in);
	gv_cell_destroy(c);
	gv_collected_free(&got);
	gv_cellspec_free(&spec);
	return rc;
}
