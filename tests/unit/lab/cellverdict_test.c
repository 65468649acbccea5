/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "judge/build.h"
#include "judge/cell.h"
#include "judge/followup.h"
#include "judge/godebug.h"
#include "tests/tap.h"
#include "util/auto.h"

struct phase {
	const char *phase;
	enum gv_outcome outcome;
	const char *cause, *line;
};

static enum gv_cause
cause_of(const char *name)
{
	enum gv_cause cause = GV_CAUSE_NONE;

	while (strcmp(gv_cause_name(cause), name) != 0)
		cause++;
	return cause;
}

static void
add_finding(struct gv_findings *all, const struct phase *from)
{
	gv_finding_set(gv_findings_add(all, from->phase), from->outcome, cause_of(from->cause), from->line, "");
}

/* "FINDING" is a line that vet and go test print alike. */
#define FINDING "flag_test.go:1221:3: fmt.Println arg list ends with redundant newline"

static const struct {
	const char *what;
	struct phase phases[6];
	enum gv_verdict verdict;
	const char *cause;
	const char *phase, *phase_cause; /* a phase whose class changes, or stays */
	enum gv_outcome phase_outcome;
} cells[] = {
	{ "all pass",
	  { { "precheck", GV_PASS, "", "go 1.18" },
	    { "build", GV_PASS, "", "" },
	    { "vet", GV_PASS, "", "" },
	    { "test", GV_PASS, "", "" } },
	  GV_COMPATIBLE,
	  "",
	  "test",
	  "",
	  GV_PASS },
	{ "below the go line, the rest passes",
	  { { "precheck", GV_FAIL, "below-declared", "go 1.22" },
	    { "build", GV_PASS, "", "" },
	    { "test", GV_PASS, "", "" } },
	  GV_INCOMPATIBLE,
	  "below-declared",
	  "build",
	  "",
	  GV_PASS },
	{ "a failed build decides vet's class",
	  { { "build", GV_FAIL, "std-api-missing", "./a.go:1:2: undefined: errors.Join" },
	    { "vet", GV_FAIL, "vet", "./a.go:1:2: Join not declared" },
	    { "test", GV_FAIL, "std-api-missing", "" } },
	  GV_INCOMPATIBLE,
	  "std-api-missing",
	  "vet",
	  "std-api-missing",
	  GV_FAIL },
	{ "a failed build says nothing about a vet that passes",
	  { { "build", GV_FAIL, "link", "" }, { "vet", GV_PASS, "", "" } },
	  GV_INCOMPATIBLE,
	  "link",
	  "vet",
	  "",
	  GV_PASS },
	{ "go test fails for vet's sake: it passes without",
	  { { "build", GV_PASS, "", "" },
	    { "vet", GV_FAIL, "vet", "./" FINDING },
	    { "test", GV_FAIL, "compile", "./" FINDING },
	    { "test-novet", GV_PASS, "", "" } },
	  GV_INCOMPATIBLE,
	  "vet",
	  "test",
	  "vet",
	  GV_FAIL },
	{ "go test fails for vet's sake, nobody repeated it",
	  { { "build", GV_PASS, "", "" },
	    { "vet", GV_FAIL, "vet", FINDING },
	    { "test", GV_FAIL, "compile", "./" FINDING } },
	  GV_INCOMPATIBLE,
	  "vet",
	  "test",
	  "vet",
	  GV_FAIL },
	{ "go test fails for vet's sake, and without vet by chance",
	  { { "vet", GV_PASS, "", "" },
	    { "test", GV_FAIL, "vet", FINDING },
	    { "test-novet", GV_FAIL, "test", "--- FAIL: TestX (0.00s)" },
	    { "test-novet-again", GV_PASS, "", "" } },
	  GV_INCOMPATIBLE,
	  "vet",
	  "test",
	  "vet",
	  GV_FAIL },
	{ "tests that fail without vet, twice",
	  { { "test", GV_FAIL, "vet", FINDING },
	    { "test-novet", GV_FAIL, "test", "--- FAIL: TestX (0.00s)" },
	    { "test-novet-again", GV_FAIL, "test", "--- FAIL: TestX (0.00s)" } },
	  GV_INCOMPATIBLE,
	  "test",
	  "test",
	  "test",
	  GV_FAIL },
	{ "vet and tests both fail",
	  { { "vet", GV_PASS, "", "" },
	    { "test", GV_FAIL, "vet", FINDING },
	    { "test-novet", GV_FAIL, "panic", "panic: x" } },
	  GV_INCOMPATIBLE,
	  "panic",
	  "test",
	  "panic",
	  GV_FAIL },
	{ "vet and tests both fail, on a Go whose vet cannot be told from the compiler",
	  { { "build", GV_PASS, "", "" },
	    { "vet", GV_FAIL, "vet", FINDING },
	    { "test", GV_FAIL, "compile", FINDING },
	    { "test-novet", GV_FAIL, "test", "--- FAIL: TestX (0.00s)" } },
	  GV_INCOMPATIBLE,
	  "vet",
	  "test",
	  "test",
	  GV_FAIL },
	{ "test code that does not compile, on a Go whose vet cannot be told from it",
	  { { "build", GV_PASS, "", "" },
	    { "vet", GV_FAIL, "vet", "d/d.go:3:12: undefined: x" },
	    { "test", GV_FAIL, "compile", "d/d.go:3:12: undefined: x" },
	    { "test-novet", GV_FAIL, "compile", "d/d.go:3:12: undefined: x" } },
	  GV_INCOMPATIBLE,
	  "compile",
	  "vet",
	  "compile",
	  GV_FAIL },
	{ "a test that fails once is flaky",
	  { { "build", GV_PASS, "", "" },
	    { "test", GV_FAIL, "test", "--- FAIL: TestX (0.00s)" },
	    { "test-again", GV_PASS, "", "" } },
	  GV_COMPATIBLE,
	  "",
	  "test",
	  "test",
	  GV_FLAKY },
	{ "a test that fails twice",
	  { { "test", GV_FAIL, "test", "--- FAIL: TestX (0.00s)" }, { "test-again", GV_FAIL, "panic", "" } },
	  GV_INCOMPATIBLE,
	  "test",
	  "test",
	  "test",
	  GV_FAIL },
	{ "the repetition fails for want of something else",
	  { { "test", GV_FAIL, "test", "" }, { "test-again", GV_UNKNOWN, "disk", "" } },
	  GV_INCOMPATIBLE,
	  "test",
	  "test",
	  "test",
	  GV_FAIL },
	{ "no test files",
	  { { "build", GV_PASS, "", "" }, { "test", GV_PASS, "nothing-tested", "" } },
	  GV_COMPATIBLE,
	  "nothing-tested",
	  "build",
	  "",
	  GV_PASS },
	{ "no packages",
	  { { "build", GV_PASS, "nothing-tested", "" }, { "vet", GV_FAIL, "nothing-tested", "" } },
	  GV_INCONCLUSIVE,
	  "nothing-tested",
	  "vet",
	  "nothing-tested",
	  GV_FAIL },
	{ "only the precheck ran",
	  { { "precheck", GV_PASS, "", "" }, { "build", GV_SKIPPED, "", "" } },
	  GV_COMPATIBLE,
	  "nothing-tested",
	  "build",
	  "",
	  GV_SKIPPED },
	{ "infrastructure",
	  { { "build", GV_PASS, "", "" }, { "test", GV_UNKNOWN, "network", "" } },
	  GV_INCONCLUSIVE,
	  "network",
	  "test",
	  "network",
	  GV_UNKNOWN },
	{ "a fault of the project next to infrastructure",
	  { { "vet", GV_UNKNOWN, "disk", "" }, { "test", GV_FAIL, "test", "" } },
	  GV_INCOMPATIBLE,
	  "test",
	  "vet",
	  "disk",
	  GV_UNKNOWN },
};

