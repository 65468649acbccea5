/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/clean.h"
#include "report/model.h"
#include "report/problem.h"
#include "report/writers.h"

/* GitLab code quality (doc/ci/testing/code_quality.md): an array of the problems that name a file in the repository. */
#define TEXT_MAX 1000

static void
line(struct gv_jsonout *j, const char *key, const char *value)
{
	gv_autostr struct gv_str clean = GV_STR_INIT(65536);

	gv_clean_line(&clean, value, TEXT_MAX);
	gv_jsonout_str(j, key, gv_str_text(&clean));
}

int
gv_write_codequality(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err)
{
	gv_autostr struct gv_str text = GV_STR_INIT(65536);
	struct gv_problems all;
	struct gv_jsonout j;

	(void)err;
	gv_problems_collect(&all, r);
	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '[');
	for (size_t i = 0; i < all.n; i++) {
		const struct gv_problem *p = &all.v[i];

		if (p->file[0] == '\0')
			continue;
		gv_str_clear(&text);
		gv_problem_text(&text, p, TEXT_MAX);
		gv_jsonout_open(&j, NULL, '{');
		gv_jsonout_str(&j, "description", gv_str_text(&text));
		line(&j, "check_name", p->cause);
		gv_jsonout_str(&j, "fingerprint", p->fingerprint);
		gv_jsonout_str(&j, "severity", p->severity == GV_SEVERITY_ERROR ? "major" : "minor");
		gv_jsonout_open(&j, "location", '{');
		line(&j, "path", p->file);
		gv_jsonout_open(&j, "lines", '{');
		gv_jsonout_int(&j, "begin", p->line > 0 ? p->line : 1);
		gv_jsonout_close(&j, '}');
		gv_jsonout_close(&j, '}');
		gv_jsonout_close(&j, '}');
	}
	gv_jsonout_close(&j, ']');
	gv_jsonout_take(&j, out);
	gv_problems_release(&all);
	return 0;
}
