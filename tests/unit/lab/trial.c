/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/unit/lab/trial.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judge/facts.h"
#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/sig.h"

static void
on_event(void *arg, const struct gv_run_event *e)
{
	static const char *const names[] = {
		[GV_RUN_BEGIN] = "run",        [GV_RUN_FETCH] = "fetch",       [GV_RUN_FETCHED] = "fetched",
		[GV_RUN_CELL_BEGIN] = "begin", [GV_RUN_PHASE_BEGIN] = "phase", [GV_RUN_PHASE_END] = "passed",
		[GV_RUN_KEPT] = "kept",        [GV_RUN_EXPLAIN] = "explain",   [GV_RUN_CELL_END] = "end",
	};
	struct trial *t = arg;
	const char *name = e->kind == GV_RUN_PHASE_END && e->end->exit != 0 ? "failed" : names[e->kind];
	gv_autofree char *line = gv_xstrdup(name);

	if (e->what != NULL) {
		free(line);
		line = gv_xasprintf("%s %s%s%s", name, e->what->id, e->phase != NULL ? " " : "",
				    e->phase != NULL ? e->phase : "");
	}
	pthread_mutex_lock(&t->lock);
	gv_strv_add(&t->events, line);
	pthread_cond_broadcast(&t->told);
	pthread_mutex_unlock(&t->lock);
	if (t->interrupt_at != NULL && strcmp(line, t->interrupt_at) == 0)
		raise(SIGINT);
}

/* The SDK is on its way until then. */
static int
wait_until_told(struct trial *t, struct gv_err *err)
{
	int rc = 0;

	pthread_mutex_lock(&t->lock);
	for (int ticks = 0; rc == 0 && trial_when(t, t->sdk_until) < 0; ticks++) {
		struct timespec tick;

		clock_gettime(CLOCK_REALTIME, &tick);
		tick.tv_nsec += 50000000;
		tick.tv_sec += tick.tv_nsec / 1000000000;
		tick.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&t->told, &t->lock, &tick);
		if (gv_sig_check(err) < 0 ||
		    (ticks > 1200 && gv_err_set(err, GV_EFAIL, "'%s' never came", t->sdk_until)))
			rc = -1;
	}
	pthread_mutex_unlock(&t->lock);
	return rc;
}

static void
make_dir(const char *path)
{
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_fs_mkdir_p(path, &err) == 0, "the directory '%s': %s", path, err.msg);
}

static void
put_gomod(const struct trial *t, const struct gv_module *m)
{
	gv_autofree char *dir = gv_path_join(t->project.root, m->dir), *file = gv_path_join(dir, "go.mod");
	gv_autofree char *text = gv_xasprintf("module %s\n", m->path);
	struct gv_err err = GV_ERR_INIT;

	make_dir(dir);
	tap_need(gv_fs_replace(file, text, strlen(text), 0644, &err) == 0, "a go.mod: %s", err.msg);
}

static int
on_sdk(void *arg, const char *version, struct gv_err *err)
{
	struct trial *t = arg;
	gv_autofree char *goroot = gv_dirs_sdk(&t->dirs, version, NULL);

	pthread_mutex_lock(&t->lock);
	gv_strv_add(&t->asked_sdk, version);
	pthread_mutex_unlock(&t->lock);
	if (t->sdk_slow != NULL && strcmp(version, t->sdk_slow) == 0 && wait_until_told(t, err) < 0)
		return -1;
	if (t->sdk_missing != NULL && strcmp(version, t->sdk_missing) == 0)
		return gv_err_set(err, t->sdk_code, "no Go %s", version);
	make_dir(goroot);
	return 0;
}

static void
on_fetch(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	struct trial *t = arg;

	if (t->fetch != NULL) {
		t->fetch(spec, out);
		return;
	}
	fake_hello(out, "");
	fake_phase(out, "download", 0, "chatter\\n");
	fake_phase(out, "list", 0, "");
	fake_done(out);
}

