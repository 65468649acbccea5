/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "judge/followup.h"
#include "report/clean.h"
#include "util/alloc.h"
#include "util/auto.h"

#define SLOWER_FACTOR  1.5
#define SLOWER_SECONDS 10.0
#define TEXT_MAX       1000

static const char *const names[] = {
	[GV_REGRESSED] = "regressed", [GV_FIXED] = "fixed",   [GV_NEW] = "new",
	[GV_GONE] = "gone",           [GV_SLOWER] = "slower",
};

void
gv_changes_release(struct gv_changes *c)
{
	free(c->v);
	c->v = NULL;
	c->n = 0;
}

static bool
same_text(const char *a, const char *b)
{
	return strcmp(gv_result_text(a), gv_result_text(b)) == 0;
}

static const struct gv_cell_result *
find_cell(const struct gv_run_result *r, const struct gv_cell_result *c)
{
	for (size_t i = 0; i < r->n_cells; i++) {
		const struct gv_cell_result *o = &r->cells[i];

		if (same_text(o->moduledir, c->moduledir) && same_text(o->version, c->version) &&
		    same_text(o->platform, c->platform) && same_text(o->tags, c->tags) && same_text(o->env, c->env))
			return o;
	}
	return NULL;
}

static bool
is_evidence(const struct gv_phase_result *p)
{
	return (p->outcome == GV_PASS || p->outcome == GV_FLAKY || p->outcome == GV_FAIL) &&
	       gv_followup_find(gv_result_text(p->phase)) == NULL;
}

static void
add(struct gv_changes *c, enum gv_change_kind kind, const struct gv_cell_result *cell,
    const struct gv_phase_result *before, const struct gv_phase_result *after)
{
	c->v = gv_xreallocarray(c->v, c->n + 1, sizeof(*c->v));
	c->v[c->n++] = (struct gv_change){ .kind = kind, .cell = cell, .before = before, .after = after };
}

static void
compare_phase(struct gv_changes *c, const struct gv_cell_result *cell, const struct gv_phase_result *before,
	      const struct gv_phase_result *after)
{
	bool failed = before->outcome == GV_FAIL, fails = after->outcome == GV_FAIL;

	if (!failed && fails)
		add(c, GV_REGRESSED, cell, before, after);
	else if (failed && !fails)
		add(c, GV_FIXED, cell, before, after);
	else if (!failed && after->seconds >= before->seconds * SLOWER_FACTOR &&
		 after->seconds >= before->seconds + SLOWER_SECONDS)
		add(c, GV_SLOWER, cell, before, after);
}

/* Add the phases of `cell` that `other` lacks; all of them when `other` is NULL. */
static void
only_in(struct gv_changes *c, enum gv_change_kind kind, const struct gv_cell_result *cell,
	const struct gv_cell_result *other)
{
	/* A cell that this run left out shows nothing. */
	for (size_t i = 0; i < cell->n_phases && (other == NULL || other->verdict != GV_CELL_SKIPPED); i++) {
		const struct gv_phase_result *p = &cell->phases[i];

		if (!is_evidence(p) || (other != NULL && gv_cell_result_phase(other, gv_result_text(p->phase)) != NULL))
			continue;
		add(c, kind, cell, kind == GV_GONE ? p : NULL, kind == GV_GONE ? NULL : p);
	}
}

void
gv_baseline_compare(struct gv_changes *c, const struct gv_run_result *before, const struct gv_run_result *after)
{
	*c = (struct gv_changes){ 0 };
	for (size_t i = 0; i < after->n_cells; i++) {
		const struct gv_cell_result *cell = &after->cells[i], *old = find_cell(before, cell);

		for (size_t k = 0; old != NULL && k < cell->n_phases; k++) {
			const struct gv_phase_result *p = &cell->phases[k],
						     *q = gv_cell_result_phase(old, gv_result_text(p->phase));

			if (q != NULL && is_evidence(p) && is_evidence(q))
				compare_phase(c, cell, q, p);
		}
		only_in(c, GV_NEW, cell, old);
	}
	for (size_t i = 0; i < before->n_cells; i++)
		only_in(c, GV_GONE, &before->cells[i], find_cell(after, &before->cells[i]));
}

bool
gv_changes_are_bad(const struct gv_changes *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].kind == GV_REGRESSED || (c->v[i].kind == GV_NEW && c->v[i].after->outcome == GV_FAIL))
			return true;
	return false;
}

static const struct gv_phase_result *
phase_of(const struct gv_change *c)
{
	return c->after != NULL ? c->after : c->before;
}

/* Whether it is enough to say that the phase is new or gone. */
static bool
is_plain(const struct gv_change *v)
{
	return v->kind == GV_GONE || (v->kind == GV_NEW && v->after->outcome != GV_FAIL);
}

void
gv_changes_text(const struct gv_changes *c, struct gv_str *to)
{
	gv_autostr struct gv_str lines = GV_STR_INIT(to->max);
	struct gv_str *out = &lines;

	for (size_t i = 0; i < c->n; i++) {
		const struct gv_change *v = &c->v[i];
		const struct gv_phase_result *p = phase_of(v);

		gv_str_addf(out, "%-9s  ", names[v->kind]);
		gv_clean_line(out, gv_cell_result_name(v->cell), TEXT_MAX);
		gv_str_addc(out, ' ');
		gv_clean_line(out, gv_result_text(p->phase), TEXT_MAX);
		while (i + 1 < c->n && is_plain(v) && is_plain(&c->v[i + 1]) && c->v[i + 1].kind == v->kind &&
		       c->v[i + 1].cell == v->cell) {
			gv_str_add(out, ", ");
			gv_clean_line(out, gv_result_text(phase_of(&c->v[++i])->phase), TEXT_MAX);
		}
		if (v->kind == GV_SLOWER)
			gv_str_addf(out, ": %.1f s, was %.1f s", v->after->seconds, v->before->seconds);
		else if (v->after != NULL && v->after->outcome == GV_FAIL) {
			gv_str_add(out, ": ");
			gv_clean_line(out, gv_result_text(p->line)[0] != '\0' ? p->line : gv_result_text(p->cause),
				      TEXT_MAX);
		}
		gv_str_addc(out, '\n');
	}
	if (c->n == 0)
		gv_str_add(out, "no change\n");
	gv_clean_commands(to, gv_str_text(out));
}
