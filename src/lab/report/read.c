/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "json/json.h"
#include "judge/build.h"
#include "report/model.h"
#include "report/report.h"

/* An optional string member becomes an owned one. */
static int
read_str(char **field, const struct gv_json *j, const char *key, struct gv_err *err)
{
	const char *s = "";

	if (gv_json_str_opt(j, key, &s, err) < 0)
		return -1;
	gv_result_set(field, s);
	return 0;
}

static int
read_unsigned(unsigned *n, const struct gv_json *j, const char *key, struct gv_err *err)
{
	int64_t v = 0;

	if (gv_json_int_opt(j, key, &v, err) < 0)
		return -1;
	if (v < 0 || v > 0x7fffffff)
		return gv_json_fail(j, key, err, "want a number from 0 to 2147483647");
	*n = (unsigned)v;
	return 0;
}

static int
read_seconds(double *seconds, const struct gv_json *j, struct gv_err *err)
{
	if (gv_json_num_opt(j, "seconds", seconds, err) < 0)
		return -1;
	return *seconds >= 0 && *seconds < 1e9 ? 0 : gv_json_fail(j, "seconds", err, "want seconds");
}

static int
read_outcome(enum gv_outcome *outcome, const struct gv_json *j, struct gv_err *err)
{
	const char *s;

	if (gv_json_str(j, "outcome", &s, err) < 0)
		return -1;
	if (!gv_outcome_parse(outcome, s))
		return gv_json_fail(j, "outcome", err, "want pass, fail, flaky, skipped or inconclusive");
	return 0;
}

static int
read_diag(struct gv_diag *d, const struct gv_json *j, struct gv_err *err)
{
	if (read_str(&d->file, j, "file", err) < 0 || read_str(&d->message, j, "message", err) < 0 ||
	    read_unsigned(&d->line, j, "line", err) < 0 || read_unsigned(&d->col, j, "col", err) < 0)
		return -1;
	return 0;
}

static int
read_test(struct gv_test_result *t, const struct gv_json *j, struct gv_err *err)
{
	if (read_str(&t->package, j, "package", err) < 0 || read_str(&t->name, j, "name", err) < 0 ||
	    read_str(&t->message, j, "message", err) < 0 || read_outcome(&t->outcome, j, err) < 0 ||
	    read_seconds(&t->seconds, j, err) < 0)
		return -1;
	return 0;
}

/* The optional array member `key`; false when there is none. */
static int
open_array(const struct gv_json *j, const char *key, struct gv_json *array, size_t *n, struct gv_err *err)
{
	*n = 0;
	if (!gv_json_has(j, key))
		return 0;
	if (gv_json_array(j, key, array, err) < 0)
		return -1;
	*n = gv_json_len(array);
	return 0;
}

static int
read_lists(struct gv_phase_result *p, const struct gv_json *j, struct gv_err *err)
{
	struct gv_json array, at;
	size_t n;

	if (open_array(j, "diagnostics", &array, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (gv_json_at(&array, i, &at, err) < 0 || read_diag(gv_phase_result_add_diag(p), &at, err) < 0)
			return -1;
	if (open_array(j, "tests", &array, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (gv_json_at(&array, i, &at, err) < 0 || read_test(gv_phase_result_add_test(p), &at, err) < 0)
			return -1;
	return 0;
}

static int
read_phase(struct gv_phase_result *p, const struct gv_json *j, struct gv_err *err)
{
	int64_t status = GV_EXIT_NONE, peak = 0;
	const char *name;

	if (gv_json_str(j, "phase", &name, err) < 0 || read_outcome(&p->outcome, j, err) < 0 ||
	    read_str(&p->cause, j, "class", err) < 0 || read_str(&p->line, j, "line", err) < 0 ||
	    read_str(&p->hint, j, "hint", err) < 0 || read_str(&p->log, j, "log", err) < 0 ||
	    read_seconds(&p->seconds, j, err) < 0 || gv_json_int_opt(j, "exit", &status, err) < 0 ||
	    gv_json_int_opt(j, "peak_rss", &peak, err) < 0)
		return -1;
	if (status < GV_EXIT_NONE || status > 255)
		return gv_json_fail(j, "exit", err, "want an exit status");
	if (peak < 0)
		return gv_json_fail(j, "peak_rss", err, "want bytes");
	gv_result_set(&p->phase, name);
	p->exit = (int)status;
	p->peak_rss = (uint64_t)peak;
	return read_lists(p, j, err);
}

static int
read_cell(struct gv_cell_result *c, const struct gv_json *j, struct gv_err *err)
{
	struct gv_json phases, at;
	const char *version, *verdict;
	size_t n;

	if (gv_json_str(j, "version", &version, err) < 0 || gv_json_str(j, "verdict", &verdict, err) < 0 ||
	    read_str(&c->id, j, "id", err) < 0 || read_str(&c->moduledir, j, "moduledir", err) < 0 ||
	    read_str(&c->goversion, j, "goversion", err) < 0 || read_str(&c->platform, j, "platform", err) < 0 ||
	    read_str(&c->tags, j, "tags", err) < 0 || read_str(&c->env, j, "env", err) < 0 ||
	    read_str(&c->options, j, "options", err) < 0 || read_str(&c->note, j, "note", err) < 0 ||
	    read_str(&c->cause, j, "class", err) < 0)
		return -1;
	if (!gv_verdict_parse(&c->verdict, verdict))
		return gv_json_fail(j, "verdict", err,
				    "want compatible, incompatible, inconclusive, unavailable or skipped");
	gv_result_set(&c->version, version);
	if (open_array(j, "phases", &phases, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (gv_json_at(&phases, i, &at, err) < 0 || read_phase(gv_cell_result_add(c), &at, err) < 0)
			return -1;
	return 0;
}

static int
read_run(struct gv_run_result *r, const struct gv_json *j, struct gv_err *err)
{
	struct gv_json engine, cells, at;

	if (read_str(&r->gover, j, "gover", err) < 0 || read_str(&r->module, j, "module", err) < 0 ||
	    read_str(&r->go_directive, j, "go_directive", err) < 0 || read_str(&r->started, j, "started", err) < 0)
		return -1;
	if (gv_json_has(j, "engine") &&
	    (gv_json_object(j, "engine", &engine, err) < 0 || read_str(&r->engine, &engine, "name", err) < 0 ||
	     read_str(&r->engine_version, &engine, "version", err) < 0))
		return -1;
	if (gv_json_array(j, "cells", &cells, err) < 0)
		return -1;
	for (size_t i = 0; i < gv_json_len(&cells); i++)
		if (gv_json_at(&cells, i, &at, err) < 0 || read_cell(gv_run_result_add(r), &at, err) < 0)
			return -1;
	return 0;
}

int
gv_report_read(struct gv_run_result *r, const char *json, size_t len, struct gv_err *err)
{
	gv_autojson struct gv_json root = { 0 };
	struct gv_run_result read = { 0 };
	int64_t schema;

	if (len > GV_REPORT_MAX)
		return gv_err_set(err, GV_ETOOBIG, "a report of more than %u bytes", GV_REPORT_MAX);
	if (gv_json_parse(&root, json, len, err) < 0 || gv_json_want_object(&root, err) < 0 ||
	    gv_json_int(&root, "schema", &schema, err) < 0)
		return -1;
	if (schema != GV_REPORT_SCHEMA) {
		gv_json_fail(&root, "schema", err, "another schema than 1");
		return gv_err_help(err, "use the gover that wrote the report");
	}
	if (read_run(&read, &root, err) < 0) {
		gv_run_result_release(&read);
		return -1;
	}
	*r = read;
	return 0;
}
