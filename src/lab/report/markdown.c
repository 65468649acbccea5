/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "report/clean.h"
#include "report/columns.h"
#include "report/model.h"
#include "report/problem.h"
#include "report/repeat.h"
#include "report/writers.h"

/*
 * A table with a row for each cell and a column for each phase, then a <details> for each failure. Logs that do not fit
 * into a GitHub step summary (1 MiB) are left out.
 */
#define TEXT_MAX    500
#define LOG_MAX     16384
#define DETAILS_MAX (700u << 10) /* bytes, after which no more logs are written */
#define WHOLE_MAX   (900u << 10) /* bytes, after which no more failures are written */

static void
row(struct gv_str *out, const struct gv_cell_result *c, const struct gv_columns *columns)
{
	gv_str_add(out, "| ");
	gv_clean_markdown(out, gv_cell_result_name(c), TEXT_MAX);
	for (size_t i = 0; i < columns->n; i++) {
		const struct gv_phase_result *p = gv_cell_result_phase(c, columns->names[i]);

		gv_str_add(out, " | ");
		if (p == NULL)
			continue;
		gv_str_addf(out, p->outcome == GV_FAIL ? "**%s**" : "%s", gv_outcome_name(p->outcome));
		if (gv_result_text(p->cause)[0] != '\0') {
			gv_str_addc(out, ' ');
			gv_clean_markdown(out, p->cause, TEXT_MAX);
		}
	}
	gv_str_addf(out, " | %s", gv_verdict_name(c->verdict));
	if (c->verdict == GV_CELL_SKIPPED && gv_result_text(c->cause)[0] != '\0') {
		gv_str_addc(out, ' ');
		gv_clean_markdown(out, c->cause, TEXT_MAX);
	}
	gv_str_add(out, " |\n");
}

static void
details(struct gv_str *out, const struct gv_cell_result *c, const struct gv_phase_result *p)
{
	gv_autostr struct gv_str place = GV_STR_INIT(65536), repeat = GV_STR_INIT(65536);

	if (out->len > WHOLE_MAX)
		return;
	gv_str_add(out, "\n<details><summary>");
	gv_clean_markdown(out, gv_cell_result_name(c), TEXT_MAX);
	gv_str_addc(out, ' ');
	gv_clean_markdown(out, gv_result_text(p->phase), TEXT_MAX);
	gv_str_add(out, ": <code>");
	gv_clean_markdown_code(out, gv_result_text(p->line), TEXT_MAX);
	gv_str_add(out, "</code></summary>\n\n");
	gv_phase_place(&place, p);
	if (place.len > 0) {
		gv_clean_markdown(out, gv_str_text(&place), TEXT_MAX);
		gv_str_add(out, "\n\n");
	}
	if (gv_result_text(p->hint)[0] != '\0') {
		gv_clean_markdown(out, p->hint, TEXT_MAX);
		gv_str_add(out, "\n\n");
	}
	if (gv_result_text(p->log)[0] != '\0' && out->len < DETAILS_MAX) {
		gv_str_add(out, "<pre>\n");
		gv_clean_pre(out, p->log, LOG_MAX);
		gv_str_add(out, "</pre>\n");
	}
	gv_repeat_command(&repeat, c);
	if (repeat.len > 0) {
		gv_str_add(out, "\nRepeat: <code>");
		gv_clean_markdown_code(out, gv_str_text(&repeat), TEXT_MAX);
		gv_str_add(out, "</code>\n\n");
	}
	gv_str_add(out, "</details>\n");
}

static void
summary(struct gv_str *out, const struct gv_run_result *r)
{
	const char *min = gv_run_min_compatible(r);

	gv_str_add(out, "### gover validate ");
	gv_clean_markdown(out, gv_result_text(r->module), TEXT_MAX);
	gv_str_add(out, min != NULL ? "\n\nLowest compatible Go version: **" : "\n\nNo compatible Go version");
	if (min != NULL) {
		gv_clean_markdown(out, min, TEXT_MAX);
		gv_str_add(out, "**");
	}
	gv_str_add(out, " (");
	gv_model_counts(r, out);
	gv_str_add(out, ").\n\n");
	if (gv_run_is_interrupted(r))
		gv_str_add(out, "**The run was interrupted**: not all cells were run.\n\n");
}

static void
notes(struct gv_str *out, const struct gv_run_result *r)
{
	for (size_t i = 0; i < r->n_cells; i++) {
		if (gv_result_text(r->cells[i].note)[0] == '\0')
			continue;
		gv_str_add(out, "\nNote on ");
		gv_clean_markdown(out, gv_cell_result_name(&r->cells[i]), TEXT_MAX);
		gv_str_add(out, ": ");
		gv_clean_markdown(out, r->cells[i].note, TEXT_MAX);
		gv_str_addc(out, '\n');
	}
}

int
gv_write_markdown(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err)
{
	struct gv_columns columns;

	(void)err;
	gv_columns_collect(&columns, r);
	summary(out, r);
	gv_str_add(out, "| Go |");
	for (size_t i = 0; i < columns.n; i++) {
		gv_str_addc(out, ' ');
		gv_clean_markdown(out, columns.names[i], TEXT_MAX);
		gv_str_add(out, " |");
	}
	gv_str_add(out, " verdict |\n|---|");
	for (size_t i = 0; i < columns.n; i++)
		gv_str_add(out, "---|");
	gv_str_add(out, "---|\n");
	for (size_t i = 0; i < r->n_cells; i++)
		row(out, &r->cells[i], &columns);
	notes(out, r);
	for (size_t i = 0; i < r->n_cells; i++)
		for (size_t k = 0; k < r->cells[i].n_phases; k++)
			if (gv_phase_is_problem(&r->cells[i].phases[k]) && !gv_phase_is_told(&r->cells[i], k))
				details(out, &r->cells[i], &r->cells[i].phases[k]);
	return 0;
}
