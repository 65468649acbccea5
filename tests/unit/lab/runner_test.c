/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/unit/lab/trial.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "validate/runner.h"

/* A whole validation, with cells that say what the test wrote down. */
static void
all_pass(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	(void)arg;
	trial_passes(spec, out);
}

/* Tests fail on the Go whose cells begin with `arg`. */
static void
one_fails(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	if (strncmp(spec->name, arg, strlen(arg)) == 0)
		trial_fails(spec, out, "TestA");
	else if (strncmp(spec->name, "godebug", 7) == 0)
		trial_fails(spec, out, "TestA");
	else
		trial_passes(spec, out);
}

static void
one_is_refused(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	if (strncmp(spec->name, arg, strlen(arg)) == 0)
		out->refuse = "no space for a cell";
	else
		trial_passes(spec, out);
}

static bool
is(const struct gv_cell_result *c, enum gv_verdict verdict, enum gv_cause cause)
{
	if (c->verdict == verdict && gv_cause_is(c->cause, cause))
		return true;
	printf("# %s is %s %s\n", gv_cell_result_name(c), gv_verdict_name(c->verdict), gv_result_text(c->cause));
	return false;
}

/* The events of a cell that passes, whatever comes in between. */
static bool
in_order(const struct trial *t, const char *version)
{
	static const char *const forms[][2] = { { "fetch", "" },       { "fetched", "" },      { "begin", "" },
						{ "phase", " build" }, { "passed", " build" }, { "phase", " test" },
						{ "passed", " test" }, { "end", "" } };
	int last = -1;

	for (size_t i = 0; i < GV_ARRAY_LEN(forms); i++) {
		gv_autofree char *event = gv_xasprintf("%s go%s%s", forms[i][0], version, forms[i][1]);
		int when = trial_when(t, event);

		if (when <= last) {
			printf("# '%s' is event %d, the one before it %d\n", event, when, last);
			return false;
		}
		last = when;
	}
	return true;
}

static void
test_order(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct trial t;

	trial_init(&t, all_pass, NULL);
	trial_cell(&t, "1.21.0", 0);
	trial_cell(&t, "1.22.3", 0);
	tap_need(gv_run(&t.runner, &t.out, &err) == 0 && t.out.n_cells == 2, "a run: %s", err.msg);
	for (size_t i = 0; i < 2; i++)
		ok(in_order(&t, i == 0 ? "1.21.0" : "1.22.3"), "go1.2%zu: modules, then the cell and its phases",
		   i + 1);
	ok(trial_when(&t, "run") == 0 && (trial_when(&t, "end go1.21.0") < trial_when(&t, "begin go1.22.3") ||
					  trial_when(&t, "end go1.22.3") < trial_when(&t, "begin go1.21.0")),
	   "what is known before comes first, and one cell after the other, whichever is ready first");
	ok(is(&t.out.cells[0], GV_COMPATIBLE, GV_CAUSE_NONE) && is(&t.out.cells[1], GV_COMPATIBLE, GV_CAUSE_NONE) &&
	       gv_run_exit(&t.out) == 0,
	   "both are compatible");
	ok(strcmp(t.out.module, "example.com/m") == 0 && strcmp(t.out.go_directive, "1.18") == 0 &&
	       strcmp(t.out.engine, "fake") == 0 && strcmp(t.out.engine_version, "7") == 0 &&
	       strlen(t.out.started) == 20 && strcmp(t.out.cells[1].goversion, "go1.22.3") == 0,
	   "the result says what was tried, with what and when");
	ok(t.engine.n_seen == 2 && t.engine.most_open == 1 && t.engine.open == 0 && t.host.open == 0,
	   "one job is one cell at a time, and none is left");
	trial_release(&t);
}

/* They only begin to speak when three are there. */
static void
test_parallel(void)
{
	struct gv_err err = GV_ERR_INIT;
	bool in_order = true;
	struct trial t;

	trial_init(&t, one_fails, (char[]){ "go1.22" });
	for (size_t i = 0; i < 6; i++)
		trial_cell(&t, (const char *[]){ "1.19", "1.20", "1.21.0", "1.22.0", "1.23.0", "1.24.0" }[i], 0);
	t.opts.jobs = 3;
	t.engine.gather = 3;
	tap_need(gv_run(&t.runner, &t.out, &err) == 0 && t.out.n_cells == 6, "a run: %s", err.msg);
	ok(t.engine.most_open == 3 && t.engine.open == 0, "three cells at once, never more, %u", t.engine.most_open);
	for (size_t i = 0; i < 6; i++)
		in_order = in_order && strcmp(t.out.cells[i].id, t.cells[i].id) == 0 &&
			   is(&t.out.cells[i], i == 3 ? GV_INCOMPATIBLE : GV_COMPATIBLE,
			      i == 3 ? GV_CAUSE_TEST : GV_CAUSE_NONE);
	ok(in_order, "each has its own verdict, in the order of the matrix");
	trial_release(&t);
}

