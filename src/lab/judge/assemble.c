/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/assemble.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judge/build.h"
#include "judge/cell.h"
#include "judge/patterns.h"
#include "judge/phase.h"
#include "util/alloc.h"
#include "util/auto.h"

void
gv_assemble_run(struct gv_run_result *out, const struct gv_run_facts *f)
{
	char started[32];
	time_t now = time(NULL);
	struct tm tm;

	memset(out, 0, sizeof(*out));
	gmtime_r(&now, &tm);
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &tm);
	gv_result_set(&out->gover, PACKAGE_VERSION);
	gv_result_set(&out->module, f->module);
	gv_result_set(&out->go_directive, f->go);
	gv_result_set(&out->engine, f->engine);
	gv_result_set(&out->engine_version, f->engine_version);
	gv_result_set(&out->started, started);
}

void
gv_assemble_add(struct gv_run_result *out, const struct gv_cell_facts *f)
{
	struct gv_cell_result *cell = gv_run_result_add(out);

	gv_result_set(&cell->id, f->id);
	gv_result_set(&cell->moduledir, f->moduledir);
	gv_result_set(&cell->version, f->version);
	gv_result_set(&cell->platform, f->platform);
	gv_result_set(&cell->tags, f->tags);
	gv_result_set(&cell->env, f->env);
	gv_result_set(&cell->options, f->options);
	gv_assemble_skip(cell, f->wanted ? GV_CAUSE_NONE : GV_CAUSE_ONLY);
}

static void
decide(struct gv_cell_result *cell, struct gv_judgement j)
{
	cell->verdict = j.verdict;
	gv_result_set(&cell->cause, gv_cause_name(j.cause));
}

void
gv_assemble_skip(struct gv_cell_result *cell, enum gv_cause why)
{
	decide(cell, (struct gv_judgement){ GV_CELL_SKIPPED, why });
}

void
gv_assemble_hint(struct gv_cell_result *cell, const char *phase, const char *hint)
{
	for (size_t i = 0; i < cell->n_phases; i++)
		if (strcmp(gv_result_text(cell->phases[i].phase), phase) == 0)
			gv_result_set(&cell->phases[i].hint, hint);
}

/* Append a finding to the result; takes its contents. `did` is what the phase did, NULL if it is not a process. */
static void
add_phase(struct gv_cell_result *cell, struct gv_finding *f, const struct gv_collected_phase *did)
{
	struct gv_phase_result *p = gv_cell_result_add(cell);

	*p = (struct gv_phase_result){ .phase = gv_xstrdup(f->phase),
				       .outcome = f->outcome,
				       .cause = gv_xstrdup(gv_cause_name(f->cause)),
				       .line = gv_xstrdup(gv_result_text(f->line)),
				       .hint = gv_xstrdup(gv_result_text(f->hint)),
				       .diags = gv_steal_ptr(&f->diags),
				       .n_diags = f->n_diags,
				       .tests = gv_steal_ptr(&f->tests),
				       .n_tests = f->n_tests,
				       .exit = did != NULL ? did->exit : GV_EXIT_NONE,
				       .seconds = did != NULL ? did->seconds : 0,
				       .peak_rss = did != NULL ? did->peak_rss : 0,
				       .log = did != NULL ? gv_xstrdup(gv_str_text(&did->text)) : NULL };
	f->n_diags = f->n_tests = 0;
}

void
gv_assemble_unusable(struct gv_cell_result *cell, const struct gv_cell_obstacle *why)
{
	struct gv_finding f = { .phase = "cell" };

	gv_finding_set(&f, GV_UNKNOWN, why->cause, why->reason, why->hint);
	add_phase(cell, &f, NULL);
	gv_finding_release(&f);
	decide(cell, (struct gv_judgement){ why->verdict, why->cause });
}

void
gv_assemble_finding(struct gv_finding *out, const struct gv_collected_phase *phase, const char *version,
		    const struct gv_cell_outcome *o)
{
	struct gv_phase_output in = { .phase = phase->name,
				      .text = gv_str_text(&phase->text),
				      .exit = phase->exit,
				      .signal = phase->signal,
				      .timeout = phase->timeout,
				      .oom = phase->oom,
				      .version = version,
				      .module = o->module,
				      .moduledir = o->moduledir,
				      .goroot = o->goroot };

	out->phase = phase->name;
	gv_classify(&in, out);
}

/*
 * If a cell lacks a module, either the network failed, and then nothing is known about the project; or nobody can get
 * that module, which is the project's fault. What the fetch printed shows which.
 */
