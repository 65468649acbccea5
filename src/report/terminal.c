/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "report/clean.h"
#include "report/model.h"
#include "report/problem.h"
#include "report/report.h"
#include "util/auto.h"

/*
 * The summary for people: a line for each cell; below a cell that is not compatible each cause once, with the phases that show it,
 * its deciding line and hint, and the command that repeats the cell; at the end the lowest compatible version and the counts.
 */
#define TEXT_MAX 1000

static const struct {
	const char *on, *off;
} colors[] = {
	[GV_COMPATIBLE] = { "\033[32m", "\033[0m" },   [GV_INCOMPATIBLE] = { "\033[31m", "\033[0m" },
	[GV_INCONCLUSIVE] = { "\033[33m", "\033[0m" }, [GV_UNAVAILABLE] = { "\033[33m", "\033[0m" },
	[GV_CELL_SKIPPED] = { "\033[2m", "\033[0m" },
};

static const char *
cell_name(const struct gv_cell_result *c)
{
	return gv_result_text(c->id)[0] != '\0' ? c->id : gv_result_text(c->version);
}

static void
indented(struct gv_str *out, const char *text)
{
	if (text[0] == '\0')
		return;
	gv_str_add(out, "      ");
	gv_clean_line(out, text, TEXT_MAX);
	gv_str_addc(out, '\n');
}

/* A place that the deciding line does not name: that of a failed test or a crash. */
static void
place(struct gv_str *out, const struct gv_phase_result *p)
{
	const struct gv_diag *d = p->diags;
	gv_autostr struct gv_str text = GV_STR_INIT(65536);

	if (p->n_diags == 0 || d->line == 0)
		return;
	gv_str_addf(&text, "%s:%u:", gv_result_text(d->file), d->line);
	if (strstr(gv_result_text(p->line), gv_str_text(&text)) != NULL)
		return;
	if (strcmp(gv_result_text(d->message), gv_result_text(p->line)) != 0)
		gv_str_addf(&text, " %s", gv_result_text(d->message));
	indented(out, gv_str_text(&text));
}

static void
cause(struct gv_str *out, const struct gv_cell_result *c, size_t i)
{
	const struct gv_phase_result *p = &c->phases[i];

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
	gv_clean_line(out, gv_result_text(p->class_), TEXT_MAX);
	gv_str_addc(out, '\n');
	indented(out, gv_result_text(p->line));
	place(out, p);
	indented(out, gv_result_text(p->hint));
}

/* A shell word. */
static void
word(struct gv_str *out, const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,@%+-";

	gv_str_addc(out, ' ');
	if (s[0] != '\0' && strspn(s, plain) == strlen(s)) {
		gv_str_add(out, s);
		return;
	}
	gv_str_addc(out, '\'');
	for (; *s != '\0'; s++)
		gv_str_add(out, *s == '\'' ? "'\\''" : (char[]){ *s, '\0' });
	gv_str_addc(out, '\'');
}

static void
option(struct gv_str *out, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	gv_str_addf(out, " %s", name);
	word(out, value);
}

/* The identity of a cell says its platform and module only where there are several (validate/matrix.h). */
static void
repeat(struct gv_str *out, const struct gv_cell_result *c)
{
	gv_autostr struct gv_str only = GV_STR_INIT(65536), line = GV_STR_INIT(65536);
	const char *dir = gv_result_text(c->moduledir);

	gv_str_add(&line, "repeat: gover validate");
	word(&line, gv_result_text(c->version));
	if (strchr(gv_result_text(c->id), '/') != NULL)
		option(&line, "--platform", gv_result_text(c->platform));
	option(&line, "--tags", gv_result_text(c->tags));
	option(&line, "--env", gv_result_text(c->env));
	if (dir[0] != '\0' && strcmp(dir, ".") != 0) {
		gv_str_addf(&only, "go%s#%s", gv_result_text(c->version), dir);
		option(&line, "--only", gv_str_text(&only));
	}
	indented(out, gv_str_text(&line));
}

static void
cell(struct gv_str *out, const struct gv_cell_result *c, bool color, int width)
{
	gv_autostr struct gv_str name = GV_STR_INIT(65536);

	gv_clean_line(&name, cell_name(c), TEXT_MAX);
	gv_str_addf(out, "  %-*s  %s%s%s", width, gv_str_text(&name), color ? colors[c->verdict].on : "",
		    gv_verdict_name(c->verdict), color ? colors[c->verdict].off : "");
	if (gv_result_text(c->class_)[0] != '\0') {
		gv_str_add(out, "  ");
		gv_clean_line(out, c->class_, TEXT_MAX);
	}
	gv_str_addc(out, '\n');
	for (size_t i = 0; i < c->n_phases; i++)
		if (gv_phase_is_problem(&c->phases[i]) && !gv_phase_is_told(c, i))
			cause(out, c, i);
	if (c->verdict == GV_INCOMPATIBLE || c->verdict == GV_INCONCLUSIVE)
		repeat(out, c);
}

void
gv_report_terminal(const struct gv_run_result *r, bool color, struct gv_str *out)
{
	const char *min = gv_run_min_compatible(r), *sep = "";
	int width = 0;

	for (size_t i = 0; i < r->n_cells; i++) {
		size_t len = strlen(cell_name(&r->cells[i]));

		if (len < 60 && (int)len > width)
			width = (int)len;
	}
	for (size_t i = 0; i < r->n_cells; i++)
		cell(out, &r->cells[i], color, width);
	gv_str_addf(out, "\n%s%s\n", min != NULL ? "lowest compatible version: " : "no compatible version",
		    min != NULL ? min : "");
	for (enum gv_verdict v = GV_COMPATIBLE; v <= GV_CELL_SKIPPED; v++) {
		size_t n = gv_model_count(r, v);

		if (n == 0)
			continue;
		gv_str_addf(out, "%s%zu %s", sep, n, gv_verdict_name(v));
		sep = ", ";
	}
	gv_str_add(out, sep[0] == '\0' ? "nothing was run\n" : "\n");
	if (gv_run_is_interrupted(r))
		gv_str_add(out, "interrupted: not all cells were run\n");
}
