/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/unit/lab/trial.h"
#include "util/auto.h"

/* One cell to its verdict, where it does not go as it should. */
struct does {
	void (*script)(struct fake_script *out);
};

static void
on_cell(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	(void)spec;
	((struct does *)arg)->script(out);
}

/* The cell of Go 1.22.3 that does so, whose fetch says `fetch`, or nothing. */
static const struct gv_cell_result *
run(struct trial *t, struct does *does, void (*fetch)(const struct fake_seen *spec, struct fake_script *out), bool keep)
{
	struct gv_err err = GV_ERR_INIT;

	trial_init(t, on_cell, does);
	trial_cell(t, "1.22.3", 0);
	t->fetch = fetch;
	t->opts.keep_failed = keep;
	tap_need(gv_run(&t->runner, &t->out, &err) == 0 && t->out.n_cells == 1, "a run: %s", err.msg);
	/* Twice would be one too few. */
	ok(t->engine.n_seen == 1 && t->engine.open == 0, "a cell that was started is destroyed once");
	return &t->out.cells[0];
}

static const struct gv_phase_result *
last_phase(const struct gv_cell_result *c)
{
	tap_need(c->n_phases > 0, "a phase");
	return &c->phases[c->n_phases - 1];
}

static bool
is(const struct gv_cell_result *c, enum gv_verdict verdict, enum gv_cause cause, const char *line)
{
	const struct gv_phase_result *p = last_phase(c);

	if (c->verdict == verdict && gv_cause_is(c->cause, cause) && strstr(gv_result_text(p->line), line) != NULL)
		return true;
	printf("# %s %s, %s: %s\n", gv_verdict_name(c->verdict), gv_result_text(c->cause), p->phase,
	       gv_result_text(p->line));
	return false;
}

static void
cannot_start(struct fake_script *out)
{
	out->refuse = "no space for a cell";
}

static void
no_room_for_copy(struct fake_script *out)
{
	fake_say(out,
		 "{\"event\":\"fault\",\"what\":\"copy\",\"detail\":\"cannot write 'a': No space left on device\"}");
}

static void
copy_unreadable(struct fake_script *out)
{
	fake_say(out, "{\"event\":\"fault\",\"what\":\"copy\",\"detail\":\"cannot read 'a': Permission denied\"}");
}

static void
no_room_elsewhere(struct fake_script *out)
{
	fake_say(out, "{\"event\":\"fault\",\"what\":\"cgroup\",\"detail\":\"No space left on device\"}");
}

static void
silent(struct fake_script *out)
{
	out->end.exit = 1;
}

static void
says_only_goodbye(struct fake_script *out)
{
	fake_done(out);
}

