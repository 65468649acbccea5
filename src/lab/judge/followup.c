/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/followup.h"

#include <string.h>

#include "util/auto.h"

/* Folded from the top: a row that repeats another follow-up comes before it. */
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

/* Whether go test could not build a package, or refused to because of vet. */
static bool
has_build_failure(const struct gv_finding *p)
{
	for (size_t i = 0; i < p->n_tests; i++)
		if (strcmp(gv_result_text(p->tests[i].message), "[build failed]") == 0)
			return true;
	return false;
}

static void
fold_one(struct gv_finding *base, const struct gv_followup *f, const struct gv_finding *repeated)
{
	if (f->again) {
		if (repeated->outcome != GV_PASS)
			return;
		gv_finding_set(base, GV_FLAKY, base->cause, base->line, "it passed when it was repeated");
	} else if (repeated->outcome == GV_PASS || repeated->outcome == GV_FLAKY) {
		gv_finding_set(base, base->outcome, GV_CAUSE_VET, base->line,
			       "go test vets by itself; with -vet=off the tests pass");
	} else if (repeated->outcome == GV_FAIL && (base->cause == GV_CAUSE_VET || !has_build_failure(repeated))) {
		/* Only vet had stopped the build, and without vet the tests fail too: the repeat says why. */
		gv_finding_explain(base, repeated);
	}
}

void
gv_followup_fold(struct gv_findings *all)
{
	for (size_t i = 0; i < gv_followups_len; i++) {
		struct gv_finding *base = gv_findings_find(all, gv_followups[i].base);
		const struct gv_finding *repeated = gv_findings_find(all, gv_followups[i].name);

		if (base != NULL && repeated != NULL && base->outcome == GV_FAIL)
			fold_one(base, &gv_followups[i], repeated);
	}
}
