/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/writers.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "version/version.h"

const struct gv_report_format gv_report_formats[] = {
	{ "json", "the whole result; gover report converts it to the others", gv_write_json },
	{ "ndjson", "the same, one JSON object a line", gv_write_ndjson },
	{ "junit", "JUnit XML", gv_write_junit },
	{ "tap", "TAP 13", gv_write_tap },
	{ "markdown", "a table, and a section for each failure", gv_write_markdown },
	{ "github", "annotations and groups for a GitHub Actions log", gv_write_github },
	{ "gitlab", "collapsible sections for a GitLab job log", gv_write_gitlab },
	{ "codequality", "GitLab code quality JSON", gv_write_codequality },
	{ "sarif", "SARIF 2.1.0", gv_write_sarif },
	{ "badge", "JSON for a shields.io endpoint badge", gv_write_badge },
};
const size_t gv_report_formats_len = GV_ARRAY_LEN(gv_report_formats);

const struct gv_report_format *
gv_report_find(const char *name)
{
	for (size_t i = 0; i < gv_report_formats_len; i++)
		if (strcmp(gv_report_formats[i].name, name) == 0)
			return &gv_report_formats[i];
	return NULL;
}

static int
cmp_text(const char *a, const char *b)
{
	return strcmp(gv_result_text(a), gv_result_text(b));
}

static int
cmp_cell(const void *pa, const void *pb)
{
	const struct gv_cell_result *a = pa, *b = pb;
	int c;

	if ((c = cmp_text(a->moduledir, b->moduledir)) != 0 ||
	    (c = gv_version_cmp(gv_result_text(a->version), gv_result_text(b->version))) != 0 ||
	    (c = cmp_text(a->version, b->version)) != 0 || (c = cmp_text(a->platform, b->platform)) != 0 ||
	    (c = cmp_text(a->tags, b->tags)) != 0)
		return c;
	return cmp_text(a->env, b->env);
}

/* The same cell in both, or NULL. */
static const struct gv_cell_result *
find_double(const struct gv_run_result *into, const struct gv_run_result *from)
{
	for (size_t i = 0; i < from->n_cells; i++)
		for (size_t k = 0; k < into->n_cells; k++)
			if (cmp_cell(&from->cells[i], &into->cells[k]) == 0)
				return &from->cells[i];
	return NULL;
}

int
gv_report_merge(struct gv_run_result *into, struct gv_run_result *from, struct gv_err *err)
{
	const struct gv_cell_result *twice = find_double(into, from);

	if (into->n_cells > 0 && cmp_text(into->module, from->module) != 0)
		return gv_err_set(err, GV_EFORMAT, "reports of two modules: '%s' and '%s'",
				  gv_result_text(into->module), gv_result_text(from->module));
	if (twice != NULL)
		return gv_err_set(err, GV_EFORMAT, "cell '%s' is in two reports",
				  gv_result_text(twice->id)[0] != '\0' ? twice->id : gv_result_text(twice->version));
	if (into->n_cells == 0 && into->cells == NULL && into->module == NULL) {
		*into = *from;
		memset(from, 0, sizeof(*from));
	} else {
		into->cells = gv_xreallocarray(into->cells, into->n_cells + from->n_cells + 1, sizeof(*into->cells));
		memcpy(into->cells + into->n_cells, from->cells, from->n_cells * sizeof(*from->cells));
		into->n_cells += from->n_cells;
		from->n_cells = 0;
		gv_run_result_free(from);
	}
	if (into->n_cells > 1)
		qsort(into->cells, into->n_cells, sizeof(*into->cells), cmp_cell);
	return 0;
}
