/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "ui/progress.h"
#include "ui/similar.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/jsonw.h"
#include "util/text.h"
#include "version/known.h"

struct install_opts {
	const char *platform;
	bool force;
};

static const struct gv_opt install_rows[] = {
	GV_OPT_STR("platform", 0, struct install_opts, platform, "OS/ARCH", "Install for another platform"),
	GV_OPT_BOOL("force", 'f', struct install_opts, force, "Install again over an existing version"),
	GV_OPT_END,
};

/* One version to install: what a thread gets, and what it returns. */
struct task {
	const char *version;
	int rc;
	struct gv_install_result result;
	struct gv_str report;
	struct gv_err err;
};

struct run {
	struct gv_core core;
	char *platform; /* NULL: this machine's */
	bool force;
	struct gv_progress *meter;
	struct task *tasks;
	size_t n;
	pthread_mutex_t lock;
	size_t next; /* the next task to take, under `lock` */
};

static void
on_waiting(void *arg, const char *version, long pid)
{
	struct run *r = arg;
	char line[128];

	if (pid > 0)
		gv_text_cut(line, sizeof(line), "go%s: waiting for process %ld, which is installing it", version, pid);
	else
		gv_text_cut(line, sizeof(line), "go%s: waiting for another process, which is installing it", version);
	gv_progress_note(r->meter, line);
}

/* An installed version satisfies the request. Say so if it is not proven. */
static char *
already_line(const struct task *t, const char *name)
{
	const struct gv_install_result *r = &t->result;
	gv_autofree char *who = NULL;

	if (r->proof == GV_PROOF_LOG)
		return gv_xasprintf("%s is already installed", name);
	if (r->unknown)
		who = gv_xstrdup("it has no manifest");
	else if (r->proof == GV_PROOF_FILE)
		who = gv_xasprintf("only %s:%" PRIu64 " names its hash", r->witness, r->record);
	else
		who = gv_xstrdup("unlogged");
	return gv_xasprintf("%s is already installed, but not proven (%s): to prove it, install it with --force", name,
			    who);
}

/* "installed go1.22.3 (proven: sum.golang.org record 25587261) in 1.2s" */
static char *
result_line(const struct task *t, const char *name)
{
	const struct gv_install_result *r = &t->result;
	gv_autofree char *proof = NULL;

	if (r->already)
		return already_line(t, name);
	if (r->proof == GV_PROOF_LOG)
		proof = gv_xasprintf("proven: %s record %" PRIu64, r->witness, r->record);
	else
		proof = gv_xstrdup("unlogged, not proven");
	return gv_xasprintf("installed %s (%s) in %.1fs", name, proof, r->seconds);
}

static void
run_task(struct run *r, struct task *t)
{
	struct gv_install_opts opts = { .platform = r->platform, .force = r->force, .waiting = on_waiting, .arg = r };
	gv_autofree char *name = r->platform != NULL ? gv_xasprintf("go%s.%s", t->version, r->platform)
						     : gv_xasprintf("go%s", t->version);
	struct gv_progress_job *job = gv_progress_add(r->meter, name);
	gv_autofree char *line = NULL;

	t->rc = gv_store_install(r->core.store, t->version, &opts, job, &t->result, &t->report, &t->err);
	if (t->rc == 0)
		line = result_line(t, name);
	gv_progress_end(job, line);
}

static void *
worker(void *arg)
{
	struct run *r = arg;

	for (;;) {
		size_t i;

		pthread_mutex_lock(&r->lock);
		i = r->next++;
		pthread_mutex_unlock(&r->lock);
		if (i >= r->n)
			return NULL;
		run_task(r, &r->tasks[i]);
	}
}

/* Do all tasks, several at a time. This thread is one of the workers. */
static void
run_all(struct run *r)
{
	pthread_t threads[GV_STORE_AT_ONCE];
	size_t n = 0;

	while (n + 1 < r->n && n + 1 < GV_STORE_AT_ONCE && pthread_create(&threads[n], NULL, worker, r) == 0)
		n++;
	worker(r);
	while (n > 0)
		pthread_join(threads[--n], NULL);
}

static void
suggest(const struct run *r, struct task *t)
{
	gv_autofree char *path = gv_dirs_index_file(&r->core.dirs);
	gv_autoknown struct gv_known known = { 0 };
	struct gv_err warn = GV_ERR_INIT;
	struct gv_similar best = GV_SIMILAR_INIT;
	char lang[GV_VERSION_MAX], other[GV_VERSION_MAX];

	gv_known_load(&known, path, &warn);
	gv_version_lang(lang, sizeof(lang), t->version);
	/* Suggest only the same minor: someone who types 1.22.33 does not mean 1.23.3. */
	for (size_t i = known.n; i > 0; i--) {
		gv_version_lang(other, sizeof(other), known.releases[i - 1].version);
		if (strcmp(lang, other) == 0)
			gv_similar_try(&best, t->version, known.releases[i - 1].version);
	}
	if (best.name != NULL && strcmp(best.name, t->version) != 0)
		gv_err_help(&t->err, "did you mean %s?", best.name);
}

