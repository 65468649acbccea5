/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "core/cimatrix.h"

#include <stdio.h>
#include <string.h>

#include "util/jsonw.h"

enum { GITHUB_MAX = 256, GITLAB_MAX = 200 };

static size_t
count_wanted(const struct gv_matrix *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += m->cells[i].wanted;
	return n;
}

static void
print_github(const struct gv_matrix *m)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_open(&j, "include", '[');
	for (size_t i = 0; i < m->n; i++) {
		if (!m->cells[i].wanted)
			continue;
		gv_jsonout_open(&j, NULL, '{');
		gv_jsonout_str(&j, "cell", m->cells[i].id);
		gv_jsonout_str(&j, "version", m->cells[i].version);
		gv_jsonout_close(&j, '}');
	}
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_print(&j);
}

/* A JSON string is a double-quoted YAML scalar. The name of a directory or a variable's value may hold anything. */
static void
print_scalar(const char *s)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_str(&j, NULL, s);
	gv_jsonout_print(&j);
}

static void
print_gitlab(const struct gv_matrix *m)
{
	fputs("gover:\n  parallel:\n    matrix:\n", stdout);
	for (size_t i = 0; i < m->n; i++) {
		if (!m->cells[i].wanted)
			continue;
		fputs("      - CELL: ", stdout);
		print_scalar(m->cells[i].id);
		fputs("        VERSION: ", stdout);
		print_scalar(m->cells[i].version);
	}
	fputs("  script:\n"
	      "    - gover validate --only \"$CELL\" \"$VERSION\" --report "
	      "junit=junit.xml,codequality=quality.json,json=report.json\n"
	      "  artifacts:\n    when: always\n    paths: [report.json]\n"
	      "    reports:\n      junit: junit.xml\n      codequality: quality.json\n",
	      stdout);
}

int
gv_cimatrix_print(const struct gv_matrix *m, const char *format, struct gv_err *err)
{
	bool github = strcmp(format, "github") == 0;
	size_t max = github ? GITHUB_MAX : GITLAB_MAX;

	if (!github && strcmp(format, "gitlab") != 0)
		return gv_err_set(err, GV_EUSAGE, "'%s' is neither github nor gitlab", format);
	if (count_wanted(m) > max)
		return gv_err_set(err, GV_ETOOBIG, "%zu cells, but the CI system allows only %zu jobs", count_wanted(m),
				  max);
	if (github)
		print_github(m);
	else
		print_gitlab(m);
	return 0;
}