static void
test_cells(void)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(cells); i++) {
		struct gv_findings all = { 0 };
		const struct gv_finding *f;
		struct gv_judgement j;

		for (size_t k = 0; k < 6 && cells[i].phases[k].phase != NULL; k++)
			add_finding(&all, &cells[i].phases[k]);
		j = gv_judge_cell(&all);
		ok(j.verdict == cells[i].verdict && strcmp(gv_cause_name(j.cause), cells[i].cause) == 0,
		   "%s: %s(%s), got %s(%s)", cells[i].what, gv_verdict_name(cells[i].verdict), cells[i].cause,
		   gv_verdict_name(j.verdict), gv_cause_name(j.cause));
		f = gv_findings_find(&all, cells[i].phase);
		ok(f->outcome == cells[i].phase_outcome && strcmp(gv_cause_name(f->cause), cells[i].phase_cause) == 0,
		   "%s: its %s is %s, class '%s'", cells[i].what, cells[i].phase, gv_outcome_name(f->outcome),
		   gv_cause_name(f->cause));
		gv_findings_release(&all);
	}
}

static void
test_names(void)
{
	ok(gv_followup_find("test-novet-again") != NULL && gv_followup_find("race-again") != NULL,
	   "follow-ups are known by name");
	ok(gv_followup_find("test") == NULL && gv_followup_find("") == NULL, "a phase is no follow-up");
}