/* The worst status wins: an interrupt, then a failed proof, then those that are harder for the user to fix. */
static int
worse(int a, int b)
{
	static const int order[] = {
		GV_EXIT_INTERRUPTED, GV_EXIT_PROOF,     GV_EXIT_FAILURE, GV_EXIT_NETWORK,
		GV_EXIT_BUSY,        GV_EXIT_NOT_FOUND, GV_EXIT_USAGE,
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return a != GV_EXIT_OK ? a : b;
}

static int
say_failures(struct run *r)
{
	int status = GV_EXIT_OK;

	for (size_t i = 0; i < r->n; i++) {
		struct task *t = &r->tasks[i];

		if (t->rc == 0)
			continue;
		if (t->err.code == GV_ENOTFOUND)
			suggest(r, t);
		gv_core_report(&t->report);
		/* After Ctrl-C one message is enough. */
		if (t->err.code != GV_EINTR || status != GV_EXIT_INTERRUPTED)
			gv_msg_error(&t->err);
		status = worse(status, gv_exit_of(&t->err));
	}
	return status;
}

static void
print_json(const struct run *r)
{
	static const char *const proofs[] = { "none", "log", "file" };
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_open(&j, "versions", '[');
	for (size_t i = 0; i < r->n; i++) {
		const struct task *t = &r->tasks[i];
		const struct gv_install_result *res = &t->result;
		gv_autofree char *path = gv_dirs_sdk(&r->core.dirs, t->version, r->platform);

		gv_jsonout_open(&j, NULL, '{');
		gv_jsonout_str(&j, "version", t->version);
		gv_jsonout_str(&j, "platform", r->platform != NULL ? r->platform : gv_platform_host());
		gv_jsonout_str(&j, "error", t->rc == 0 ? NULL : t->err.msg);
		if (t->rc == 0) {
			gv_jsonout_str(&j, "path", path);
			gv_jsonout_bool(&j, "already", res->already);
			gv_jsonout_str(&j, "origin", res->origin[0] != '\0' ? res->origin : NULL);
			gv_jsonout_str(&j, "h1", res->h1[0] != '\0' ? res->h1 : NULL);
			gv_jsonout_str(&j, "proof", res->unknown ? "unproven" : proofs[res->proof]);
			gv_jsonout_str(&j, "witness", res->proof == GV_PROOF_NONE ? NULL : res->witness);
			gv_jsonout_int(&j, "record", (int64_t)res->record);
			gv_jsonout_int(&j, "tree_size", (int64_t)res->tree_size);
			gv_jsonout_int(&j, "bytes", (int64_t)res->bytes);
			gv_jsonout_int(&j, "milliseconds", (int64_t)(res->seconds * 1000));
		}
		gv_jsonout_close(&j, '}');
	}
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_print(&j);
}

static int
prepare(struct run *r, const struct install_opts *o, int argc, char **argv, struct gv_strv *versions,
	struct gv_err *err)
{
	gv_autofree char *here = NULL;

	if (gv_core_open(&r->core, err) < 0 || gv_core_platform(o->platform, &r->platform, err) < 0)
		return -1;
	gv_core_warn_of_sums();
	/* Also before the work: if it is killed, installed versions still have their links. */
	gv_core_mend_shims(&r->core);
	if (argc == 0) {
		here = gv_core_request_here(&r->core, err);
		if (here == NULL)
			return -1;
		argv = &here;
		argc = 1;
	}
	return gv_core_select(&r->core, argc, argv, versions, err);
}

static int
install_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	const struct install_opts *o = opts;
	struct run r = { .force = o->force };
	gv_autostrv struct gv_strv versions = GV_STRV_INIT;
	struct gv_err err = GV_ERR_INIT;
	int status;

	if (prepare(&r, o, argc, argv, &versions, &err) < 0) {
		status = gv_core_fail(&err);
		goto out;
	}
	pthread_mutex_init(&r.lock, NULL);
	r.n = versions.n;
	r.tasks = gv_xcalloc(r.n, sizeof(*r.tasks));
	for (size_t i = 0; i < r.n; i++) {
		r.tasks[i].version = versions.v[i];
		r.tasks[i].report.max = 256u << 10;
	}
	r.meter = gv_progress_new();
	run_all(&r);
	gv_progress_free(r.meter);
	gv_core_mend_shims(&r.core);
	status = say_failures(&r);
	if (g->json)
		print_json(&r);
	for (size_t i = 0; i < r.n; i++)
		gv_str_release(&r.tasks[i].report);
	free(r.tasks);
	pthread_mutex_destroy(&r.lock);
out:
	free(r.platform);
	gv_core_close(&r.core);
	return status;
}

const struct gv_cmd gv_cmd_install = {
	.name = "install",
	.args = "[VERSION...]",
	.details =
	    "Downloads each version, proves it against Go's transparency log and installs it. A partial version\n"
	    "(1.22), a word (latest, oldstable) or a range means the newest known match. Without VERSION: the version\n"
	    "selected here. Several versions are installed in parallel.\n",
	.min_args = 0,
	.max_args = -1,
	.json = true,
	.opts = install_rows,
	.opts_size = sizeof(struct install_opts),
	.run = install_run,
};
