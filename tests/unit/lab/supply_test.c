/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/unit/lab/trial.h"
#include "util/auto.h"
#include "util/path.h"

#define MISSING "a.go:3:8: example.com/dep@v1.0.0: module lookup disabled by GOPROXY=off\\n"

/* What cells stand on: SDKs, and modules that the host fetches before. */
static void
all_pass(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	(void)arg;
	trial_passes(spec, out);
}

/* The cell lacks a module. */
static void
lacks_module(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	(void)arg;
	(void)spec;
	fake_hello(out, "go1.22.3");
	fake_phase(out, "build", 1, MISSING);
	fake_done(out);
}

static void
run(struct trial *t)
{
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_run(&t->runner, &t->out, &err) == 0, "a run: %s", err.msg);
}

static unsigned
times(const struct gv_strv *all, const char *one)
{
	unsigned n = 0;

	for (size_t i = 0; i < all->n; i++)
		n += strcmp(all->v[i], one) == 0;
	return n;
}

static void
test_once(void)
{
	struct trial t;

	trial_init(&t, all_pass, NULL);
	trial_cell(&t, "1.21.0", 0);
	trial_cell(&t, "1.21.0", 1);
	trial_cell(&t, "1.22.3", 0);
	trial_cell(&t, "1.22.3", 0)->tags = "slow";
	trial_cell(&t, "1.22.3", 0)->env = "CGO_ENABLED=0";
	run(&t);
	ok(t.asked_sdk.n == 2 && times(&t.asked_sdk, "1.21.0") == 1 && times(&t.asked_sdk, "1.22.3") == 1,
	   "an SDK is asked for once for each version");
	ok(t.host.n_seen == 3 && fake_count(&t.host, "fetch-go1.21.0") == 2 &&
	       fake_count(&t.host, "fetch-go1.22.3") == 1,
	   "modules are fetched once for each version and module, whatever the tags and the environment");
	ok(t.engine.n_seen == 5 && t.host.open == 0, "all five cells are run, and no fetch is left");
	trial_release(&t);
}

/* One that is missing is missing for all cells of its version, and not asked for again. */
static void
test_missing_once(void)
{
	struct trial t;

	trial_init(&t, all_pass, NULL);
	trial_cell(&t, "1.21.9", 0);
	trial_cell(&t, "1.21.9", 1);
	t.sdk_missing = "1.21.9";
	run(&t);
	ok(t.asked_sdk.n == 1 && t.host.n_seen == 0 && t.engine.n_seen == 0, "nothing is begun without an SDK");
	ok(t.out.cells[0].verdict == GV_UNAVAILABLE && t.out.cells[1].verdict == GV_UNAVAILABLE &&
	       strcmp(t.out.cells[1].phases[0].line, "no Go 1.21.9") == 0,
	   "each of its cells says why");
	trial_release(&t);
}

static void
test_nothing_to_fetch(void)
{
	for (int vendored = 0; vendored < 2; vendored++) {
		struct trial t;

		trial_init(&t, all_pass, NULL);
		trial_cell(&t, "1.22.3", 0);
		trial_cell(&t, "1.22.3", 1);
		t.modules[0].vendored = vendored;
		if (!vendored)
			t.modules[0].path[0] = '\0';
		run(&t);
		ok(t.host.n_seen == 1 && trial_when(&t, "fetch go1.22.3") < 0 &&
		       trial_when(&t, "fetch go1.22.3#sub") >= 0,
		   "%s fetches nothing, another module does", vendored ? "a vendored module" : "no go.mod");
		ok(t.out.cells[0].verdict == GV_COMPATIBLE, "its cell is run all the same");
		trial_release(&t);
	}
}

static const char *
value_of(const struct gv_strv *env, const char *name)
{
	size_t len = strlen(name);
	const char *value = NULL;

	for (size_t i = 0; i < env->n; i++)
		if (strncmp(env->v[i], name, len) == 0 && env->v[i][len] == '=')
			value = env->v[i] + len + 1;
	return value != NULL ? value : "";
}

static void
test_fetch(void)
{
	gv_autofree char *modcache = NULL;
	const struct fake_seen *fetch;
	struct trial t;

	setenv("GOFLAGS", "-mod=vendor", 1);
	setenv("GOTOOLCHAIN", "auto", 1);
	setenv("GOMODCACHE", "/mine", 1);
	setenv("GOPROXY", "https://proxy.example", 1);
	trial_init(&t, all_pass, NULL);
	trial_cell(&t, "1.22.3", 0);
	run(&t);
	modcache = gv_path_join(t.dirs.cache, "validate/mod");
	fetch = fake_find(&t.host, "fetch-go1.22.3");
	tap_need(fetch != NULL, "a fetch");
	ok(strcmp(value_of(&fetch->env, "GOTOOLCHAIN"), "local") == 0, "the tested Go fetches, and no other");
	ok(strcmp(value_of(&fetch->env, "GOMODCACHE"), modcache) == 0, "into gover's cache, not the user's");
	ok(strcmp(value_of(&fetch->env, "GOFLAGS"), "-modcacherw") == 0, "with no flag of the user's");
	ok(strcmp(value_of(&fetch->env, "GOPROXY"), "https://proxy.example") == 0, "through the user's proxy");
	ok(fetch->phases.n == 2 && strcmp(fetch->phases.v[0], "download mod download") == 0 &&
	       strcmp(fetch->phases.v[1], "list list -e -deps -test ./...") == 0 && !fetch->keep,
	   "what the build list names, and what only tests read");
	ok(strcmp(value_of(&fake_find(&t.engine, "go1.22.3")->env, "GOPROXY"), "off") == 0, "the cell fetches nothing");
	trial_release(&t);
	unsetenv("GOFLAGS");
	unsetenv("GOTOOLCHAIN");
	unsetenv("GOMODCACHE");
	unsetenv("GOPROXY");
}

