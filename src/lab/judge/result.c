/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/result.h"

#include <stdlib.h>
#include <string.h>

#include "judge/build.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "version/version.h"

static const char *const verdict_names[] = {
	[GV_COMPATIBLE] = "compatible",   [GV_INCOMPATIBLE] = "incompatible", [GV_INCONCLUSIVE] = "inconclusive",
	[GV_UNAVAILABLE] = "unavailable", [GV_CELL_SKIPPED] = "skipped",
};

static const char *const outcome_names[] = {
	[GV_PASS] = "pass",
	[GV_FAIL] = "fail",
	[GV_FLAKY] = "flaky",
	[GV_SKIPPED] = "skipped",
	[GV_UNKNOWN] = "inconclusive",
};

static const struct {
	const char *name, *text;
} causes[] = {
#define GV_CAUSE(id, name, text) [GV_CAUSE_##id] = { name, text },
#include "judge/causes.def"
#undef GV_CAUSE
};

const char *
gv_cause_name(enum gv_cause cause)
{
	return causes[cause].name;
}

bool
gv_cause_is(const char *name, enum gv_cause cause)
{
	return strcmp(gv_result_text(name), causes[cause].name) == 0;
}

const char *
gv_cause_text(const char *name)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(causes); i++)
		if (strcmp(gv_result_text(name), causes[i].name) == 0)
			return causes[i].text;
	return NULL;
}

void
gv_diags_free(struct gv_diag *diags, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(diags[i].file);
		free(diags[i].message);
	}
	free(diags);
}

void
gv_tests_free(struct gv_test_result *tests, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(tests[i].package);
		free(tests[i].name);
		free(tests[i].message);
	}
	free(tests);
}

static void
release_phase(struct gv_phase_result *p)
{
	gv_diags_free(p->diags, p->n_diags);
	gv_tests_free(p->tests, p->n_tests);
	free(p->phase);
	free(p->cause);
	free(p->line);
	free(p->hint);
	free(p->log);
	memset(p, 0, sizeof(*p));
}

void
gv_cell_result_release(struct gv_cell_result *c)
{
	for (size_t i = 0; i < c->n_phases; i++)
		release_phase(&c->phases[i]);
	free(c->phases);
	free(c->id);
	free(c->moduledir);
	free(c->version);
	free(c->goversion);
	free(c->platform);
	free(c->tags);
	free(c->env);
	free(c->options);
	free(c->note);
	free(c->cause);
	memset(c, 0, sizeof(*c));
}

void
gv_run_result_release(struct gv_run_result *r)
{
	for (size_t i = 0; i < r->n_cells; i++)
		gv_cell_result_release(&r->cells[i]);
	free(r->cells);
	free(r->gover);
	free(r->module);
	free(r->go_directive);
	free(r->engine);
	free(r->engine_version);
	free(r->started);
	memset(r, 0, sizeof(*r));
}

/* One more zeroed element of `size` bytes; vectors here are short, so they grow one by one. */
static void *
grow(void *vector, size_t *n, size_t size)
{
	char *v = gv_xreallocarray(vector, *n + 1, size);

	memset(v + *n * size, 0, size);
	(*n)++;
	return v;
}

struct gv_cell_result *
gv_run_result_add(struct gv_run_result *r)
{
	r->cells = grow(r->cells, &r->n_cells, sizeof(*r->cells));
	return &r->cells[r->n_cells - 1];
}

struct gv_phase_result *
gv_cell_result_add(struct gv_cell_result *c)
{
	c->phases = grow(c->phases, &c->n_phases, sizeof(*c->phases));
	return &c->phases[c->n_phases - 1];
}

struct gv_diag *
gv_phase_result_add_diag(struct gv_phase_result *p)
{
	p->diags = grow(p->diags, &p->n_diags, sizeof(*p->diags));
	return &p->diags[p->n_diags - 1];
}