static void
test_before_any_phase(void)
{
	static const struct {
		void (*script)(struct fake_script *out);
		enum gv_cause cause;
		const char *line, *hint;
	} cases[] = {
		{ cannot_start, GV_CAUSE_INFRASTRUCTURE, "no space for a cell", "ask the engine" },
		{ no_room_for_copy, GV_CAUSE_DISK, "No space left on device", "half of --memory" },
		{ copy_unreadable, GV_CAUSE_INFRASTRUCTURE, "Permission denied", "" },
		{ no_room_elsewhere, GV_CAUSE_INFRASTRUCTURE, "No space left on device", "" },
		{ silent, GV_CAUSE_INFRASTRUCTURE, "went away before it finished", "" },
		{ says_only_goodbye, GV_CAUSE_INFRASTRUCTURE, "the go command never answered", "" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct does does = { cases[i].script };
		struct trial t;
		const struct gv_cell_result *c = run(&t, &does, NULL, true);
		const char *hint = gv_result_text(last_phase(c)->hint);

		ok(is(c, GV_INCONCLUSIVE, cases[i].cause, cases[i].line) && c->n_phases == 1 &&
		       strcmp(c->phases[0].phase, "cell") == 0 && c->phases[0].exit == GV_EXIT_NONE,
		   "before any phase nothing is known, but why: %s", cases[i].line);
		ok(cases[i].hint[0] == '\0' ? hint[0] == '\0' : strstr(hint, cases[i].hint) != NULL,
		   "and what to do about it: '%s'", hint);
		ok(t.engine.kept == 0, "such a cell is not kept");
		trial_release(&t);
	}
}

static void
fails_to_build(struct fake_script *out)
{
	fake_hello(out, "go1.22.3");
	fake_phase(out, "build", 1, "./a.go:3:2: undefined: x\\n");
}

static void
builds(struct fake_script *out)
{
	fake_hello(out, "go1.22.3");
	fake_phase(out, "build", 0, "");
	fake_say(out, "{\"event\":\"start\",\"phase\":\"test\"}");
	fake_say(out, "{\"event\":\"output\",\"phase\":\"test\",\"stream\":1,\"text\":\"--- FAIL: TestA (0.00s)\\n\"}");
}

static void
builds_and_fills_memory(struct fake_script *out)
{
	builds(out);
	out->end.oom = true;
}

static void
test_vanished(void)
{
	struct trial t;
	const struct gv_cell_result *c = run(&t, &(struct does){ fails_to_build }, NULL, false);

	ok(is(c, GV_INCOMPATIBLE, GV_CAUSE_COMPILE, "undefined: x") && strcmp(last_phase(c)->phase, "build") == 0,
	   "a build that failed counts, though the cell then went away");
	trial_release(&t);
	c = run(&t, &(struct does){ builds }, NULL, false);
	ok(is(c, GV_INCONCLUSIVE, GV_CAUSE_INFRASTRUCTURE, "went away before it finished"),
	   "one that passed is not all of it");
	ok(gv_cell_result_phase(c, "build") != NULL && gv_cell_result_phase(c, "test") == NULL &&
	       strcmp(c->goversion, "go1.22.3") == 0,
	   "what ended stands, what did not is no phase");
	trial_release(&t);
	c = run(&t, &(struct does){ builds_and_fills_memory }, NULL, false);
	ok(is(c, GV_INCONCLUSIVE, GV_CAUSE_OOM, "out of memory"), "an engine that knows of the memory is believed");
	trial_release(&t);
}

static bool
was_kept(const struct trial *t)
{
	for (size_t i = 0; i < t->events.n; i++)
		if (strncmp(t->events.v[i], "kept ", 5) == 0)
			return true;
	return false;
}

static void
fails_and_stays(struct fake_script *out)
{
	fails_to_build(out);
	fake_done(out);
}

static void
fails_and_cannot_stay(struct fake_script *out)
{
	fails_and_stays(out);
	out->unkeepable = true;
}

static void
test_keep(void)
{
	struct trial t;
	const struct gv_cell_result *c = run(&t, &(struct does){ fails_and_stays }, NULL, true);

	ok(c->verdict == GV_INCOMPATIBLE && t.engine.kept == 1 && was_kept(&t) && t.engine.seen[0]->keep,
	   "a failed cell is kept, when so asked");
	trial_release(&t);
	c = run(&t, &(struct does){ fails_and_stays }, NULL, false);
	ok(c->verdict == GV_INCOMPATIBLE && t.engine.kept == 0 && !was_kept(&t) && !t.engine.seen[0]->keep,
	   "and only then");
	trial_release(&t);
	c = run(&t, &(struct does){ fails_and_cannot_stay }, NULL, true);
	ok(is(c, GV_INCOMPATIBLE, GV_CAUSE_COMPILE, "undefined: x") && !was_kept(&t),
	   "where the engine cannot, the verdict stays, and nobody is told of a cell that is not there");
	trial_release(&t);
}

static void
lacks_module(struct fake_script *out)
{
	fake_hello(out, "go1.22.3");
	fake_phase(out, "build", 1, "a.go:3:8: example.com/dep@v1.0.0: module lookup disabled by GOPROXY=off\\n");
	fake_done(out);
}

static void
fetches_nothing(const struct fake_seen *spec, struct fake_script *out)
{
	(void)spec;
	fake_hello(out, "");
	fake_phase(out, "download", 1, "go: example.com/dep@v1.0.0: dial tcp: lookup proxy.example: no such host\\n");
	fake_done(out);
}

static void
test_blame(void)
{
	struct trial t;
	const struct gv_cell_result *c = run(&t, &(struct does){ lacks_module }, fetches_nothing, true);

	ok(is(c, GV_INCONCLUSIVE, GV_CAUSE_NETWORK, "no such host") && last_phase(c)->outcome == GV_UNKNOWN,
	   "a module that the network did not let through is not the project's fault");
	ok(t.engine.kept == 0, "there is nothing to see in that cell");
	trial_release(&t);
	c = run(&t, &(struct does){ fails_and_stays }, fetches_nothing, false);
	ok(is(c, GV_INCOMPATIBLE, GV_CAUSE_COMPILE, "undefined: x"), "what fails for another reason still is");
	trial_release(&t);
}

int
main(void)
{
	test_before_any_phase();
	test_vanished();
	test_keep();
	test_blame();
	return tap_done();
}
