/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "judge/followup.h"
#include "report/clean.h"
#include "report/problem.h"
#include "report/repeat.h"
#include "report/writers.h"

/* TAP 13, flat: a line for each phase of each cell, with a YAML block for each that did not pass. */
#define TEXT_MAX 500

static bool
is_listed(const struct gv_phase_result *p)
{
	return gv_followup_find(gv_result_text(p->phase)) == NULL;
}

static unsigned
count(const struct gv_run_result *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->n_cells; i++) {
		n += r->cells[i].n_phases == 0;
		for (size_t k = 0; k < r->cells[i].n_phases; k++)
			n += is_listed(&r->cells[i].phases[k]);
	}
	return n;
}

static void
yaml_member(struct gv_str *out, const char *key, const char *value)
{
	if (gv_result_text(value)[0] == '\0')
		return;
	gv_str_addf(out, "  %s: ", key);
	gv_clean_yaml(out, value, TEXT_MAX);
	gv_str_addc(out, '\n');
}

static void
yaml_block(struct gv_str *out, const struct gv_cell_result *c, const struct gv_phase_result *p)
{
	gv_autostr struct gv_str repeat = GV_STR_INIT(65536);

	gv_str_add(out, "  ---\n");
	yaml_member(out, "outcome", gv_outcome_name(p->outcome));
	yaml_member(out, "class", p->cause);
	yaml_member(out, "line", p->line);
	yaml_member(out, "hint", p->hint);
	if (p->n_diags > 0) {
		yaml_member(out, "file", p->diags[0].file);
		gv_str_addf(out, "  at: %u\n", p->diags[0].line);
	}
	gv_repeat_command(&repeat, c);
	yaml_member(out, "repeat", gv_str_text(&repeat));
	gv_str_add(out, "  ...\n");
}

static void
name(struct gv_str *out, const struct gv_cell_result *c)
{
	gv_clean_tap(out, gv_cell_result_name(c), TEXT_MAX);
}

static void
phase(struct gv_str *out, unsigned n, const struct gv_cell_result *c, const struct gv_phase_result *p)
{
	bool bad = p->outcome == GV_FAIL || p->outcome == GV_UNKNOWN;

	gv_str_addf(out, "%sok %u - ", bad ? "not " : "", n);
	name(out, c);
	gv_str_addc(out, ' ');
	gv_clean_tap(out, gv_result_text(p->phase), TEXT_MAX);
	if (p->outcome == GV_SKIPPED) {
		gv_str_add(out, " # SKIP ");
		gv_clean_tap(out, gv_result_text(p->line)[0] != '\0' ? p->line : "not run", TEXT_MAX);
	}
	gv_str_addc(out, '\n');
	if (gv_phase_is_problem(p))
		yaml_block(out, c, p);
}

/* A cell that never ran: skipped, or the engine gave no answer. */
static void
empty_cell(struct gv_str *out, unsigned n, const struct gv_cell_result *c)
{
	gv_str_addf(out, "%sok %u - ", c->verdict == GV_CELL_SKIPPED ? "" : "not ", n);
	name(out, c);
	if (c->verdict == GV_CELL_SKIPPED) {
		gv_str_add(out, " # SKIP ");
		gv_clean_tap(out, gv_result_text(c->cause)[0] != '\0' ? c->cause : "not run", TEXT_MAX);
	} else {
		gv_str_addf(out, " %s", gv_verdict_name(c->verdict));
	}
	gv_str_addc(out, '\n');
}

static void
write_lines(const struct gv_run_result *r, struct gv_str *out)
{
	unsigned n = 0, total = count(r);

	gv_str_add(out, "TAP version 13\n");
	if (total == 0) { /* a harness would count an empty plan as success */
		gv_str_add(out, "Bail out! nothing was run\n");
		return;
	}
	gv_str_addf(out, "1..%u\n", total);
	for (size_t i = 0; i < r->n_cells; i++) {
		const struct gv_cell_result *c = &r->cells[i];

		if (c->n_phases == 0)
			empty_cell(out, ++n, c);
		for (size_t k = 0; k < c->n_phases; k++)
			if (is_listed(&c->phases[k]))
				phase(out, ++n, c, &c->phases[k]);
	}
	if (gv_run_is_interrupted(r))
		gv_str_add(out, "Bail out! interrupted\n");
}

int
gv_write_tap(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err)
{
	gv_autostr struct gv_str lines = GV_STR_INIT(GV_REPORT_MAX);

	(void)err;
	write_lines(r, &lines);
	gv_clean_commands(out, gv_str_text(&lines));
	out->over = out->over || lines.over;
	return 0;
}
