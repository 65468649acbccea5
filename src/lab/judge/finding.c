/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/finding.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

struct gv_finding *
gv_findings_add(struct gv_findings *all, const char *phase)
{
	all->v = gv_xreallocarray(all->v, all->n + 1, sizeof(*all->v));
	all->v[all->n] = (struct gv_finding){ .phase = phase };
	return &all->v[all->n++];
}

struct gv_finding *
gv_findings_find(const struct gv_findings *all, const char *phase)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->v[i].phase, phase) == 0)
			return &all->v[i];
	return NULL;
}

void
gv_findings_release(struct gv_findings *all)
{
	for (size_t i = 0; i < all->n; i++)
		gv_finding_release(&all->v[i]);
	free(all->v);
	*all = (struct gv_findings){ 0 };
}

/* `value` may be the field itself. */
static void
set(char **field, const char *value)
{
	char *copy = gv_xstrdup(gv_result_text(value));

	free(*field);
	*field = copy;
}

void
gv_finding_set(struct gv_finding *f, enum gv_outcome outcome, enum gv_cause cause, const char *line, const char *hint)
{
	f->outcome = outcome;
	f->cause = cause;
	set(&f->line, line);
	set(&f->hint, hint);
}

void
gv_finding_explain(struct gv_finding *f, const struct gv_finding *by)
{
	gv_finding_set(f, f->outcome, by->cause, by->line, by->hint);
}

struct gv_diag *
gv_finding_add_diag(struct gv_finding *f)
{
	f->diags = gv_xreallocarray(f->diags, f->n_diags + 1, sizeof(*f->diags));
	f->diags[f->n_diags] = (struct gv_diag){ 0 };
	return &f->diags[f->n_diags++];
}

struct gv_test_result *
gv_finding_add_test(struct gv_finding *f)
{
	f->tests = gv_xreallocarray(f->tests, f->n_tests + 1, sizeof(*f->tests));
	f->tests[f->n_tests] = (struct gv_test_result){ 0 };
	return &f->tests[f->n_tests++];
}

void
gv_finding_release(struct gv_finding *f)
{
	gv_diags_free(f->diags, f->n_diags);
	gv_tests_free(f->tests, f->n_tests);
	free(f->line);
	free(f->hint);
	*f = (struct gv_finding){ 0 };
}
