/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "validate/classify.h"
#include "validate/followup.h"

static bool
failed(const struct gv_phase_result *p)
{
	return p != NULL && p->outcome == GV_FAIL;
}

static bool
is_class(const struct gv_phase_result *p, const char *class_)
{
	return strcmp(gv_result_text(p->class_), class_) == 0;
}

static void
copy_cause(struct gv_phase_result *to, const struct gv_phase_result *from)
{
	gv_result_set(&to->class_, from->class_);
	gv_result_set(&to->line, from->line);
	gv_result_set(&to->hint, from->hint);
}

/* "./a.go:1:2: x" and "a.go:1:2: x" are the same: go vet changed in Go 1.26. */
static const char *
plain_line(const struct gv_phase_result *p)
{
	const char *line = gv_result_text(p->line);

	return strncmp(line, "./", 2) == 0 ? line + 2 : line;
}

static bool
same_line(const struct gv_phase_result *a, const struct gv_phase_result *b)
{
	return plain_line(a)[0] != '\0' && strcmp(plain_line(a), plain_line(b)) == 0;
}

/*
 * go vet also fails where the code does not compile, and before Go 1.22 its findings and the compiler's errors look alike: the
 * other phases tell them apart.
 */
static void
settle_vet(struct gv_cell_result *cell)
{
	struct gv_phase_result *vet = gv_cell_phase(cell, "vet"), *test = gv_cell_phase(cell, "test");
	const struct gv_phase_result *build = gv_cell_phase(cell, "build"), *novet = gv_cell_phase(cell, "test-novet");

	if (!failed(vet))
		return;
	if (failed(build)) {
		copy_cause(vet, build);
		return;
	}
	if (!failed(test) || !is_class(vet, "vet") || !same_line(vet, test))
		return;
	if (failed(novet) && same_line(vet, novet))
		copy_cause(vet, novet); /* the test code does not compile, without vet neither */
	else if (is_class(test, "compile") && novet == NULL)
		gv_result_set(&test->class_, "vet");
}

/* The first phase of the cell, follow-ups left out, with that outcome, whose class is or is not nothing-tested. */
static const struct gv_phase_result *
first_with(const struct gv_cell_result *cell, enum gv_outcome outcome, bool nothing)
{
	for (size_t i = 0; i < cell->n_phases; i++) {
		const struct gv_phase_result *p = &cell->phases[i];

		if (p->outcome == outcome && is_class(p, "nothing-tested") == nothing &&
		    gv_followup_find(gv_result_text(p->phase)) == NULL)
			return p;
	}
	return NULL;
}

/* Whether any phase said something about the code: precheck alone does not. */
static bool
ran_something(const struct gv_cell_result *cell)
{
	for (size_t i = 0; i < cell->n_phases; i++) {
		const struct gv_phase_result *p = &cell->phases[i];

		if (p->outcome != GV_SKIPPED && strcmp(gv_result_text(p->phase), "precheck") != 0 &&
		    strcmp(gv_result_text(p->phase), "fetch") != 0)
			return true;
	}
	return false;
}

static void
set_verdict(struct gv_cell_result *cell, enum gv_verdict verdict, const char *class_)
{
	cell->verdict = verdict;
	gv_result_set(&cell->class_, class_);
}

void
gv_classify_cell(struct gv_cell_result *cell)
{
	const struct gv_phase_result *p;

	if (cell->n_phases == 0)
		return;
	gv_followup_fold(cell);
	settle_vet(cell);
	if ((p = first_with(cell, GV_FAIL, false)) != NULL)
		set_verdict(cell, GV_INCOMPATIBLE, p->class_); /* precheck comes first: below-declared */
	else if ((p = first_with(cell, GV_UNKNOWN, false)) != NULL)
		set_verdict(cell, GV_INCONCLUSIVE, p->class_);
	else if (first_with(cell, GV_FAIL, true) != NULL)
		set_verdict(cell, GV_INCONCLUSIVE, "nothing-tested");
	else if (first_with(cell, GV_PASS, true) != NULL || !ran_something(cell))
		set_verdict(cell, GV_COMPATIBLE, "nothing-tested");
	else
		set_verdict(cell, GV_COMPATIBLE, "");
}