static void
blame_fetch(struct gv_findings *all, const char *version, const char *log)
{
	struct gv_finding fetch = { .phase = "fetch" };
	struct gv_phase_output out = { .phase = "fetch", .text = log, .exit = 1, .version = version };

	if (gv_result_text(log)[0] == '\0')
		return;
	gv_classify(&out, &fetch);
	for (size_t i = 0; i < all->n; i++) {
		struct gv_finding *f = &all->v[i];

		if (f->outcome != GV_FAIL || f->cause != GV_CAUSE_DEPS)
			continue;
		if (fetch.outcome == GV_UNKNOWN)
			gv_finding_set(f, GV_UNKNOWN, fetch.cause, fetch.line, fetch.hint);
		else if (strcmp(gv_result_text(f->hint), GV_UNFETCHED) == 0)
			gv_finding_set(f, f->outcome, f->cause, f->line, fetch.line);
	}
	gv_finding_release(&fetch);
}

/*
 * Find out what the precheck shows, and those of the first `n` phases that ended. `did` gets what each of them did;
 * NULL for the precheck.
 */
static void
find(struct gv_findings *all, const struct gv_collected_phase **did, size_t n, const char *version,
     const struct gv_cell_outcome *o)
{
	gv_precheck(version, o->go, gv_findings_add(all, "precheck"));
	did[0] = NULL;
	for (size_t i = 0; i < n; i++) {
		const struct gv_collected_phase *phase = &o->got->phases[i];

		if (phase->skipped || !phase->ended)
			continue;
		did[all->n] = phase;
		gv_assemble_finding(gv_findings_add(all, phase->name), phase, version, o);
	}
	blame_fetch(all, version, o->fetch_log);
}

/* The phase that a signal cut short, with what it had printed. */
static void
add_cut(struct gv_cell_result *cell, const struct gv_collected *got)
{
	const struct gv_collected_phase *last = got->n > 0 ? &got->phases[got->n - 1] : NULL;
	struct gv_phase_result *p = gv_cell_result_add(cell);

	*p = (struct gv_phase_result){ .phase = gv_xstrdup(last != NULL ? last->name : "cell"),
				       .outcome = GV_SKIPPED,
				       .cause = gv_xstrdup(gv_cause_name(GV_CAUSE_INTERRUPTED)),
				       .line = gv_xstrdup("interrupted"),
				       .exit = GV_EXIT_NONE,
				       .log = gv_xstrdup(last != NULL ? gv_str_text(&last->text) : "") };
}

static void
add_phases(struct gv_cell_result *cell, const struct gv_cell_outcome *o)
{
	const struct gv_collected *got = o->got;
	/* Leave out the last phase: a signal ended it, even if the agent reported its end. */
	size_t n = o->cut && got->n > 0 ? got->n - 1 : got->n;
	gv_autofree const struct gv_collected_phase **did = gv_xcalloc(n + 1, sizeof(*did));
	struct gv_findings all = { 0 };

	find(&all, did, n, cell->version, o);
	decide(cell, gv_judge_cell(&all));
	for (size_t i = 0; i < all.n; i++)
		add_phase(cell, &all.v[i], did[i]);
	gv_findings_release(&all);
	/* The phases that ended stay, but a cell that did not finish is never compatible. */
	if (!o->cut && got->fault != NULL && cell->verdict != GV_INCOMPATIBLE)
		gv_assemble_unusable(
		    cell, &(struct gv_cell_obstacle){ .verdict = GV_INCONCLUSIVE,
						      .cause = got->oom ? GV_CAUSE_OOM : GV_CAUSE_INFRASTRUCTURE,
						      .reason = got->fault,
						      .hint = "" });
}

/* No phase ran. There is a hint for one reason only: the copy of the project does not fit into the cell. */
static void
never_began(struct gv_cell_result *cell, const struct gv_collected *got)
{
	bool full = got->fault != NULL && strcmp(got->fault_what, "copy") == 0 &&
		    strstr(got->fault, strerror(ENOSPC)) != NULL;
	struct gv_cell_obstacle why = {
		.verdict = GV_INCONCLUSIVE,
		.cause = full ? GV_CAUSE_DISK : GV_CAUSE_INFRASTRUCTURE,
		.reason = got->fault != NULL ? got->fault : "the go command never answered",
		.hint = full ? "the copy of the project has to fit into half of --memory, and at most 4 GiB" : "",
	};

	gv_assemble_unusable(cell, &why);
}

void
gv_assemble_cell(struct gv_cell_result *cell, const struct gv_cell_outcome *o)
{
	bool began = gv_result_text(o->got->goversion)[0] != '\0';

	gv_result_set(&cell->goversion, o->got->goversion);
	gv_result_set(&cell->note, o->got->note);
	if (began)
		add_phases(cell, o);
	else if (!o->cut)
		never_began(cell, o->got);
	if (began && o->cut)
		add_cut(cell, o->got);
	if (o->cut)
		gv_assemble_skip(cell, GV_CAUSE_INTERRUPTED);
}
