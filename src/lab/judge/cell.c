/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/cell.h"

#include <string.h>

#include "judge/followup.h"

static bool
failed(const struct gv_finding *p)
{
	return p != NULL && p->outcome == GV_FAIL;
}

/* The deciding line without a leading "./", which go vet prints only before Go 1.26. */
static const char *
plain_line(const struct gv_finding *p)
{
	const char *line = gv_result_text(p->line);

	return strncmp(line, "./", 2) == 0 ? line + 2 : line;
}

static bool
same_line(const struct gv_finding *a, const struct gv_finding *b)
{
	return plain_line(a)[0] != '\0' && strcmp(plain_line(a), plain_line(b)) == 0;
}

/*
 * go vet also fails if the code does not compile. Before Go 1.22 its findings look like the errors of the compiler.
 * The other phases show which of the two it was.
 */
static void
settle_vet(struct gv_findings *all)
{
	struct gv_finding *vet = gv_findings_find(all, "vet"), *test = gv_findings_find(all, "test");
	const struct gv_finding *build = gv_findings_find(all, "build"), *novet = gv_findings_find(all, "test-novet");

	if (!failed(vet))
		return;
	if (failed(build)) {
		gv_finding_explain(vet, build);
		return;
	}
	if (!failed(test) || vet->cause != GV_CAUSE_VET || !same_line(vet, test))
		return;
	if (failed(novet) && same_line(vet, novet))
		gv_finding_explain(vet, novet); /* the tests do not compile, even without vet */
	else if (test->cause == GV_CAUSE_COMPILE && novet == NULL)
		test->cause = GV_CAUSE_VET;
}

/*
 * The first phase with that outcome; its cause is nothing-tested if `nothing` is true, and another one if not.
 * Follow-ups do not count.
 */
static const struct gv_finding *
first_with(const struct gv_findings *all, enum gv_outcome outcome, bool nothing)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct gv_finding *p = &all->v[i];

		if (p->outcome == outcome && (p->cause == GV_CAUSE_NOTHING_TESTED) == nothing &&
		    gv_followup_find(p->phase) == NULL)
			return p;
	}
	return NULL;
}

/* Whether any phase ran the code through go. precheck and fetch do not. */
static bool
ran_something(const struct gv_findings *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct gv_finding *p = &all->v[i];

		if (p->outcome != GV_SKIPPED && strcmp(p->phase, "precheck") != 0 && strcmp(p->phase, "fetch") != 0)
			return true;
	}
	return false;
}

struct gv_judgement
gv_judge_cell(struct gv_findings *all)
{
	const struct gv_finding *f;

	gv_followup_fold(all);
	settle_vet(all);
	if ((f = first_with(all, GV_FAIL, false)) != NULL)
		return (struct gv_judgement){ GV_INCOMPATIBLE, f->cause };
	if ((f = first_with(all, GV_UNKNOWN, false)) != NULL)
		return (struct gv_judgement){ GV_INCONCLUSIVE, f->cause };
	if (first_with(all, GV_FAIL, true) != NULL)
		return (struct gv_judgement){ GV_INCONCLUSIVE, GV_CAUSE_NOTHING_TESTED };
	if (first_with(all, GV_PASS, true) != NULL || !ran_something(all))
		return (struct gv_judgement){ GV_COMPATIBLE, GV_CAUSE_NOTHING_TESTED };
	return (struct gv_judgement){ GV_COMPATIBLE, GV_CAUSE_NONE };
}
