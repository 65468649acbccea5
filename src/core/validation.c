/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "core/validation.h"

#include <stdlib.h>
#include <string.h>

#include "core/engines.h"
#include "resolve/installed.h"
#include "resolve/resolve.h"
#include "ui/exit.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "version/known.h"

int
validation_begin(struct validation *v, struct gv_err *err)
{
	v->dir = gv_working_dir(err);
	return v->dir == NULL || gv_core_open(&v->core, err) < 0 ? -1 : 0;
}

int
validation_project(struct validation *v, struct gv_err *err)
{
	if (gv_project_find(&v->project, v->dir, err) < 0)
		return -1;
	if (v->project.note != NULL)
		gv_msg_warn("%s", v->project.note);
	return 0;
}

/* Warn if the environment names a Docker engine, but cells run in bubblewrap. */
static void
warn_of_another(const struct validation *v, const struct gv_strv *why)
{
	static const char *const names[] = { "DOCKER_HOST", "DOCKER_CONTEXT" };

	for (size_t i = 0; i < GV_ARRAY_LEN(names); i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || value[0] == '\0' || why->n == 0 ||
		    strcmp(gv_engine_info(v->engine)->name, "bwrap") != 0)
			continue;
		gv_msg_warn("%s", why->v[0]);
		gv_msg_warn("cells run in bubblewrap instead; --engine docker would insist");
		return;
	}
}

int
validation_open(struct validation *v, const struct validate_fields *f, struct gv_err *err)
{
	gv_autostrv struct gv_strv why = GV_STRV_INIT, host_why = GV_STRV_INIT;

	v->engine = core_engine_open(f->engine, &v->core.dirs, &why, err);
	if (v->engine == NULL)
		return -1;
	if (core_engine_is_auto(f->engine))
		warn_of_another(v, &why);
	v->host = core_engine_open("host", &v->core.dirs, &host_why, err);
	if (v->host == NULL)
		return -1;
	validate_split(&v->platforms, &f->platforms);
	if (validate_opts_make(&v->opts, f, gv_engine_info(v->engine)->ncpu, err) < 0)
		return -1;
	gv_engine_reap(v->engine);
	return 0;
}

void
validation_close(struct validation *v)
{
	if (v->host != NULL)
		gv_engine_close(v->host);
	if (v->engine != NULL)
		gv_engine_close(v->engine);
	validate_opts_free(&v->opts);
	gv_strv_release(&v->platforms);
	gv_project_release(&v->project);
	gv_core_close(&v->core);
	free(v->options);
	free(v->dir);
}

int
validation_fail(const struct gv_err *err)
{
	int status = gv_core_fail(err);

	return status == GV_EXIT_FAILURE ? GV_EXIT_NOT_FOUND : status;
}

int
validation_versions(struct validation *v, int argc, char **argv, struct gv_strv *out, struct gv_err *err)
{
	gv_autofree char *index = gv_dirs_index_file(&v->core.dirs);
	gv_autoknown struct gv_known known = { 0 };
	gv_autostrv struct gv_strv requests = GV_STRV_INIT;
	struct gv_err warn = GV_ERR_INIT;

	if (argc > 0)
		return gv_core_select(&v->core, argc, argv, out, err);
	gv_known_load(&known, index, &warn);
	if (warn.code != GV_OK)
		gv_msg_warn("%s", warn.msg);
	if (gv_project_versions(&v->project, v->dir, &known.versions, &requests, err) < 0)
		return -1;
	return gv_core_select(&v->core, (int)requests.n, requests.v, out, err);
}

int
validation_matrix(struct validation *v, const struct validate_fields *f, const struct gv_strv *versions,
		  struct gv_matrix *m, struct gv_err *err)
{
	struct gv_matrix_in in = { .project = &v->project,
				   .versions = versions,
				   .platforms = &v->platforms,
				   .tags = &f->tags,
				   .envs = &f->envs,
				   .only = &f->only };

	return gv_matrix_make(m, &in, err);
}

static int
on_sdk(void *arg, const char *version, struct gv_err *err)
{
	struct validation *v = arg;
	struct gv_install_opts opts = { 0 };
	struct gv_install_result result = { 0 };
	gv_autostr struct gv_str report = GV_STR_INIT(256u << 10);
	gv_autofree char *name = gv_xasprintf("go%s", version), *line = NULL;
	struct gv_progress_job *job;
	int rc;

	if (gv_installed(&v->core.dirs, version))
		return 0;
	live_sdk(&v->live, version, true);
	job = gv_progress_add(v->live.meter, name);
	rc = gv_store_install(v->core.store, version, &opts, job, &result, &report, err);
	if (rc == 0)
		line = gv_xasprintf("%s: installed in %.1fs", name, result.seconds);
	gv_progress_end(job, line);
	live_sdk(&v->live, version, false);
	gv_core_report(&report);
	return rc;
}

static void
on_event(void *arg, const struct gv_run_event *e)
{
	struct validation *v = arg;

	live_event(&v->live, e);
	if (e->kind == GV_RUN_BEGIN)
		gv_stream_run(v->stream, e->run);
	else if (e->kind == GV_RUN_PHASE_END)
		gv_stream_phase(v->stream, e->what->id, e->end);
	else if (e->kind == GV_RUN_CELL_END)
		gv_stream_cell(v->stream, e->cell, e->result);
	else if (e->kind == GV_RUN_EXPLAIN)
		gv_stream_again(v->stream, e->cell);
}

int
validation_run(struct validation *v, const struct gv_matrix *m, struct gv_run_result *out, struct gv_err *err)
{
	struct gv_runner runner = { .dirs = &v->core.dirs,
				    .engine = v->engine,
				    .host = v->host,
				    .project = &v->project,
				    .matrix = m,
				    .opts = &v->opts,
				    .options = v->options,
				    .sdk = on_sdk,
				    .event = on_event,
				    .arg = v };
	int rc;

	gv_core_warn_of_sums();
	live_begin(&v->live, m, &v->opts.phases, !gv_stream_is_seen(v->stream));
	rc = gv_run(&runner, out, err);
	live_end(&v->live);
	return rc;
}