static void
test_refused(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct trial t;

	trial_init(&t, one_is_refused, (char[]){ "go1.21" });
	trial_cell(&t, "1.21.0", 0);
	trial_cell(&t, "1.22.3", 0);
	tap_need(gv_run(&t.runner, &t.out, &err) == 0, "a run: %s", err.msg);
	ok(is(&t.out.cells[0], GV_INCONCLUSIVE, GV_CAUSE_INFRASTRUCTURE) && t.out.cells[0].n_phases == 1 &&
	       strcmp(t.out.cells[0].phases[0].line, "no space for a cell") == 0,
	   "a cell that cannot be started says nothing about the project, but why");
	ok(is(&t.out.cells[1], GV_COMPATIBLE, GV_CAUSE_NONE) && gv_run_exit(&t.out) == 3, "the others are run");
	trial_release(&t);
}

static void
test_sdk_missing(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct trial t;

	for (int net = 0; net < 2; net++) {
		trial_init(&t, all_pass, NULL);
		trial_cell(&t, "1.21.9", 0);
		trial_cell(&t, "1.22.3", 0);
		t.sdk_missing = "1.21.9";
		t.sdk_code = net ? GV_ENET : GV_ENOTFOUND;
		tap_need(gv_run(&t.runner, &t.out, &err) == 0, "a run: %s", err.msg);
		ok(is(&t.out.cells[0], net ? GV_INCONCLUSIVE : GV_UNAVAILABLE, GV_CAUSE_NETWORK) &&
		       strcmp(t.out.cells[0].phases[0].line, "no Go 1.21.9") == 0,
		   "an SDK that %s", net ? "could not be fetched: nothing is known" : "does not exist: unavailable");
		ok(trial_when(&t, "begin go1.21.9") < 0 && trial_when(&t, "end go1.21.9") >= 0 &&
		       fake_count(&t.engine, "go1.21.9") == 0 && fake_count(&t.host, "fetch-go1.21.9") == 0,
		   "its cell ends without having begun");
		ok(is(&t.out.cells[1], GV_COMPATIBLE, GV_CAUSE_NONE), "the others are run");
		trial_release(&t);
	}
}

/* The first cell does not wait for what it does not need: with a barrier the second SDK would never come. */
static void
test_no_barrier(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct trial t;

	for (int slow = 0; slow < 2; slow++) {
		trial_init(&t, all_pass, NULL);
		trial_cell(&t, "1.21.0", 0);
		trial_cell(&t, "1.22.3", 0);
		t.sdk_slow = slow == 0 ? "1.22.3" : "1.21.0";
		t.sdk_until = slow == 0 ? "end go1.21.0" : "end go1.22.3";
		ok(gv_run(&t.runner, &t.out, &err) == 0 && is(&t.out.cells[0], GV_COMPATIBLE, GV_CAUSE_NONE) &&
		       is(&t.out.cells[1], GV_COMPATIBLE, GV_CAUSE_NONE),
		   "a cell runs while the SDK of the %s is coming: %s", slow == 0 ? "next" : "first", err.msg);
		ok(strcmp(t.out.cells[0].version, "1.21.0") == 0, "the order is that of the matrix");
		trial_release(&t);
	}
}

/* Cells of one version wait for one SDK, and there is no more than one job. */
static void
test_jobs_hold(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct trial t;

	trial_init(&t, all_pass, NULL);
	for (size_t i = 0; i < 4; i++)
		trial_cell(&t, "1.21.0", i % 2);
	trial_cell(&t, "1.22.3", 0);
	t.sdk_slow = "1.21.0";
	t.sdk_until = "end go1.22.3";
	tap_need(gv_run(&t.runner, &t.out, &err) == 0, "a run: %s", err.msg);
	ok(t.engine.most_open == 1 && t.engine.n_seen == 5, "one job is one cell, whatever it waited for");
	trial_release(&t);
}