static void
fetch_ends(struct fake_script *out, const char *said)
{
	fake_hello(out, "");
	fake_phase(out, "download", 1, said);
	fake_phase(out, "list", 0, "chatter\\n");
	fake_done(out);
}

static void
without_network(const struct fake_seen *spec, struct fake_script *out)
{
	(void)spec;
	fetch_ends(out, "go: example.com/dep@v1.0.0: Get \\\"https://proxy.example/x\\\": dial tcp: no such host\\n");
}

static void
no_revision(const struct fake_seen *spec, struct fake_script *out)
{
	(void)spec;
	fetch_ends(out, "go: example.com/dep@v1.0.0: invalid version: unknown revision v1.0.0\\n");
}

/* Offline, the cell only sees that a module is not there. What the fetch said tells whose fault that is. */
static void
test_failed(void)
{
	static const struct {
		void (*fetch)(const struct fake_seen *spec, struct fake_script *out);
		enum gv_verdict verdict;
		const char *cause, *line, *hint;
	} cases[] = {
		{ without_network, GV_INCONCLUSIVE, "network", "no such host", "" },
		{ no_revision, GV_INCOMPATIBLE, "deps", "disabled by GOPROXY=off", "unknown revision v1.0.0" },
		{ NULL, GV_INCOMPATIBLE, "deps", "disabled by GOPROXY=off", "'go mod tidy' may be due" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		const struct gv_phase_result *build;
		struct trial t;

		trial_init(&t, lacks_module, NULL);
		trial_cell(&t, "1.22.3", 0);
		t.fetch = cases[i].fetch;
		run(&t);
		build = gv_cell_result_phase(&t.out.cells[0], "build");
		tap_need(build != NULL, "a build");
		printf("# %s: %s (%s)\n", t.out.cells[0].cause, build->line, gv_result_text(build->hint));
		ok(t.out.cells[0].verdict == cases[i].verdict && strcmp(t.out.cells[0].cause, cases[i].cause) == 0,
		   "a missing module after fetch %zu is %s", i, cases[i].cause);
		ok(strstr(build->line, cases[i].line) != NULL &&
		       strstr(gv_result_text(build->hint), cases[i].hint) != NULL,
		   "with '%s', '%s'", cases[i].line, cases[i].hint);
		trial_release(&t);
	}
}

/* It may have been a module that this Go does not need. */
static void
test_failed_unneeded(void)
{
	struct trial t;

	trial_init(&t, all_pass, NULL);
	trial_cell(&t, "1.22.3", 0);
	t.fetch = without_network;
	run(&t);
	ok(t.out.cells[0].verdict == GV_COMPATIBLE, "a fetch that failed is no verdict where the cell lacks nothing");
	trial_release(&t);
}

static void
refused(const struct fake_seen *spec, struct fake_script *out)
{
	(void)spec;
	out->refuse = "no space for a copy";
}

static void
test_not_begun(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct trial t;

	trial_init(&t, all_pass, NULL);
	trial_cell(&t, "1.21.0", 0);
	trial_cell(&t, "1.22.3", 0);
	t.fetch = refused;
	ok(gv_run(&t.runner, &t.out, &err) == -1 && err.code == GV_EFAIL &&
	       strstr(err.msg, "no space for a copy") != NULL,
	   "a fetch that cannot begin ends the run, and why: %s", err.msg);
	ok(t.host.n_seen == 1 && t.engine.n_seen == 0 && t.out.cells[0].verdict == GV_INCONCLUSIVE &&
	       t.out.cells[1].verdict == GV_INCONCLUSIVE &&
	       strstr(t.out.cells[1].phases[0].line, "no space for a copy") != NULL,
	   "nothing is begun after it, and each cell says why");
	ok((trial_when(&t, "fetched go1.21.0") >= 0) != (trial_when(&t, "fetched go1.22.3") >= 0),
	   "that it is over is reported");
	trial_release(&t);
}

int
main(void)
{
	test_once();
	test_missing_once();
	test_nothing_to_fetch();
	test_fetch();
	test_failed();
	test_failed_unneeded();
	test_not_begun();
	return tap_done();
}
