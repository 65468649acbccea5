/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/unit/lab/trial.h"
#include "util/sig.h"

/*
 * The user interrupts a whole validation. A caught signal cannot be undone, so each test runs in its own process, whose
 * exit status is the result.
 */
static bool
holds(bool it, const char *what)
{
	if (!it)
		printf("# not so: %s\n", what);
	return it;
}

static bool
interrupted(struct trial *t)
{
	struct gv_err err = GV_ERR_INIT;
	bool all = holds(gv_run(&t->runner, &t->out, &err) == -1 && err.code == GV_EINTR, "the run ends with GV_EINTR");

	return holds(t->engine.open == 0 && t->host.open == 0, "no cell is left") && all;
}

static bool
cut_short(const struct gv_cell_result *c)
{
	return c->verdict == GV_CELL_SKIPPED && gv_cause_is(c->cause, GV_CAUSE_INTERRUPTED);
}

/* When the signal comes, two cells are in the middle of their tests, and the build of a third has failed. */
static void
in_the_middle(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	(void)arg;
	fake_hello(out, strstr(spec->name, "1.21.0") != NULL ? "go1.21.0" : "go1.22.3");
	fake_phase(out, "build", strstr(spec->name, "1.21.0") != NULL, "");
	fake_say(out, "{\"event\":\"start\",\"phase\":\"test\"}");
	fake_say(out, "{\"event\":\"output\",\"phase\":\"test\",\"stream\":1,\"text\":\"half a line\"}");
	out->interrupt = true;
}

static bool
while_cells_run(void)
{
	const struct gv_phase_result *test;
	struct trial t;
	bool all;

	trial_init(&t, in_the_middle, NULL);
	trial_cell(&t, "1.21.0", 0);
	trial_cell(&t, "1.22.3", 0);
	trial_cell(&t, "1.23.0", 0);
	t.sdk_slow = "1.23.0";
	t.sdk_until = "never";
	t.opts.jobs = t.engine.gather = 2;
	t.opts.keep_failed = true;
	all = interrupted(&t);
	all = holds(t.engine.n_seen == 2 && t.engine.most_open == 2, "two were begun, and no third") && all;
	for (size_t i = 0; i < 3; i++)
		all = holds(cut_short(&t.out.cells[i]), "each is skipped, and why") && all;
	all = holds(gv_run_is_interrupted(&t.out), "the result says so") && all;
	all = holds(t.engine.kept == 0, "an interrupted cell is not kept, though a phase of it failed") && all;
	test = gv_cell_result_phase(&t.out.cells[1], "test");
	all = holds(gv_cell_result_phase(&t.out.cells[1], "build") != NULL && test != NULL &&
			test->outcome == GV_SKIPPED && strcmp(test->log, "half a line") == 0,
		    "phases that had ended stand, and of the one in the middle what it had printed") &&
	      all;
	trial_release(&t);
	return all;
}

static void
fetch_is_interrupted(const struct fake_seen *spec, struct fake_script *out)
{
	(void)spec;
	fake_hello(out, "");
	out->interrupt = true;
}

static bool
while_modules_are_fetched(void)
{
	struct trial t;
	bool all;

	trial_init(&t, in_the_middle, NULL);
	trial_cell(&t, "1.21.0", 0);
	trial_cell(&t, "1.22.3", 0);
	t.fetch = fetch_is_interrupted;
	all = interrupted(&t);
	all = holds(t.host.n_seen == 1 && t.engine.n_seen == 0, "nothing is begun after it") && all;
	all = holds(cut_short(&t.out.cells[0]) && cut_short(&t.out.cells[1]), "all cells are skipped, and why") && all;
	trial_release(&t);
	return all;
}

static void
all_pass(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	(void)arg;
	trial_passes(spec, out);
}

static bool
while_an_sdk_comes(void)
{
	struct trial t;
	bool all;

	trial_init(&t, all_pass, NULL);
	trial_cell(&t, "1.21.0", 0);
	trial_cell(&t, "1.22.3", 0);
	t.sdk_slow = "1.22.3";
	t.sdk_until = "never";
	t.interrupt_at = "end go1.21.0";
	all = interrupted(&t);
	all = holds(t.out.cells[0].verdict == GV_COMPATIBLE, "the cell that had ended stands") && all;
	all = holds(cut_short(&t.out.cells[1]) && t.engine.n_seen == 1,
		    "the one whose SDK was coming is skipped, and why") &&
	      all;
	trial_release(&t);
	return all;
}

/* The repeat is interrupted, or has gone away by the time that the signal is seen. */
static void
repeat_is_interrupted(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	(void)arg;
	if (strncmp(spec->name, "godebug", 7) == 0)
		out->interrupt = true;
	else
		trial_fails(spec, out, "TestA");
}

static void
repeat_is_gone(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	(void)arg;
	if (strncmp(spec->name, "godebug", 7) == 0)
		raise(SIGINT);
	else
		trial_fails(spec, out, "TestA");
}

static void
repeat_is_refused(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	repeat_is_gone(arg, spec, out);
	if (strncmp(spec->name, "godebug", 7) == 0)
		out->refuse = "the engine was interrupted, too";
}

static bool
while_a_setting_is_sought(void (*script)(void *arg, const struct fake_seen *spec, struct fake_script *out))
{
	const struct gv_phase_result *test;
	struct trial t;
	bool all;

	trial_init(&t, script, NULL);
	trial_cell(&t, "1.22.3", 0);
	all = interrupted(&t);
	all = holds(fake_count(&t.engine, "godebug") == 1, "no other setting is tried") && all;
	test = gv_cell_result_phase(&t.out.cells[0], "test");
	all = holds(t.out.cells[0].verdict == GV_INCOMPATIBLE && test != NULL && gv_result_text(test->hint)[0] == '\0',
		    "the verdict stands, and nothing is said of settings") &&
	      all;
	trial_release(&t);
	return all;
}

static bool
while_a_setting_is_tried(void)
{
	return while_a_setting_is_sought(repeat_is_interrupted);
}

static bool
as_a_repeat_goes_away(void)
{
	return while_a_setting_is_sought(repeat_is_gone);
}

static bool
as_a_repeat_is_refused(void)
{
	return while_a_setting_is_sought(repeat_is_refused);
}

static void
alone(bool (*run)(void), const char *when)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	tap_need(pid >= 0, "a process");
	if (pid == 0) {
		gv_sig_catch();
		exit(run() ? 0 : 1);
	}
	tap_need(waitpid(pid, &status, 0) == pid, "how it ended");
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	   "interrupted %s: no cell is left, and earlier results are kept", when);
}

int
main(void)
{
	alone(while_modules_are_fetched, "while modules are fetched");
	alone(while_an_sdk_comes, "while an SDK comes");
	alone(while_cells_run, "while cells run");
	alone(while_a_setting_is_tried, "while a GODEBUG setting is tried");
	alone(as_a_repeat_goes_away, "as a repeat with a GODEBUG setting goes away");
	alone(as_a_repeat_is_refused, "as a repeat with a GODEBUG setting is refused");
	return tap_done();
}
