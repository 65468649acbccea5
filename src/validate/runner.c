/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/runner.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "resolve/dirs.h"
#include "store/manifest.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/sig.h"
#include "validate/cellrun.h"
#include "validate/godebug.h"
#include "validate/guard.h"

#define JOBS_MAX 64

/* What the cells of one version and module share. */
struct supply {
	const char *version;
	const struct gv_module *module;
	enum gv_code sdk;       /* GV_OK, GV_ENOTFOUND, GV_ENET */
	char *sdk_fault;
	char *goroot, *sdk_key;
	struct gv_fetched fetched;
};

struct run {
	const struct gv_runner *r;
	struct gv_run_result *out;
	struct gv_cell_dirs dirs;
	char id[17];
	struct supply *supplies;
	size_t n_supplies;
	struct gv_modset modules;
	size_t *supply_of;      /* per cell */
	pthread_mutex_t lock;   /* guards what follows, and event() */
	size_t next;
	bool stop;              /* fail-fast, or interrupted: running cells end, no new ones begin */
	bool interrupted;
	struct gv_err err;
};

static void
make_id(char id[17])
{
	uint64_t v = 0;

	if (getentropy(&v, sizeof(v)) < 0)
		v = (uint64_t)time(NULL) << 20 ^ (uint64_t)getpid();
	snprintf(id, 17, "%016llx", (unsigned long long)v);
}

static void
tell(struct run *run, const struct gv_run_event *e)
{
	if (run->r->event == NULL)
		return;
	pthread_mutex_lock(&run->lock);
	run->r->event(run->r->arg, e);
	pthread_mutex_unlock(&run->lock);
}

static struct gv_cellspec_in
spec_in(const struct run *run, size_t cell)
{
	const struct gv_engine_info *info = gv_engine_info(run->r->engine);

	return (struct gv_cellspec_in){ .cell = &run->r->matrix->cells[cell],
					.project = run->r->project,
					.opts = run->r->opts,
					.dirs = &run->dirs,
					.goroot = run->supplies[run->supply_of[cell]].goroot,
					.sdk_key = run->supplies[run->supply_of[cell]].sdk_key,
					.modules = run->modules.key != NULL ? &run->modules : NULL,
					.run = run->id,
					.uid = info->uid,
					.gid = info->gid,
					.number = (unsigned)cell };
}

/* An SDK by its content, where its manifest is there; caller frees. */
static char *
sdk_key(const struct gv_dirs *d, const char *version)
{
	gv_autofree char *name = gv_xasprintf("go%s", version);
	struct gv_manifest m = { 0 };
	struct gv_err ignored = GV_ERR_INIT;
	char *key;

	if (gv_manifest_read(&m, d->manifests, name, false, &ignored) < 0)
		return NULL;
	key = gv_xasprintf("sdk %s %s %s", m.version, m.platform, m.h1);
	gv_manifest_free(&m);
	return key;
}

/* Add the supply of cell i, the SDK taken from an earlier one of the same version where there is one. */
static int
add_supply(struct run *run, size_t i, struct gv_err *err)
{
	const struct gv_matrix_cell *c = &run->r->matrix->cells[i];
	struct supply s = { .version = c->version, .module = c->module };
	const struct supply *same = NULL;

	for (size_t k = 0; k < run->n_supplies; k++)
		if (strcmp(run->supplies[k].version, c->version) == 0)
			same = &run->supplies[k];
	if (same != NULL) {
		s.sdk = same->sdk;
		s.sdk_fault = same->sdk_fault != NULL ? gv_xstrdup(same->sdk_fault) : NULL;
	} else if (run->r->sdk(run->r->arg, c->version, err) < 0) {
		if (err->code != GV_ENOTFOUND && err->code != GV_ENET)
			return -1;
		s.sdk = err->code;
		s.sdk_fault = gv_xstrdup(err->msg);
		gv_err_clear(err);
	}
	s.goroot = gv_dirs_sdk(run->r->dirs, c->version, NULL);
	s.sdk_key = sdk_key(run->r->dirs, c->version);
	run->supplies = gv_xreallocarray(run->supplies, run->n_supplies + 1, sizeof(s));
	run->supply_of[i] = run->n_supplies;
	run->supplies[run->n_supplies++] = s;
	return 0;
}

