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
	{ "json", gv_write_json },     { "ndjson", gv_write_ndjson },           { "junit", gv_write_junit },
	{ "tap", gv_write_tap },       { "markdown", gv_write_markdown },       { "github", gv_write_github },
	{ "gitlab", gv_write_gitlab }, { "codequality", gv_write_codequality }, { "sarif", gv_write_sarif },
	{ "badge", gv_write_badge },
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

static struct gv_cell_result *
find_cell(const struct gv_run_result *r, const struct gv_cell_result *like)
{
	for (size_t i = 0; i < r->n_cells; i++)
		if (cmp_cell(&r->cells[i], like) == 0)
			return &r->cells[i];
	return NULL;
}

/* A cell that ran in both runs, or NULL. */
static const struct gv_cell_result *
find_double(const struct gv_run_result *into, const struct gv_run_result *from)
{
	for (size_t i = 0; i < from->n_cells; i++) {
		const struct gv_cell_result *same = find_cell(into, &from->cells[i]);

		if (same != NULL && same->verdict != GV_CELL_SKIPPED && from->cells[i].verdict != GV_CELL_SKIPPED)
			return same;
	}
	return NULL;
}

/* Whether `a` is the better report of a cell: one that ran is best, then one that should have run. */
static bool
is_better(const struct gv_cell_result *a, const struct gv_cell_result *b)
{
	if (b->verdict != GV_CELL_SKIPPED || a->verdict != GV_CELL_SKIPPED)
		return b->verdict == GV_CELL_SKIPPED;
	return gv_cause_is(b->cause, GV_CAUSE_ONLY);
}

static void
move_cells(struct gv_run_result *into, struct gv_run_result *from)
{
	into->cells = gv_xreallocarray(into->cells, into->n_cells + from->n_cells + 1, sizeof(*into->cells));
	for (size_t i = 0; i < from->n_cells; i++) {
		struct gv_cell_result *cell = &from->cells[i], *same = find_cell(into, cell);

		if (same == NULL) {
			into->cells[into->n_cells++] = *cell;
			memset(cell, 0, sizeof(*cell));
		} else if (is_better(cell, same)) {
			gv_cell_result_release(same);
			*same = *cell;
			memset(cell, 0, sizeof(*cell));
		}
	}
	gv_run_result_release(from);
}

int
gv_report_merge(struct gv_run_result *into, struct gv_run_result *from, struct gv_err *err)
{
	const struct gv_cell_result *twice = find_double(into, from);

	if (into->n_cells > 0 && cmp_text(into->module, from->module) != 0)
		return gv_err_set(err, GV_EFORMAT, "the reports are of two modules, '%s' and '%s'",
				  gv_result_text(into->module), gv_result_text(from->module));
	if (twice != NULL)
		return gv_err_set(err, GV_EFORMAT, "cell '%s' is in two reports", gv_cell_result_name(twice));
	if (into->n_cells == 0 && into->cells == NULL && into->module == NULL) {
		*into = *from;
		memset(from, 0, sizeof(*from));
	} else {
		move_cells(into, from);
	}
	if (into->n_cells > 1)
		qsort(into->cells, into->n_cells, sizeof(*into->cells), cmp_cell);
	return 0;
}
