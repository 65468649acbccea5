/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <string.h>

#include "report/clean.h"
#include "report/problem.h"
#include "report/repeat.h"
#include "report/writers.h"
#include "util/lines.h"
#include "verify/hash.h"

/*
 * GitHub Actions: an annotation for each problem with the versions that have it, then the output of failed phases in
 * groups. GitHub shows ten errors and ten warnings of a step. The project's output is between ::stop-commands:: and a
 * token that does not occur in it, so that GitHub obeys no command in it.
 */
#define TEXT_MAX       1000
#define LOG_MAX        65536
#define ANNOTATION_MAX 10

static void
annotation(struct gv_str *out, const struct gv_problem *p)
{
	gv_str_addf(out, "::%s ", p->severity == GV_SEVERITY_ERROR ? "error" : "warning");
	if (p->file[0] != '\0') {
		gv_str_add(out, "file=");
		gv_clean_github_property(out, p->file, TEXT_MAX);
		gv_str_addc(out, ',');
		if (p->line > 0)
			gv_str_addf(out, "line=%u,", p->line);
		if (p->col > 0)
			gv_str_addf(out, "col=%u,", p->col);
	}
	gv_str_add(out, "title=");
	gv_clean_github_property(out, p->cause, TEXT_MAX);
	gv_str_add(out, "::");
	gv_clean_github_data(out, p->message, TEXT_MAX);
	for (size_t i = 0; i < p->versions.n; i++) {
		gv_str_add(out, i == 0 ? " (on Go " : ", ");
		gv_clean_github_data(out, p->versions.v[i], TEXT_MAX);
	}
	gv_str_addc(out, ')');
	if (p->hint[0] != '\0') {
		gv_str_add(out, ": ");
		gv_clean_github_data(out, p->hint, TEXT_MAX);
	}
	gv_str_addc(out, '\n');
}

static void
annotations(struct gv_str *out, const struct gv_problems *all)
{
	size_t shown[2] = { 0 }, hidden = 0;

	for (size_t i = 0; i < all->n; i++) {
		if (shown[all->v[i].severity] == ANNOTATION_MAX) {
			hidden++;
			continue;
		}
		shown[all->v[i].severity]++;
		annotation(out, &all->v[i]);
	}
	if (hidden > 0)
		gv_str_addf(out, "::notice title=gover::%zu more problems are in the log and in the other reports\n",
			    hidden);
}

/*
 * Make a token that the output does not contain: a hash of that output. If the output contains the hash, take another.
 */
static void
add_token(struct gv_str *token, const char *text)
{
	uint8_t sum[GV_SHA256_LEN];
	char hex[33];

	gv_sha256_of(text, strlen(text), sum);
	gv_hex(hex, sum, 16);
	for (unsigned n = 1; n == 1 || strstr(text, gv_str_text(token)) != NULL; n++) {
		gv_str_clear(token);
		gv_str_addf(token, "gover-%s-%u", hex, n);
	}
}

/* The log viewer obeys "##[group]" at the beginning of a line even after ::stop-commands::. */
static void
add_log(struct gv_str *out, const char *log)
{
	struct gv_lines in;

	gv_lines_init(&in, log, strlen(log), GV_LINES_LF);
	while (gv_lines_next(&in)) {
		if (strncmp(in.line, "##", 2) == 0)
			gv_str_addc(out, ' ');
		gv_str_addn(out, in.line, (size_t)(in.rest - in.line));
	}
}

static void
group(struct gv_str *out, const struct gv_cell_result *c, const struct gv_phase_result *p)
{
	gv_autostr struct gv_str token = GV_STR_INIT(64), log = GV_STR_INIT(8 * LOG_MAX), repeat = GV_STR_INIT(65536);

	gv_clean_log(&log, gv_result_text(p->log), LOG_MAX);
	add_token(&token, gv_str_text(&log));
	gv_str_add(out, "::group::");
	gv_clean_github_data(out, gv_cell_result_name(c), TEXT_MAX);
	gv_str_addc(out, ' ');
	gv_clean_github_data(out, gv_result_text(p->phase), TEXT_MAX);
	gv_str_addf(out, ": %s\n::stop-commands::%s\n", gv_outcome_name(p->outcome), gv_str_text(&token));
	add_log(out, gv_str_text(&log));
	gv_str_addf(out, "::%s::\n", gv_str_text(&token));
	gv_repeat_command(&repeat, c);
	if (repeat.len > 0) {
		gv_autostr struct gv_str line = GV_STR_INIT(65536);

		gv_str_add(&line, "repeat: ");
		gv_clean_line(&line, gv_str_text(&repeat), TEXT_MAX);
		gv_clean_commands(out, gv_str_text(&line));
		gv_str_addc(out, '\n');
	}
	gv_str_add(out, "::endgroup::\n");
}

static void
groups(struct gv_str *out, const struct gv_cell_result *c)
{
	for (size_t i = 0; i < c->n_phases; i++)
		if (gv_phase_is_problem(&c->phases[i]) && !gv_phase_is_told(c, i) &&
		    gv_result_text(c->phases[i].log)[0] != '\0')
			group(out, c, &c->phases[i]);
}

int
gv_write_github(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err)
{
	struct gv_problems all;

	(void)err;
	gv_problems_collect(&all, r);
	for (size_t i = 0; i < r->n_cells; i++)
		groups(out, &r->cells[i]);
	annotations(out, &all);
	if (gv_run_is_interrupted(r))
		gv_str_add(out, "::warning title=gover::interrupted: not all cells were run\n");
	gv_problems_release(&all);
	return 0;
}