/* What is wrong with all of it ends all of it. */
static void
test_sdk_broken(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct trial t;

	trial_init(&t, all_pass, NULL);
	trial_cell(&t, "1.21.9", 0);
	trial_cell(&t, "1.22.3", 0);
	t.sdk_missing = "1.22.3";
	t.sdk_code = GV_EPROOF;
	ok(gv_run(&t.runner, &t.out, &err) == -1 && err.code == GV_EPROOF && strcmp(err.msg, "no Go 1.22.3") == 0,
	   "an SDK that fails its proof ends the run");
	ok(fake_count(&t.engine, "go1.22.3") == 0 && t.engine.open == 0 && t.out.n_cells == 2 &&
	       is(&t.out.cells[1], GV_INCONCLUSIVE, GV_CAUSE_INFRASTRUCTURE) &&
	       strcmp(t.out.cells[1].phases[0].line, "no Go 1.22.3") == 0,
	   "its cell is not begun, and says why; none is left");
	trial_release(&t);
}

/* It may come late: what was finished stays. */
static void
test_sdk_broken_late(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct trial t;

	trial_init(&t, all_pass, NULL);
	trial_cell(&t, "1.21.0", 0);
	trial_cell(&t, "1.22.3", 0);
	t.sdk_slow = t.sdk_missing = "1.22.3";
	t.sdk_until = "end go1.21.0";
	t.sdk_code = GV_EIO;
	ok(gv_run(&t.runner, &t.out, &err) == -1 && err.code == GV_EIO, "an SDK that cannot be written ends the run");
	ok(is(&t.out.cells[0], GV_COMPATIBLE, GV_CAUSE_NONE) &&
	       is(&t.out.cells[1], GV_INCONCLUSIVE, GV_CAUSE_INFRASTRUCTURE) && gv_run_exit(&t.out) == 3,
	   "the verdict of the cell that had ended stays");
	trial_release(&t);
}

static void
test_left_out(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct trial t;

	trial_init(&t, one_fails, (char[]){ "go1.21" });
	trial_cell(&t, "1.20.1", 0)->wanted = false;
	trial_cell(&t, "1.21.0", 0);
	trial_cell(&t, "1.22.3", 0);
	t.opts.fail_fast = true;
	tap_need(gv_run(&t.runner, &t.out, &err) == 0, "a run: %s", err.msg);
	ok(is(&t.out.cells[0], GV_CELL_SKIPPED, GV_CAUSE_ONLY) && !gv_strv_has(&t.asked_sdk, "1.20.1"),
	   "a cell that is not wanted is skipped, and its Go not asked for");
	ok(is(&t.out.cells[1], GV_INCOMPATIBLE, GV_CAUSE_TEST) &&
	       is(&t.out.cells[2], GV_CELL_SKIPPED, GV_CAUSE_FAIL_FAST) && fake_count(&t.engine, "go1.22") == 0,
	   "after a failure no other is begun, when so asked");
	trial_release(&t);
}

static void
test_kept(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct trial t;
	int kept;

	trial_init(&t, one_fails, (char[]){ "go1.21" });
	trial_cell(&t, "1.21.0", 0);
	trial_cell(&t, "1.22.3", 0);
	t.opts.keep_failed = true;
	tap_need(gv_run(&t.runner, &t.out, &err) == 0, "a run: %s", err.msg);
	for (kept = 0; kept < (int)t.events.n && strncmp(t.events.v[kept], "kept ", 5) != 0; kept++)
		;
	ok(t.engine.kept == 1 && kept < (int)t.events.n && strncmp(t.events.v[kept], "kept go1.21.0 ", 14) == 0 &&
	       strstr(t.events.v[kept], "-go1.21.0-0") != NULL,
	   "the failed cell is kept, and its id told");
	ok(kept < trial_when(&t, "end go1.21.0"), "before its end is");
	ok(t.engine.open == 0, "it is no longer the run's");
	trial_release(&t);
}

int
main(void)
{
	test_order();
	test_parallel();
	test_refused();
	test_sdk_missing();
	test_no_barrier();
	test_jobs_hold();
	test_sdk_broken();
	test_sdk_broken_late();
	test_left_out();
	test_kept();
	return tap_done();
}
