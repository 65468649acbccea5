/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/followup.h"

#include <string.h>

#include "util/auto.h"

/* What repeats a follow-up stands before it: it is folded first. */
const struct gv_followup gv_followups[] = {
	{ "test-novet-again", "test-novet", "failed:test-novet![build failed]", "-vet=off", true },
	{ "test-novet", "test", "failed:test:[build failed]", "-vet=off", false },
	{ "test-again", "test", "failed:test![build failed]", NULL, true },
	{ "race-novet-again", "race-novet", "failed:race-novet![build failed]", "-vet=off", true },
	{ "race-novet", "race", "failed:race:[build failed]", "-vet=off", false },
	{ "race-again", "race", "failed:race![build failed]", NULL, true },
};
const size_t gv_followups_len = GV_ARRAY_LEN(gv_followups);

const struct gv_followup *
gv_followup_find(const char *phase)
{
	for (size_t i = 0; i < gv_followups_len; i++)
		if (strcmp(gv_followups[i].name, phase) == 0)
			return &gv_followups[i];
	return NULL;
}

static bool
is_class(const struct gv_phase_result *p, const char *class_)
{
	return strcmp(gv_result_text(p->class_), class_) == 0;
}

/* A package that go test could not build, or would not because of vet. */
static bool
has_build_failure(const struct gv_phase_result *p)
{
	for (size_t i = 0; i < p->n_tests; i++)
		if (strcmp(gv_result_text(p->tests[i].message), "[build failed]") == 0)
			return true;
	return false;
}

static void
copy_cause(struct gv_phase_result *to, const struct gv_phase_result *from)
{
	gv_result_set(&to->class_, from->class_);
	gv_result_set(&to->line, from->line);
	gv_result_set(&to->hint, from->hint);
}

static void
fold_one(struct gv_phase_result *base, const struct gv_followup *f, const struct gv_phase_result *repeated)
{
	if (f->again) {
		if (repeated->outcome != GV_PASS)
			return;
		base->outcome = GV_FLAKY;
		gv_result_set(&base->hint, "it passed when it was repeated");
	} else if (repeated->outcome == GV_PASS || repeated->outcome == GV_FLAKY) {
		gv_result_set(&base->class_, "vet");
		gv_result_set(&base->hint, "go test vets by itself; with -vet=off the tests pass");
	} else if (repeated->outcome == GV_FAIL && (is_class(base, "vet") || !has_build_failure(repeated))) {
		copy_cause(base, repeated); /* what could not be built was vet's doing, and the tests fail without vet, too */
	}
}

void
gv_followup_fold(struct gv_cell_result *cell)
{
	for (size_t i = 0; i < gv_followups_len; i++) {
		struct gv_phase_result *base = gv_cell_phase(cell, gv_followups[i].base);
		const struct gv_phase_result *repeated = gv_cell_phase(cell, gv_followups[i].name);

		if (base != NULL && repeated != NULL && base->outcome == GV_FAIL)
			fold_one(base, &gv_followups[i], repeated);
	}
}
