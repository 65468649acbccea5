/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/model.h"

#include <stddef.h>
#include <string.h>

#include "report/repeat.h"

/* A log longer than LOG_MAX is cut to its head and tail, and is then shorter than LOG_MAX for good. */
#define LOG_MAX  65536
#define LOG_HEAD 20480
#define LOG_TAIL 40960

static void
str(struct gv_jsonout *j, const char *key, const char *value)
{
	gv_jsonout_str(j, key, gv_result_text(value));
}

/* A number with three decimals; `value` is not negative. */
static void
add_seconds(struct gv_jsonout *j, const char *key, double value)
{
	uint64_t ms = value > 0 && value < 1e12 ? (uint64_t)(value * 1000 + 0.5) : 0;

	gv_jsonout_int(j, key, (int64_t)(ms / 1000));
	gv_str_addf(&j->out, ".%03u", (unsigned)(ms % 1000));
}

void
gv_model_head(struct gv_jsonout *j, const struct gv_run_result *r)
{
	str(j, "gover", r->gover);
	str(j, "module", r->module);
	str(j, "go_directive", r->go_directive);
	str(j, "started", r->started);
	gv_jsonout_open(j, "engine", '{');
	str(j, "name", r->engine);
	str(j, "version", r->engine_version);
	gv_jsonout_close(j, '}');
}

static void
diags(struct gv_jsonout *j, const struct gv_phase_result *p)
{
	gv_jsonout_open(j, "diagnostics", '[');
	for (size_t i = 0; i < p->n_diags; i++) {
		const struct gv_diag *d = &p->diags[i];

		gv_jsonout_open(j, NULL, '{');
		str(j, "file", d->file);
		gv_jsonout_int(j, "line", d->line);
		gv_jsonout_int(j, "col", d->col);
		str(j, "message", d->message);
		gv_jsonout_close(j, '}');
	}
	gv_jsonout_close(j, ']');
}

static void
tests(struct gv_jsonout *j, const struct gv_phase_result *p)
{
	gv_jsonout_open(j, "tests", '[');
	for (size_t i = 0; i < p->n_tests; i++) {
		const struct gv_test_result *t = &p->tests[i];

		gv_jsonout_open(j, NULL, '{');
		str(j, "package", t->package);
		str(j, "name", t->name);
		str(j, "outcome", gv_outcome_name(t->outcome));
		add_seconds(j, "seconds", t->seconds);
		str(j, "message", t->message);
		gv_jsonout_close(j, '}');
	}
	gv_jsonout_close(j, ']');
}

static void
add_log(struct gv_jsonout *j, const char *log)
{
	gv_autostr struct gv_str cut = GV_STR_INIT(LOG_MAX);
	size_t len = strlen(log);

	if (len <= LOG_MAX) {
		gv_jsonout_str(j, "log", log);
		return;
	}
	gv_str_addn(&cut, log, LOG_HEAD);
	gv_str_addf(&cut, "\n[%zu bytes left out]\n", len - LOG_HEAD - LOG_TAIL);
	gv_str_addn(&cut, log + len - LOG_TAIL, LOG_TAIL);
	gv_jsonout_str(j, "log", gv_str_text(&cut));
}

void
gv_model_process(struct gv_jsonout *j, int exit, double seconds, uint64_t peak_rss)
{
	if (exit == GV_EXIT_NONE)
		gv_jsonout_str(j, "exit", NULL);
	else
		gv_jsonout_int(j, "exit", exit);
	add_seconds(j, "seconds", seconds);
	gv_jsonout_int(j, "peak_rss", (int64_t)peak_rss);
}

static void
phase(struct gv_jsonout *j, const struct gv_phase_result *p)
{
	gv_jsonout_open(j, NULL, '{');
	str(j, "phase", p->phase);
	str(j, "outcome", gv_outcome_name(p->outcome));
	str(j, "class", p->cause);
	str(j, "line", p->line);
	str(j, "hint", p->hint);
	diags(j, p);
	tests(j, p);
	gv_model_process(j, p->exit, p->seconds, p->peak_rss);
	add_log(j, gv_result_text(p->log));
	gv_jsonout_close(j, '}');
}

void
gv_model_cell(struct gv_jsonout *j, const char *key, const struct gv_cell_result *c)
{
	gv_autostr struct gv_str repeat = GV_STR_INIT(65536);

	gv_jsonout_open(j, key, '{');
	str(j, "id", c->id);
	str(j, "moduledir", c->moduledir);
	str(j, "version", c->version);
	str(j, "goversion", c->goversion);
	str(j, "platform", c->platform);
	str(j, "tags", c->tags);
	str(j, "env", c->env);
	str(j, "options", c->options);
	str(j, "verdict", gv_verdict_name(c->verdict));
	str(j, "class", c->cause);
	str(j, "note", c->note);
	gv_repeat_command(&repeat, c);
	gv_jsonout_str(j, "repeat", gv_str_text(&repeat));
	gv_jsonout_open(j, "phases", '[');
	for (size_t i = 0; i < c->n_phases; i++)
		phase(j, &c->phases[i]);
	gv_jsonout_close(j, ']');
	gv_jsonout_close(j, '}');
}

size_t
gv_model_count(const struct gv_run_result *r, enum gv_verdict v)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_cells; i++)
		n += r->cells[i].verdict == v;
	return n;
}

void
gv_model_counts(const struct gv_run_result *r, struct gv_str *out)
{
	const char *sep = "";

	for (enum gv_verdict v = GV_COMPATIBLE; v <= GV_CELL_SKIPPED; v++) {
		size_t n = gv_model_count(r, v);

		if (n == 0)
			continue;
		gv_str_addf(out, "%s%zu %s", sep, n, gv_verdict_name(v));
		sep = ", ";
	}
	if (sep[0] == '\0')
		gv_str_add(out, "nothing was run");
}

void
gv_model_summary(struct gv_jsonout *j, const char *key, const struct gv_run_result *r)
{
	gv_jsonout_open(j, key, '{');
	gv_jsonout_str(j, "min_compatible", gv_run_min_compatible(r));
	gv_jsonout_open(j, "counts", '{');
	for (enum gv_verdict v = GV_COMPATIBLE; v <= GV_CELL_SKIPPED; v++)
		gv_jsonout_int(j, gv_verdict_name(v), (int64_t)gv_model_count(r, v));
	gv_jsonout_close(j, '}');
	gv_jsonout_bool(j, "interrupted", gv_run_is_interrupted(r));
	gv_jsonout_int(j, "exit", gv_run_exit(r));
	gv_jsonout_close(j, '}');
}