static int
fetch_modules(struct run *run, size_t i, struct gv_err *err)
{
	struct supply *s = &run->supplies[run->supply_of[i]];
	struct gv_cellspec_in in = spec_in(run, i);
	int rc;

	if (s->sdk != GV_OK || s->module->vendored || s->module->path[0] == '\0') {
		s->fetched = (struct gv_fetched){ .log = gv_xstrdup("") };
		return 0;
	}
	tell(run, &(struct gv_run_event){ .kind = GV_RUN_FETCH, .cell = i, .what = in.cell });
	rc = gv_modules_fetch(&s->fetched, run->r->host, &in, err);
	tell(run, &(struct gv_run_event){ .kind = GV_RUN_FETCHED, .cell = i, .what = in.cell });
	return rc;
}

/*
 * Once all are fetched, so that the cells of a run share them. Only an engine with a daemon can be elsewhere, and some show only at
 * their first cell that they do not see our files, so `remote` is not asked.
 */
static int
find_modules(struct run *run, struct gv_err *err)
{
	enum gv_engine_kind kind = gv_engine_info(run->r->engine)->kind;

	if (kind != GV_ENGINE_DOCKER && kind != GV_ENGINE_PODMAN)
		return 0;
	return gv_modset_find(&run->modules, run->r->project, run->dirs.modcache, err);
}

static int
supply_all(struct run *run, struct gv_err *err)
{
	for (size_t i = 0; i < run->r->matrix->n; i++) {
		const struct gv_matrix_cell *c = &run->r->matrix->cells[i];
		bool have = false;

		if (!c->wanted)
			continue;
		for (size_t k = 0; k < run->n_supplies && !have; k++)
			if (strcmp(run->supplies[k].version, c->version) == 0 && run->supplies[k].module == c->module) {
				run->supply_of[i] = k;
				have = true;
			}
		if (!have && (gv_sig_check(err) < 0 || add_supply(run, i, err) < 0 || fetch_modules(run, i, err) < 0))
			return -1;
	}
	return find_modules(run, err);
}

static void
skip_cell(struct gv_cell_result *cell, const char *why)
{
	cell->verdict = GV_CELL_SKIPPED;
	gv_result_set(&cell->class_, why);
}

static void
name_cell(struct run *run, size_t i)
{
	const struct gv_matrix_cell *c = &run->r->matrix->cells[i];
	struct gv_cell_result *cell = gv_run_result_add(run->out);
	gv_autofree char *platform = gv_xstrdup(c->platform[0] != '\0' ? c->platform : gv_platform_host());

	for (char *p = platform; *p != '\0'; p++)
		if (*p == '-')
			*p = '/';
	gv_result_set(&cell->id, c->id);
	gv_result_set(&cell->moduledir, c->module->dir);
	gv_result_set(&cell->version, c->version);
	gv_result_set(&cell->platform, platform);
	gv_result_set(&cell->tags, c->tags);
	gv_result_set(&cell->env, c->env);
	skip_cell(cell, c->wanted ? "" : "only");
}

struct watched {
	struct run *run;
	size_t cell;
};

static void
on_phase_start(void *arg, const char *phase)
{
	struct watched *w = arg;

	tell(w->run, &(struct gv_run_event){ .kind = GV_RUN_PHASE_BEGIN,
					     .cell = w->cell,
					     .what = &w->run->r->matrix->cells[w->cell],
					     .phase = phase });
}

static void
on_phase_end(void *arg, const struct gv_collected_phase *phase)
{
	struct watched *w = arg;

	tell(w->run, &(struct gv_run_event){ .kind = GV_RUN_PHASE_END,
					     .cell = w->cell,
					     .what = &w->run->r->matrix->cells[w->cell],
					     .phase = phase->name,
					     .end = phase });
}

