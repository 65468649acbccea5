/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "report/clean.h"
#include "report/model.h"
#include "report/problem.h"
#include "report/writers.h"

/* SARIF 2.1.0 (OASIS): a rule for each class, a result for each problem. */
#define TEXT_MAX 4000

static bool
is_first_of_cause(const struct gv_problems *all, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(all->v[k].cause, all->v[i].cause) == 0)
			return false;
	return true;
}

/* Write one line. A viewer makes a link of "[text](target)", even in plain text (3.11.6), so a blank breaks it. */
static void
line(struct gv_jsonout *j, const char *key, const char *value)
{
	gv_autostr struct gv_str clean = GV_STR_INIT(65536), text = GV_STR_INIT(65536);

	gv_clean_line(&clean, value, TEXT_MAX);
	for (const char *s = gv_str_text(&clean); *s != '\0'; s++) {
		gv_str_addc(&text, *s);
		if (s[0] == ']' && s[1] == '(')
			gv_str_addc(&text, ' ');
	}
	gv_jsonout_str(j, key, gv_str_text(&text));
}

static void
rules(struct gv_jsonout *j, const struct gv_problems *all)
{
	gv_jsonout_open(j, "rules", '[');
	for (size_t i = 0; i < all->n; i++) {
		if (!is_first_of_cause(all, i))
			continue;
		gv_jsonout_open(j, NULL, '{');
		line(j, "id", all->v[i].cause);
		if (gv_cause_text(all->v[i].cause) != NULL) {
			gv_jsonout_open(j, "shortDescription", '{');
			gv_jsonout_str(j, "text", gv_cause_text(all->v[i].cause));
			gv_jsonout_close(j, '}');
		}
		gv_jsonout_close(j, '}');
	}
	gv_jsonout_close(j, ']');
}

static void
location(struct gv_jsonout *j, const struct gv_problem *p)
{
	gv_autostr struct gv_str uri = GV_STR_INIT(65536);
	/* GitHub shows only results with a place. A problem without one is reported at go.mod. */
	const char *file = p->file[0] != '\0' || gv_cause_is(p->cause, GV_CAUSE_NO_MODULE) ? p->file : p->gomod;

	gv_jsonout_open(j, "locations", '[');
	if (file[0] != '\0') {
		gv_clean_uri(&uri, file);
		gv_jsonout_open(j, NULL, '{');
		gv_jsonout_open(j, "physicalLocation", '{');
		gv_jsonout_open(j, "artifactLocation", '{');
		gv_jsonout_str(j, "uri", gv_str_text(&uri));
		gv_jsonout_close(j, '}');
		if (p->line > 0) {
			gv_jsonout_open(j, "region", '{');
			gv_jsonout_int(j, "startLine", p->line);
			if (p->col > 0)
				gv_jsonout_int(j, "startColumn", p->col);
			gv_jsonout_close(j, '}');
		}
		gv_jsonout_close(j, '}');
		gv_jsonout_close(j, '}');
	}
	gv_jsonout_close(j, ']');
}

static void
result(struct gv_jsonout *j, const struct gv_problem *p)
{
	gv_autostr struct gv_str text = GV_STR_INIT(65536);

	gv_problem_text(&text, p, TEXT_MAX);
	gv_jsonout_open(j, NULL, '{');
	line(j, "ruleId", p->cause);
	gv_jsonout_str(j, "level", p->severity == GV_SEVERITY_ERROR ? "error" : "warning");
	gv_jsonout_open(j, "message", '{');
	line(j, "text", gv_str_text(&text));
	gv_jsonout_close(j, '}');
	location(j, p);
	gv_jsonout_open(j, "partialFingerprints", '{');
	gv_jsonout_str(j, "primaryLocationLineHash", p->fingerprint);
	gv_jsonout_close(j, '}');
	gv_jsonout_close(j, '}');
}

int
gv_write_sarif(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err)
{
	struct gv_problems all;
	struct gv_jsonout j;

	(void)err;
	gv_problems_collect(&all, r);
	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	gv_jsonout_str(&j, "version", "2.1.0");
	gv_jsonout_open(&j, "runs", '[');
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_open(&j, "tool", '{');
	gv_jsonout_open(&j, "driver", '{');
	gv_jsonout_str(&j, "name", "gover");
	if (gv_result_text(r->gover)[0] != '\0')
		line(&j, "version", r->gover);
	rules(&j, &all);
	gv_jsonout_close(&j, '}');
	gv_jsonout_close(&j, '}');
	gv_jsonout_open(&j, "invocations", '[');
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_bool(&j, "executionSuccessful", !gv_run_is_interrupted(r));
	gv_jsonout_close(&j, '}');
	gv_jsonout_close(&j, ']');
	gv_jsonout_open(&j, "results", '[');
	for (size_t i = 0; i < all.n; i++)
		result(&j, &all.v[i]);
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_take(&j, out);
	gv_problems_release(&all);
	return 0;
}