struct gv_test_result *
gv_phase_result_add_test(struct gv_phase_result *p)
{
	p->tests = grow(p->tests, &p->n_tests, sizeof(*p->tests));
	return &p->tests[p->n_tests - 1];
}

const struct gv_phase_result *
gv_cell_result_phase(const struct gv_cell_result *c, const char *name)
{
	for (size_t i = 0; i < c->n_phases; i++)
		if (strcmp(gv_result_text(c->phases[i].phase), name) == 0)
			return &c->phases[i];
	return NULL;
}

void
gv_result_set(char **field, const char *value)
{
	char *copy = gv_xstrdup(gv_result_text(value)); /* `value` may be the field itself */

	free(*field);
	*field = copy;
}

const char *
gv_cell_result_name(const struct gv_cell_result *c)
{
	return gv_result_text(c->id)[0] != '\0' ? c->id : gv_result_text(c->version);
}

const char *
gv_verdict_name(enum gv_verdict v)
{
	return verdict_names[v];
}

const char *
gv_outcome_name(enum gv_outcome o)
{
	return outcome_names[o];
}

static int
name_index(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

bool
gv_verdict_parse(enum gv_verdict *v, const char *name)
{
	int i = name_index(verdict_names, GV_ARRAY_LEN(verdict_names), name);

	if (i >= 0)
		*v = (enum gv_verdict)i;
	return i >= 0;
}

bool
gv_outcome_parse(enum gv_outcome *o, const char *name)
{
	int i = name_index(outcome_names, GV_ARRAY_LEN(outcome_names), name);

	if (i >= 0)
		*o = (enum gv_outcome)i;
	return i >= 0;
}

/* Compatible cells that found nothing to test prove nothing. */
static bool
is_proof(const struct gv_cell_result *c)
{
	return c->verdict == GV_COMPATIBLE && !gv_cause_is(c->cause, GV_CAUSE_NOTHING_TESTED);
}

static bool
was_cut_short(const struct gv_cell_result *c)
{
	return c->verdict == GV_CELL_SKIPPED &&
	       (gv_cause_is(c->cause, GV_CAUSE_INTERRUPTED) || gv_cause_is(c->cause, GV_CAUSE_FAIL_FAST));
}

bool
gv_run_is_interrupted(const struct gv_run_result *r)
{
	for (size_t i = 0; i < r->n_cells; i++)
		if (r->cells[i].verdict == GV_CELL_SKIPPED && gv_cause_is(r->cells[i].cause, GV_CAUSE_INTERRUPTED))
			return true;
	return false;
}

static bool
all_cells_agree(const struct gv_run_result *r, const char *version)
{
	for (size_t i = 0; i < r->n_cells; i++) {
		const struct gv_cell_result *c = &r->cells[i];

		if (((c->verdict != GV_COMPATIBLE && c->verdict != GV_CELL_SKIPPED) || was_cut_short(c)) &&
		    strcmp(gv_result_text(c->version), version) == 0)
			return false;
	}
	return true;
}

const char *
gv_run_min_compatible(const struct gv_run_result *r)
{
	const char *min = NULL;

	for (size_t i = 0; i < r->n_cells; i++) {
		const char *version = gv_result_text(r->cells[i].version);

		if (!is_proof(&r->cells[i]) || (min != NULL && gv_version_cmp(version, min) >= 0))
			continue;
		if (all_cells_agree(r, version))
			min = version;
	}
	return min;
}

int
gv_run_exit(const struct gv_run_result *r)
{
	bool unknown = false, proof = false;

	if (gv_run_is_interrupted(r))
		return 130;
	for (size_t i = 0; i < r->n_cells; i++) {
		enum gv_verdict v = r->cells[i].verdict;

		if (v == GV_INCOMPATIBLE)
			return 1;
		if (v == GV_INCONCLUSIVE || v == GV_UNAVAILABLE)
			unknown = true;
		if (is_proof(&r->cells[i]))
			proof = true;
	}
	return unknown || !proof ? 3 : 0;
}