/* Whether every setting of `culprit` ("a=1,b=0") is in `value`. */
static bool
holds_all(const char *value, const char *culprit)
{
	gv_autofree char *copy = strdup(culprit);
	char *save = NULL;

	for (char *s = strtok_r(copy, ",", &save); s != NULL; s = strtok_r(NULL, ",", &save)) {
		const char *at = strstr(value, s);

		if (at == NULL || (at != value && at[-1] != ',') || strchr(",", at[strlen(s)]) == NULL)
			return false;
	}
	return true;
}

static void
test_godebug(void)
{
	static const struct {
		const char *what, *culprit, *hint;
		int minor;
	} cases[] = {
		{ "one setting", "panicnil=1", "passes with GODEBUG=panicnil=1, the default before Go 1.21", 22 },
		{ "the last setting", "x509usepolicies=0",
		  "passes with GODEBUG=x509usepolicies=0, the default before Go 1.24", 27 },
		{ "none", "nosuch=1", "no GODEBUG setting changes it", 27 },
		{ "one that only later versions have", "asynctimerchan=1", "no GODEBUG setting changes it", 22 },
		{ "one that was removed", "asynctimerchan=1", "no GODEBUG setting changes it", 27 },
		{ "one before it was removed", "asynctimerchan=1",
		  "passes with GODEBUG=asynctimerchan=1, the default before Go 1.23", 26 },
		{ "no settings yet", "panicnil=1", "no GODEBUG setting changes it", 18 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autostr struct gv_str value = GV_STR_INIT(4096), hint = GV_STR_INIT(4096);
		struct gv_godebug_search s;
		int runs = 0;

		gv_godebug_begin(&s, cases[i].minor);
		for (; runs < 100 && gv_godebug_next(&s, &value); runs++)
			gv_godebug_tell(&s, holds_all(gv_str_text(&value), cases[i].culprit));
		gv_godebug_hint(&s, NULL, &hint);
		ok(strcmp(gv_str_text(&hint), cases[i].hint) == 0, "GODEBUG, %s: %s", cases[i].what,
		   gv_str_text(&hint));
		ok(runs <= 14, "found in %d runs", runs);
	}
}

static void
test_godebug_several(void)
{
	static const char *const culprits[] = { "containermaxprocs=0,x509usepolicies=0",
						"httplaxcontentlength=1,panicnil=1,rsa1024min=0" };

	for (size_t i = 0; i < GV_ARRAY_LEN(culprits); i++) {
		gv_autostr struct gv_str value = GV_STR_INIT(4096), hint = GV_STR_INIT(4096);
		struct gv_godebug_search s;
		int runs = 0;

		gv_godebug_begin(&s, 27);
		for (; runs < 100 && gv_godebug_next(&s, &value); runs++)
			gv_godebug_tell(&s, holds_all(gv_str_text(&value), culprits[i]));
		gv_godebug_hint(&s, NULL, &hint);
		ok(strncmp(gv_str_text(&hint), "passes with GODEBUG=", 20) == 0 &&
		       strcmp(gv_str_text(&hint) + 20, culprits[i]) == 0,
		   "settings that matter together, and no others: %s", gv_str_text(&hint));
		ok(runs <= 24, "found in %d runs", runs);
	}
}

static void
add_cell(struct gv_run_result *r, const char *version, enum gv_outcome outcome, const char *cause)
{
	struct gv_cell_result *c = gv_run_result_add(r);
	struct gv_phase_result *p = gv_cell_result_add(c);

	gv_result_set(&c->version, version);
	gv_result_set(&p->phase, "test");
	gv_result_set(&p->cause, cause);
	p->outcome = outcome;
}

static void
test_godebug_wanted(void)
{
	struct gv_run_result r = { 0 };

	add_cell(&r, "1.20.14", GV_PASS, "");
	add_cell(&r, "1.22.3", GV_FAIL, "test");
	add_cell(&r, "1.23.12", GV_FAIL, "panic");
	add_cell(&r, "1.24.13", GV_FAIL, "compile");
	ok(!gv_godebug_wanted(&r, 0, "test"), "a test that passes is not searched");
	ok(gv_godebug_wanted(&r, 1, "test"), "the oldest version that fails is");
	ok(!gv_godebug_wanted(&r, 2, "test"), "a later one is not");
	ok(!gv_godebug_wanted(&r, 1, "race"), "a phase that did not run is not");
	gv_result_set(&r.cells[2].env, "GODEBUG=x=1");
	ok(gv_godebug_wanted(&r, 2, "test"), "another environment counts for itself");
	gv_result_set(&r.cells[0].version, "1.20.13");
	r.cells[0].phases[0].outcome = GV_FAIL;
	gv_result_set(&r.cells[0].phases[0].cause, "test");
	ok(!gv_godebug_wanted(&r, 0, "test"), "Go 1.20 has no such settings");
	ok(!gv_godebug_wanted(&r, 1, "test"), "a test that never passed is no regression");
	gv_result_set(&r.cells[0].phases[0].cause, "std-api-missing");
	ok(gv_godebug_wanted(&r, 1, "test"), "a test that did not compile before says nothing");
	gv_run_result_release(&r);
}

static void
test_run(void)
{
	static const struct {
		const char *what, *min;
		struct {
			const char *version, *cause;
			enum gv_verdict verdict;
		} cells[3];
		size_t n;
		int status;
	} cases[] = {
		{ "no cell", NULL, { { 0 } }, 0, 3 },
		{ "one compatible", "1.22.3", { { "1.22.3", "", GV_COMPATIBLE } }, 1, 0 },
		{ "nothing tested", NULL, { { "1.22.3", "nothing-tested", GV_COMPATIBLE } }, 1, 3 },
		{ "one module of two has tests",
		  "1.22.3",
		  { { "1.22.3", "nothing-tested", GV_COMPATIBLE }, { "1.22.3", "", GV_COMPATIBLE } },
		  2,
		  0 },
		{ "versions compare as versions",
		  "1.9.7",
		  { { "1.10", "", GV_COMPATIBLE }, { "1.9.7", "", GV_COMPATIBLE } },
		  2,
		  0 },
		{ "one incompatible",
		  "1.22.3",
		  { { "1.21.6", "vet", GV_INCOMPATIBLE }, { "1.22.3", "", GV_COMPATIBLE } },
		  2,
		  1 },
		{ "not monotonic",
		  "1.18.10",
		  { { "1.18.10", "", GV_COMPATIBLE },
		    { "1.20.14", "compile", GV_INCOMPATIBLE },
		    { "1.23.1", "", GV_COMPATIBLE } },
		  3,
		  1 },
		{ "an incompatible cell of the same version",
		  "1.22.3",
		  { { "1.21.6", "", GV_COMPATIBLE },
		    { "1.21.6", "test", GV_INCOMPATIBLE },
		    { "1.22.3", "", GV_COMPATIBLE } },
		  3,
		  1 },
		{ "one unavailable",
		  "1.22.3",
		  { { "1.21.99", "", GV_UNAVAILABLE }, { "1.22.3", "", GV_COMPATIBLE } },
		  2,
		  3 },
		{ "one inconclusive", NULL, { { "1.22.3", "network", GV_INCONCLUSIVE } }, 1, 3 },
		{ "incompatible wins",
		  NULL,
		  { { "1.22.3", "network", GV_INCONCLUSIVE }, { "1.21.6", "vet", GV_INCOMPATIBLE } },
		  2,
		  1 },
		{ "all skipped", NULL, { { "1.22.3", "", GV_CELL_SKIPPED } }, 1, 3 },
		{ "interrupted",
		  NULL,
		  { { "1.21.6", "", GV_COMPATIBLE },
		    { "1.21.6", "interrupted", GV_CELL_SKIPPED },
		    { "1.20.14", "vet", GV_INCOMPATIBLE } },
		  3,
		  130 },
		{ "one cell of a version left out by --only",
		  "1.21.6",
		  { { "1.21.6", "", GV_COMPATIBLE }, { "1.21.6", "only", GV_CELL_SKIPPED } },
		  2,
		  0 },
		{ "some skipped",
		  "1.22.3",
		  { { "1.22.3", "", GV_COMPATIBLE }, { "1.23.1", "", GV_CELL_SKIPPED } },
		  2,
		  0 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_run_result r = { 0 };
		const char *min;

		for (size_t k = 0; k < cases[i].n; k++) {
			struct gv_cell_result *c = gv_run_result_add(&r);

			gv_result_set(&c->version, cases[i].cells[k].version);
			gv_result_set(&c->cause, cases[i].cells[k].cause);
			c->verdict = cases[i].cells[k].verdict;
		}
		min = gv_run_min_compatible(&r);
		ok(gv_run_exit(&r) == cases[i].status, "%s: exit %d", cases[i].what, cases[i].status);
		ok(cases[i].min == NULL ? min == NULL : min != NULL && strcmp(min, cases[i].min) == 0,
		   "%s: lowest is %s", cases[i].what, min != NULL ? min : "none");
		gv_run_result_release(&r);
	}
}

int
main(void)
{
	test_cells();
	test_names();
	test_godebug();
	test_godebug_several();
	test_godebug_wanted();
	test_run();
	return tap_done();
}
