/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "report/clean.h"
#include "report/model.h"
#include "report/problem.h"
#include "report/repeat.h"
#include "report/report.h"
#include "util/auto.h"

/*
 * The summary for people. Each cell has a line. Below a cell that is not compatible: each cause once, with its phases,
 * deciding line and hint, and the command that repeats the cell. At the end: the lowest compatible version and the
 * counts.
 */
#define TEXT_MAX 1000

static const struct {
	const char *on, *off;
} colors[] = {
	[GV_COMPATIBLE] = { "\033[32m", "\033[0m" },   [GV_INCOMPATIBLE] = { "\033[31m", "\033[0m" },
	[GV_INCONCLUSIVE] = { "\033[33m", "\033[0m" }, [GV_UNAVAILABLE] = { "\033[33m", "\033[0m" },
	[GV_CELL_SKIPPED] = { "\033[2m", "\033[0m" },
};

static void
indented(struct gv_str *out, const char *text)
{
	if (text[0] == '\0')
		return;
	gv_str_add(out, "      ");
	gv_clean_line(out, text, TEXT_MAX);
	gv_str_addc(out, '\n');
}

static void
add_cause(struct gv_str *out, const struct gv_cell_result *c, size_t i)
{
	const struct gv_phase_result *p = &c->phases[i];
	gv_autostr struct gv_str place = GV_STR_INIT(65536);

	gv_str_add(out, "    ");
	gv_clean_line(out, gv_result_text(p->phase), TEXT_MAX);
	for (size_t k = i + 1; k < c->n_phases; k++)
		if (gv_phase_is_problem(&c->phases[k]) && gv_phase_same_cause(p, &c->phases[k])) {
			gv_str_add(out, ", ");
			gv_clean_line(out, gv_result_text(c->phases[k].phase), TEXT_MAX);
		}
	gv_str_add(out, ": ");
	if (p->outcome != GV_FAIL)
		gv_str_addf(out, "%s ", gv_outcome_name(p->outcome));
	gv_clean_line(out, gv_result_text(p->cause), TEXT_MAX);
	gv_str_addc(out, '\n');
	indented(out, gv_result_text(p->line));
	gv_phase_place(&place, p);
	indented(out, gv_str_text(&place));
	indented(out, gv_result_text(p->hint));
}

static void
cell(struct gv_str *out, const struct gv_cell_result *c, bool color, int width)
{
	gv_autostr struct gv_str name = GV_STR_INIT(65536), repeat = GV_STR_INIT(65536);

	gv_clean_line(&name, gv_cell_result_name(c), TEXT_MAX);
	gv_str_addf(out, "  %-*s  %s%s%s", width, gv_str_text(&name), color ? colors[c->verdict].on : "",
		    gv_verdict_name(c->verdict), color ? colors[c->verdict].off : "");
	if (gv_result_text(c->cause)[0] != '\0') {
		gv_str_add(out, "  ");
		gv_clean_line(out, c->cause, TEXT_MAX);
	}
	gv_str_addc(out, '\n');
	for (size_t i = 0; i < c->n_phases; i++)
		if (gv_phase_is_problem(&c->phases[i]) && !gv_phase_is_told(c, i))
			add_cause(out, c, i);
	if (gv_result_text(c->note)[0] != '\0') {
		gv_str_add(out, "    note: ");
		gv_clean_line(out, c->note, TEXT_MAX);
		gv_str_addc(out, '\n');
	}
	gv_repeat_command(&repeat, c);
	if (repeat.len > 0) {
		gv_str_add(out, "      repeat: ");
		gv_clean_line(out, gv_str_text(&repeat), TEXT_MAX);
		gv_str_addc(out, '\n');
	}
}

void
gv_report_terminal(const struct gv_run_result *r, bool color, struct gv_str *to)
{
	gv_autostr struct gv_str lines = GV_STR_INIT(GV_REPORT_MAX);
	struct gv_str *out = &lines;
	const char *min = gv_run_min_compatible(r);
	int width = 0;

	for (size_t i = 0; i < r->n_cells; i++) {
		size_t len = strlen(gv_cell_result_name(&r->cells[i]));

		if (len < 60 && (int)len > width)
			width = (int)len;
	}
	for (size_t i = 0; i < r->n_cells; i++)
		cell(out, &r->cells[i], color, width);
	gv_str_add(out, min != NULL ? "\nlowest compatible version: " : "\nno compatible version");
	gv_clean_line(out, gv_result_text(min), TEXT_MAX);
	gv_str_addc(out, '\n');
	gv_model_counts(r, out);
	gv_str_addc(out, '\n');
	if (gv_run_is_interrupted(r))
		gv_str_add(out, "interrupted: not all cells were run\n");
	gv_clean_commands(to, gv_str_text(out));
}
