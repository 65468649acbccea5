/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "core/live.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/sig.h"
#include "util/str.h"
#include "validate/collect.h"

static void
draw(void *arg, struct gv_str *out, size_t columns, int rows)
{
	struct live *l = arg;
	const char *note = gv_sig_caught() != 0 ? "interrupted: ending what runs; a second Ctrl-C ends at once" : NULL;

	pthread_mutex_lock(&l->lock);
	gv_board_text(&l->board, gv_clock_ms(), columns, rows > 0 ? (size_t)rows : 0, l->color, note, out);
	pthread_mutex_unlock(&l->lock);
}

void
live_begin(struct live *l, const struct gv_matrix *m, const struct gv_strv *phases, bool alone)
{
	*l = (struct live){ .matrix = m,
			    .meter = gv_progress_new(),
			    .color = gv_msg_color(STDERR_FILENO),
			    .row_of = gv_xcalloc(m->n, sizeof(size_t)),
			    .explaining = SIZE_MAX,
			    .jobs = gv_xcalloc(m->n, sizeof(struct gv_progress_job *)) };
	pthread_mutex_init(&l->lock, NULL);
	for (size_t i = 0; i < phases->n; i++)
		gv_board_add_phase(&l->board, phases->v[i]);
	for (size_t i = 0; i < m->n; i++) {
		if (!m->cells[i].wanted)
			continue;
		l->row_of[i] = gv_board_add_row(&l->board, m->cells[i].id);
		if (m->cells[i].cross)
			gv_board_add_phase(&l->board, "cross");
	}
	if (!alone)
		gv_progress_lines(l->meter);
	l->table = gv_progress_panel(l->meter, draw, l);
}

void
live_end(struct live *l)
{
	gv_progress_free(l->meter);
	free(l->jobs);
	free(l->row_of);
	gv_board_release(&l->board);
	pthread_mutex_destroy(&l->lock);
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
	if (gv_result_text(c->cause)[0] != '\0')
		gv_str_addf(&s, ", %s", c->cause);
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

/* The meter keeps a pointer to the name, so it must be one of these constants. */
static const char *
phase_text(const char *phase)
{
	static const char *const known[] = {
		"build",           "vet",        "test",       "race",       "cross",
		"test-again",      "test-novet", "race-again", "race-novet", "test-novet-again",
		"race-novet-again"
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(known); i++)
		if (strcmp(known[i], phase) == 0)
			return known[i];
	return "run";
}

/* Set the step of the cells that wait for this version's SDK, or unless `module` is NULL, for its modules. */
static void
step_all(struct live *l, const char *version, const struct gv_module *module, enum gv_board_step step)
{
	for (size_t i = 0; i < l->matrix->n; i++) {
		const struct gv_matrix_cell *c = &l->matrix->cells[i];

		if (c->wanted && strcmp(c->version, version) == 0 && (module == NULL || c->module == module) &&
		    l->board.rows[l->row_of[i]].step < GV_BOARD_RUNNING)
			gv_board_step(&l->board, l->row_of[i], step, gv_clock_ms());
	}
}

void
live_sdk(struct live *l, const char *version, bool busy)
{
	pthread_mutex_lock(&l->lock);
	step_all(l, version, NULL, busy ? GV_BOARD_SDK : GV_BOARD_WAITING);
	pthread_mutex_unlock(&l->lock);
}

static void
explain(struct live *l, size_t row)
{
	if (l->explaining != SIZE_MAX)
		gv_board_step(&l->board, l->explaining, GV_BOARD_DONE, 0);
	gv_board_step(&l->board, row, GV_BOARD_GODEBUG, gv_clock_ms());
	l->explaining = row;
}

static void
table_event(struct live *l, const struct gv_run_event *e)
{
	size_t row = l->row_of[e->cell];

	pthread_mutex_lock(&l->lock);
	switch (e->kind) {
	case GV_RUN_FETCH:
	case GV_RUN_FETCHED:
		step_all(l, e->what->version, e->what->module,
			 e->kind == GV_RUN_FETCH ? GV_BOARD_MODULES : GV_BOARD_WAITING);
		break;
	case GV_RUN_CELL_BEGIN:
		gv_board_step(&l->board, row, GV_BOARD_RUNNING, gv_clock_ms());
		break;
	case GV_RUN_PHASE_BEGIN:
		gv_board_begin(&l->board, row, e->phase, gv_clock_ms());
		break;
	case GV_RUN_PHASE_END:
		gv_board_end(&l->board, row, e->phase, e->end->exit == 0, e->end->seconds);
		break;
	case GV_RUN_EXPLAIN:
		explain(l, row);
		break;
	case GV_RUN_CELL_END:
		gv_board_done(&l->board, row, e->result);
		break;
	case GV_RUN_BEGIN:
	case GV_RUN_KEPT:
		break;
	}
	pthread_mutex_unlock(&l->lock);
}

static void
note(struct live *l, char *line)
{
	gv_progress_note(l->meter, line);
	free(line);
}

static void
plain_event(struct live *l, const struct gv_run_event *e)
{
	struct gv_progress_job **job = &l->jobs[e->cell];
	gv_autofree char *line = NULL;

	switch (e->kind) {
	case GV_RUN_FETCH:
		note(l, gv_xasprintf("go%s: fetching modules", e->what->version));
		break;
	case GV_RUN_CELL_BEGIN:
		*job = gv_progress_add(l->meter, e->what->id);
		gv_progress_phase(*job, "start");
		break;
	case GV_RUN_PHASE_BEGIN:
		if (*job != NULL)
			gv_progress_phase(*job, phase_text(e->phase));
		break;
	case GV_RUN_EXPLAIN:
		note(l, gv_xasprintf("%s: looking for the GODEBUG setting that matters", e->what->id));
		break;
	case GV_RUN_CELL_END:
		line = cell_line(e->result);
		if (*job != NULL)
			gv_progress_end(*job, line);
		else
			gv_progress_note(l->meter, line != NULL ? line : e->what->id);
		*job = NULL;
		break;
	case GV_RUN_BEGIN:
	case GV_RUN_FETCHED:
	case GV_RUN_PHASE_END:
	case GV_RUN_KEPT:
		break;
	}
}

void
live_event(struct live *l, const struct gv_run_event *e)
{
	if (l->table)
		table_event(l, e);
	else
		plain_event(l, e);
	if (e->kind == GV_RUN_KEPT)
		note(l, gv_xasprintf("%s: kept for a day: gover cell enter %s", e->what->id, e->phase));
}