void
trial_init(struct trial *t, void (*script)(void *arg, const struct fake_seen *spec, struct fake_script *out), void *arg)
{
	char dir[] = "/tmp/gover-trial-XXXXXX";

	*t = (struct trial){ .sdk_code = GV_ENOTFOUND };
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->told, NULL);
	tap_need(mkdtemp(dir) != NULL, "a directory");
	t->work = gv_xstrdup(dir);
	t->dirs.data = gv_path_join(dir, "data");
	t->dirs.sdks = gv_path_join(dir, "data/sdks");
	t->dirs.manifests = gv_path_join(dir, "data/manifests");
	t->dirs.cache = gv_path_join(dir, "cache");
	t->dirs.state = gv_path_join(dir, "state");
	t->modules[0] = (struct gv_module){ .dir = gv_xstrdup("."), .path = gv_xstrdup("example.com/m"), .go = "1.18" };
	t->modules[1] = (struct gv_module){ .dir = gv_xstrdup("sub"), .path = gv_xstrdup("example.com/m/sub") };
	t->project =
	    (struct gv_project){ .root = gv_path_join(dir, "project"), .go = "1.18", .modules = t->modules, .n = 2 };
	make_dir(t->project.root);
	put_gomod(t, &t->modules[0]);
	put_gomod(t, &t->modules[1]);
	t->opts = (struct gv_validate_opts){ .timeout_s = 60, .memory_bytes = 1u << 30, .cpus_milli = 1000, .jobs = 1 };
	gv_strv_add(&t->opts.phases, "build");
	gv_strv_add(&t->opts.phases, "test");
	gv_strv_add(&t->opts.packages, "./...");
	t->matrix.cells = t->cells;
	fake_init(&t->engine, script, arg);
	fake_init(&t->host, on_fetch, t);
	t->runner = (struct gv_runner){ .dirs = &t->dirs,
					.engine = &t->engine.engine,
					.host = &t->host.engine,
					.project = &t->project,
					.matrix = &t->matrix,
					.opts = &t->opts,
					.sdk = on_sdk,
					.event = on_event,
					.arg = t };
}

void
trial_release(struct trial *t)
{
	struct gv_err err = GV_ERR_INIT;

	if (gv_fs_remove_tree(AT_FDCWD, t->work, &err) < 0)
		printf("# %s\n", err.msg);
	for (size_t i = 0; i < t->matrix.n; i++)
		free(t->cells[i].id);
	for (size_t i = 0; i < GV_ARRAY_LEN(t->modules); i++) {
		free(t->modules[i].dir);
		free(t->modules[i].path);
	}
	free(t->project.root);
	free(t->work);
	free(t->dirs.data);
	free(t->dirs.sdks);
	free(t->dirs.manifests);
	free(t->dirs.cache);
	free(t->dirs.state);
	gv_strv_release(&t->opts.phases);
	gv_strv_release(&t->opts.packages);
	gv_strv_release(&t->events);
	gv_strv_release(&t->asked_sdk);
	gv_run_result_release(&t->out);
	fake_release(&t->engine);
	fake_release(&t->host);
}

struct gv_matrix_cell *
trial_cell(struct trial *t, const char *version, size_t module)
{
	struct gv_matrix_cell *c = &t->cells[t->matrix.n++];

	*c = (struct gv_matrix_cell){ .id = gv_xasprintf("go%s%s", version, module > 0 ? "#sub" : ""),
				      .version = version,
				      .platform = "",
				      .tags = "",
				      .env = "",
				      .module = &t->modules[module],
				      .wanted = true };
	return c;
}

char *
trial_events(const struct trial *t)
{
	gv_autostr struct gv_str all = GV_STR_INIT(1u << 16);

	for (size_t i = 0; i < t->events.n; i++)
		gv_str_addf(&all, "%s\n", t->events.v[i]);
	return gv_xstrdup(gv_str_text(&all));
}

int
trial_when(const struct trial *t, const char *event)
{
	for (size_t i = 0; i < t->events.n; i++)
		if (strcmp(t->events.v[i], event) == 0)
			return (int)i;
	return -1;
}

/* Cell names begin with the Go, "go1.22.3-0", or with their purpose: "godebug-go1.22.3-0". */
static void
begin(const struct fake_seen *spec, struct fake_script *out)
{
	const char *go = strstr(spec->name, "go1.");
	gv_autofree char *version = gv_xstrndup(go, strcspn(go, "-"));

	fake_hello(out, version);
}

void
trial_passes(const struct fake_seen *spec, struct fake_script *out)
{
	begin(spec, out);
	fake_phase(out, "build", 0, "");
	fake_phase(out, "test", 0, "ok  \\texample.com/m\\t0.003s\\n");
	fake_done(out);
}

void
trial_fails(const struct fake_seen *spec, struct fake_script *out, const char *tests)
{
	gv_autostr struct gv_str text = GV_STR_INIT(1u << 16);

	for (const char *p = tests + strspn(tests, " "); *p != '\0'; p += strspn(p, " ")) {
		int len = (int)strcspn(p, " ");

		gv_str_addf(&text, "--- FAIL: %.*s (0.00s)\\n    a_test.go:5: boom\\n", len, p);
		p += len;
	}
	gv_str_add(&text, "FAIL\\nFAIL\\texample.com/m\\t0.003s\\nFAIL\\n");
	begin(spec, out);
	fake_phase(out, "build", 0, "");
	fake_phase(out, "test", 1, gv_str_text(&text));
	fake_done(out);
}