static void
on_kept(void *arg, const char *id)
{
	struct watched *w = arg;

	tell(w->run, &(struct gv_run_event){
			 .kind = GV_RUN_KEPT, .cell = w->cell, .what = &w->run->r->matrix->cells[w->cell], .phase = id });
}

/* -1: interrupted. */
static int
run_cell(struct run *run, size_t i, struct gv_err *err)
{
	struct gv_cell_result *cell = &run->out->cells[i];
	const struct supply *s = &run->supplies[run->supply_of[i]];
	struct watched w = { run, i };
	struct gv_collect_watch watch = { on_phase_start, on_phase_end, &w };
	struct gv_cellrun_in in = { .engine = run->r->engine, .spec = spec_in(run, i), .fetched = &s->fetched, .watch = &watch,
				    .kept = on_kept, .kept_arg = &w };
	struct gv_run_event e = { .cell = i, .what = &run->r->matrix->cells[i], .result = cell };

	if (s->sdk != GV_OK) {
		gv_cellrun_unusable(cell, s->sdk == GV_ENOTFOUND ? GV_UNAVAILABLE : GV_INCONCLUSIVE, "network", s->sdk_fault,
				    "");
	} else {
		e.kind = GV_RUN_CELL_BEGIN;
		tell(run, &e);
		if (gv_cellrun(cell, &in, err) < 0) {
			skip_cell(cell, "interrupted");
			return -1;
		}
	}
	e.kind = GV_RUN_CELL_END;
	tell(run, &e);
	return 0;
}

static bool
take_cell(struct run *run, size_t *i)
{
	bool got = false;

	pthread_mutex_lock(&run->lock);
	while (!run->stop && run->next < run->r->matrix->n && !got) {
		*i = run->next++;
		got = run->r->matrix->cells[*i].wanted;
	}
	pthread_mutex_unlock(&run->lock);
	return got;
}

static void *
worker(void *arg)
{
	struct run *run = arg;
	size_t i;

	while (take_cell(run, &i)) {
		struct gv_err err = GV_ERR_INIT;
		int rc = run_cell(run, i, &err);

		pthread_mutex_lock(&run->lock);
		if (rc < 0 && !run->interrupted) {
			run->interrupted = run->stop = true;
			run->err = err;
		}
		if (run->r->opts->fail_fast && run->out->cells[i].verdict == GV_INCOMPATIBLE)
			run->stop = true;
		pthread_mutex_unlock(&run->lock);
	}
	return NULL;
}

/* Say why the cells that nobody took were left out. */
static void
skip_rest(struct run *run)
{
	for (size_t i = run->next; i < run->out->n_cells; i++)
		if (run->r->matrix->cells[i].wanted)
			skip_cell(&run->out->cells[i], run->interrupted ? "interrupted" : "fail-fast");
}

static void
run_cells(struct run *run)
{
	pthread_t threads[JOBS_MAX];
	unsigned n = 0, jobs = run->r->opts->jobs > JOBS_MAX ? JOBS_MAX : run->r->opts->jobs;

	while (n + 1 < jobs && pthread_create(&threads[n], NULL, worker, run) == 0)
		n++;
	worker(run);
	while (n > 0)
		pthread_join(threads[--n], NULL);
	skip_rest(run);
}

/*
 * Whether a run with some GODEBUG made `tests` pass. Of the first, which has all settings, also those that it made pass count: others
 * fail for reasons of their own, as for want of a network. `tests` are only they from then on.
 */
static bool
cured(const struct gv_cell_result *again, struct gv_strv *tests, bool first)
{
	gv_autostrv struct gv_strv still = GV_STRV_INIT, left = GV_STRV_INIT;
	const struct gv_phase_result *p = again->n_phases > 0 ? &again->phases[0] : NULL;

	if (p == NULL || p->outcome == GV_PASS || !first)
		return p != NULL && p->outcome == GV_PASS;
	gv_godebug_failing(p, &still);
	for (size_t i = 0; i < tests->n && still.n > 0; i++)
		if (!gv_strv_has(&still, tests->v[i]))
			gv_strv_add(&left, tests->v[i]);
	if (left.n == 0)
		return false;
	gv_strv_free(tests);
	*tests = left;
	left = (struct gv_strv)GV_STRV_INIT;
	return true;
}

