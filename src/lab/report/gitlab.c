/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "report/clean.h"
#include "report/problem.h"
#include "report/repeat.h"
#include "report/writers.h"
#include "util/clock.h"

/*
 * GitLab job log: a collapsed section for each cell. Section marks are escape sequences and carriage returns, and
 * cleaned text has neither.
 */
#define TEXT_MAX 1000
#define LOG_MAX  65536

/* Seconds since 1970 for "2026-11-24T15:09:00Z", 0 for no time. GitLab shows only the difference. */
static long long
start_time(const struct gv_run_result *r)
{
	int64_t when;

	return gv_clock_parse(gv_result_text(r->started), &when) == 0 ? when : 0;
}

/* Section names are letters, digits, "_", "." and "-"; the number makes them unique. */
static void
add_name(struct gv_str *out, const struct gv_cell_result *c, size_t n)
{
	gv_str_addf(out, "gover_%zu_", n);
	for (const char *s = gv_result_text(c->version); *s != '\0'; s++)
		gv_str_addc(out, (*s >= '0' && *s <= '9') || *s == '.' ? *s : '_');
}

static void
line(struct gv_str *out, const char *label, const char *text)
{
	if (gv_result_text(text)[0] == '\0')
		return;
	gv_str_add(out, label);
	gv_clean_line(out, text, TEXT_MAX);
	gv_str_addc(out, '\n');
}

static void
phase(struct gv_str *out, const struct gv_phase_result *p)
{
	gv_autostr struct gv_str place = GV_STR_INIT(65536);

	gv_clean_line(out, gv_result_text(p->phase), TEXT_MAX);
	gv_str_addf(out, ": %s ", gv_outcome_name(p->outcome));
	gv_clean_line(out, gv_result_text(p->cause), TEXT_MAX);
	gv_str_addc(out, '\n');
	if (!gv_phase_is_problem(p))
		return;
	gv_phase_place(&place, p);
	line(out, "", p->line);
	line(out, "", gv_str_text(&place));
	line(out, "hint: ", p->hint);
	gv_clean_log(out, gv_result_text(p->log), LOG_MAX);
}

int
gv_write_gitlab(const struct gv_run_result *r, struct gv_str *to, struct gv_err *err)
{
	gv_autostr struct gv_str lines = GV_STR_INIT(GV_REPORT_MAX);
	struct gv_str *out = &lines;
	long long now = start_time(r);

	(void)err;
	for (size_t i = 0; i < r->n_cells; i++) {
		const struct gv_cell_result *c = &r->cells[i];
		gv_autostr struct gv_str repeat = GV_STR_INIT(65536);
		double seconds = 0;

		gv_str_addf(out, "\033[0Ksection_start:%lld:", now);
		add_name(out, c, i);
		gv_str_add(out, "[collapsed=true]\r\033[0K");
		gv_clean_line(out, gv_cell_result_name(c), TEXT_MAX);
		gv_str_addf(out, ": %s ", gv_verdict_name(c->verdict));
		gv_clean_line(out, gv_result_text(c->cause), TEXT_MAX);
		gv_str_addc(out, '\n');
		for (size_t k = 0; k < c->n_phases; k++) {
			phase(out, &c->phases[k]);
			seconds += c->phases[k].seconds;
		}
		gv_repeat_command(&repeat, c);
		line(out, "repeat: ", gv_str_text(&repeat));
		gv_str_addf(out, "\033[0Ksection_end:%lld:", now + (long long)seconds);
		add_name(out, c, i);
		gv_str_add(out, "\r\033[0K\n");
	}
	gv_clean_commands(to, gv_str_text(out));
	to->over = to->over || lines.over;
	return 0;
}
