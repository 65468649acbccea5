/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "core/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/str.h"

void
live_begin(struct live *l, size_t n_cells)
{
	l->meter = gv_progress_new();
	l->n = n_cells;
	l->jobs = gv_xcalloc(n_cells, sizeof(struct gv_progress_job *));
}

void
live_end(struct live *l)
{
	gv_progress_free(l->meter);
	free(l->jobs);
	memset(l, 0, sizeof(*l));
}

/* "go1.22.3: compatible (build 1.2s, vet 0.4s, test 3.1s)" */
static char *
cell_line(const struct gv_cell_result *c)
{
	gv_autostr struct gv_str s = GV_STR_INIT(4096);
	struct gv_err ignored = GV_ERR_INIT;
	bool any = false;

	gv_str_addf(&s, "%s: %s", c->id, gv_verdict_name(c->verdict));
	if (gv_result_text(c->class_)[0] != '\0')
		gv_str_addf(&s, ", %s", c->class_);
	for (size_t i = 0; i < c->n_phases; i++) {
		const struct gv_phase_result *p = &c->phases[i];

		if (p->exit == GV_EXIT_NONE)
			continue;
		gv_str_addf(&s, "%s%s %s %.1fs", any ? ", " : " (", p->phase, gv_outcome_name(p->outcome), p->seconds);
		any = true;
	}
	if (any)
		gv_str_addc(&s, ')');
	return gv_str_finish(&s, &ignored);
}

/* The meter borrows a phase's name for good, so only names from this list are shown. */
static const char *
phase_text(const char *phase)
{
	static const char *const known[] = { "build",      "vet",        "test",       "race",      "cross",
					     "test-again", "test-novet", "race-again", "race-novet" };

	for (size_t i = 0; i < GV_ARRAY_LEN(known); i++)
		if (strcmp(known[i], phase) == 0)
			return known[i];
	return "run";
}

void
live_event(struct live *l, const struct gv_run_event *e)
{
	struct gv_progress_job **job = &l->jobs[e->cell];
	gv_autofree char *line = NULL;

	switch (e->kind) {
	case GV_RUN_FETCH:
		line = gv_xasprintf("go%s: fetching modules", e->what->version);
		gv_progress_note(l->meter, line);
		break;
	case GV_RUN_CELL_BEGIN:
		*job = gv_progress_add(l->meter, e->what->id);
		gv_progress_phase(*job, "start");
		break;
	case GV_RUN_PHASE_BEGIN:
		if (*job != NULL)
			gv_progress_phase(*job, phase_text(e->phase));
		break;
	case GV_RUN_PHASE_END:
		break;
	case GV_RUN_KEPT:
		line = gv_xasprintf("%s: kept for a day: gover validate --enter %s", e->what->id, e->phase);
		gv_progress_note(l->meter, line);
		break;
	case GV_RUN_EXPLAIN:
		line = gv_xasprintf("%s: looking for the GODEBUG setting that matters", e->what->id);
		gv_progress_note(l->meter, line);
		break;
	case GV_RUN_CELL_END:
		line = cell_line(e->result);
		if (*job != NULL)
			gv_progress_end(*job, line);
		else
			gv_progress_note(l->meter, line != NULL ? line : e->what->id);
		*job = NULL;
		break;
	}
}