/* Name the settings that make failing tests pass again, or say that there are none. */
static int
explain_cell(struct run *run, size_t i, struct gv_err *err)
{
	struct gv_cell_result *cell = &run->out->cells[i];
	struct gv_cellrun_in in = { .engine = run->r->engine, .spec = spec_in(run, i) };
	struct gv_phase_result *test = gv_cell_phase(cell, "test");
	gv_autostrv struct gv_strv tests = GV_STRV_INIT;
	gv_autostr struct gv_str hint = GV_STR_INIT(4096), value = GV_STR_INIT(8192);
	gv_autofree char *who = NULL;
	struct gv_godebug_search search;
	size_t failing;

	gv_godebug_failing(test, &tests);
	failing = tests.n;
	gv_godebug_begin(&search, gv_minor_of(cell->version));
	while (gv_godebug_next(&search, &value)) {
		struct gv_cell_result again = { 0 };
		int rc = gv_cellrun_godebug(&again, &in, &tests, gv_str_text(&value), err);

		gv_godebug_tell(&search, rc == 0 && cured(&again, &tests, search.state == GV_GODEBUG_ALL));
		gv_cell_result_free(&again);
		if (rc < 0)
			return -1;
	}
	if (tests.n < failing)
		who = gv_xasprintf("%zu of %zu failing tests pass", tests.n, failing);
	gv_godebug_hint(&search, who, &hint);
	/* That it is none of them helps less than what is known already. */
	if (search.found || gv_result_text(test->hint)[0] == '\0')
		gv_result_set(&test->hint, gv_str_text(&hint));
	return 0;
}

static int
explain_all(struct run *run, struct gv_err *err)
{
	for (size_t i = 0; i < run->out->n_cells; i++) {
		if (!gv_godebug_wanted(run->out, i, "test"))
			continue;
		tell(run, &(struct gv_run_event){ .kind = GV_RUN_EXPLAIN, .cell = i, .what = &run->r->matrix->cells[i] });
		if (explain_cell(run, i, err) < 0)
			return -1;
	}
	return 0;
}

static void
describe(struct run *run)
{
	const struct gv_engine_info *info = gv_engine_info(run->r->engine);
	const struct gv_project *p = run->r->project;
	char started[32];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &tm);
	gv_result_set(&run->out->gover, PACKAGE_VERSION);
	gv_result_set(&run->out->module, p->n > 0 ? p->modules[0].path : "");
	gv_result_set(&run->out->go_directive, p->go);
	gv_result_set(&run->out->engine, info->name);
	gv_result_set(&run->out->engine_version, info->version);
	gv_result_set(&run->out->started, started);
}

static void
release(struct run *run)
{
	for (size_t i = 0; i < run->n_supplies; i++) {
		free(run->supplies[i].sdk_fault);
		free(run->supplies[i].goroot);
		free(run->supplies[i].sdk_key);
		gv_fetched_free(&run->supplies[i].fetched);
	}
	free(run->supplies);
	free(run->supply_of);
	gv_modset_free(&run->modules);
	gv_cell_dirs_free(&run->dirs);
	pthread_mutex_destroy(&run->lock);
}

int
gv_run(const struct gv_runner *r, struct gv_run_result *out, struct gv_err *err)
{
	struct run run = { .r = r, .out = out, .supply_of = gv_xcalloc(r->matrix->n, sizeof(size_t)) };
	int rc;

	memset(out, 0, sizeof(*out));
	pthread_mutex_init(&run.lock, NULL);
	make_id(run.id);
	gv_cell_dirs_init(&run.dirs, r->dirs);
	describe(&run);
	for (size_t i = 0; i < r->matrix->n; i++)
		name_cell(&run, i);
	rc = supply_all(&run, err);
	if (rc == 0) {
		run_cells(&run);
		if (run.interrupted)
			*err = run.err;
		rc = run.interrupted ? -1 : explain_all(&run, err);
	} else {
		run.interrupted = true;
		skip_rest(&run);
	}
	release(&run);
	return rc;
}
