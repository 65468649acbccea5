/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/unit/lab/fakeengine.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/sig.h"
#include "validate/collect.h"

/* The frames of a cell become the results of its phases, whatever the cell sends. */
struct heard {
	unsigned started, ended;
	char last[32];
};

static void
on_start(void *arg, const char *phase)
{
	((struct heard *)arg)->started++;
	(void)phase;
}

static void
on_end(void *arg, const struct gv_collected_phase *phase)
{
	struct heard *h = arg;

	h->ended++;
	snprintf(h->last, sizeof(h->last), "%s %d", phase->name, phase->exit);
}

static void
as_written(void *arg, const struct fake_seen *spec, struct fake_script *out)
{
	struct fake_script *from = arg;

	(void)spec;
	*out = *from;
	from->frames = (struct gv_strv)GV_STRV_INIT;
}

/* Run a cell with the script `s`, which is used up, and collect its results. Caller releases *got. */
static int
collect(struct gv_collected *got, struct fake_script *s, struct heard *h, struct gv_err *err)
{
	struct gv_collect_watch watch = { on_start, on_end, h };
	struct gv_cell_spec spec = { .run = (char[]){ "r" }, .name = (char[]){ "c" } };
	struct gv_cell *cell;
	struct fake f;
	int rc;

	memset(got, 0, sizeof(*got));
	fake_init(&f, as_written, s);
	cell = gv_cell_start(&f.engine, &spec, err);
	tap_need(cell != NULL, "a cell");
	rc = gv_collect(got, cell, h != NULL ? &watch : NULL, err);
	gv_cell_destroy(cell);
	fake_release(&f);
	return rc;
}

static bool
faulted(const struct gv_collected *c, const char *what, const char *detail)
{
	bool as = c->fault != NULL && strcmp(c->fault_what, what) == 0 && strstr(c->fault, detail) != NULL;

	if (!as)
		printf("# fault: %s: %s\n", c->fault != NULL ? c->fault_what : "none",
		       c->fault != NULL ? c->fault : "");
	return as;
}

static void
test_events(void)
{
	struct fake_script s = { 0 };
	struct gv_err err = GV_ERR_INIT;
	struct heard h = { 0 };
	struct gv_collected c;

	fake_hello(&s, "go1.22.3");
	fake_say(&s, "{\"event\":\"note\",\"detail\":\"a.sock is left out\"}");
	fake_phase(&s, "build", 0, "");
	fake_say(&s, "{\"event\":\"start\",\"phase\":\"test\"}");
	fake_say(&s, "{\"event\":\"output\",\"phase\":\"test\",\"stream\":1,\"text\":\"head\"}");
	fake_say(&s, "{\"event\":\"cut\",\"phase\":\"test\",\"bytes\":100}");
	fake_say(&s, "{\"event\":\"output\",\"phase\":\"test\",\"stream\":2,\"text\":\"tail\\n\"}");
	fake_say(&s, "{\"event\":\"end\",\"phase\":\"test\",\"exit\":-1,\"signal\":9,\"timeout\":true,\"oom\":true,"
		     "\"wall_ms\":2500,\"peak_rss\":8192,\"skipped\":false}");
	fake_say(&s, "{\"event\":\"end\",\"phase\":\"test-again\",\"exit\":0,\"signal\":0,\"timeout\":false,"
		     "\"oom\":false,\"skipped\":true}");
	fake_done(&s);
	tap_need(collect(&c, &s, &h, &err) == 0 && c.n == 3, "three phases: %s", err.msg);
	ok(strcmp(c.goversion, "go1.22.3") == 0 && strcmp(c.note, "a.sock is left out") == 0, "the Go, and a note");
	ok(c.done && c.fault == NULL && !c.oom, "a normal end is no fault");
	ok(c.phases[0].ended && c.phases[0].exit == 0 && c.phases[0].peak_rss == 4096, "a phase that passed");
	ok(strcmp(gv_str_text(&c.phases[1].text), "head\n... output cut here ...\ntail\n") == 0,
	   "both streams in their order, with a mark where output is cut");
	ok(c.phases[1].exit == -1 && c.phases[1].signal == 9 && c.phases[1].timeout && c.phases[1].oom &&
	       c.phases[1].seconds > 2.4 && c.phases[1].seconds < 2.6,
	   "how a phase ended, and after how long");
	ok(c.phases[2].skipped && gv_collected_find(&c, "test-again") == NULL && gv_collected_find(&c, "test") != NULL,
	   "a phase did not run if its condition was false");
	ok(h.started == 2 && h.ended == 2 && strcmp(h.last, "test -1") == 0, "a display hears of those that ran");
	gv_collected_release(&c);
}

static void
test_malformed(void)
{
	static const char *const frames[] = {
		"nonsense",
		"",
		"[1]",
		"{}",
		"{\"event\":1}",
		"{\"event\":\"hello\",\"goversion\":5}",
		"{\"event\":\"start\"}",
		"{\"event\":\"surprise\",\"phase\":\"build\"}",
		"{\"event\":\"output\",\"phase\":\"vet\",\"stream\":1,\"text\":\"x\"}",
		"{\"event\":\"output\",\"phase\":\"build\",\"stream\":1}",
		"{\"event\":\"cut\",\"phase\":\"vet\",\"bytes\":1}",
		"{\"event\":\"end\",\"phase\":\"build\",\"exit\":0}",
		"{\"event\":\"end\",\"phase\":\"build\",\"exit\":\"0\",\"signal\":0,\"timeout\":false}",
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(frames); i++) {
		struct fake_script s = { 0 };
		struct gv_err err = GV_ERR_INIT;
		struct gv_collected c;

		fake_hello(&s, "go1.22.3");
		fake_say(&s, "{\"event\":\"start\",\"phase\":\"build\"}");
		fake_say(&s, "%s", frames[i]);
		fake_phase(&s, "later", 0, "");
		fake_done(&s);
		ok(collect(&c, &s, NULL, &err) == 0 && faulted(&c, "engine", "") && !c.done && err.code == GV_OK,
		   "a fault: '%s'", frames[i]);
		ok(c.goversion != NULL && strcmp(c.goversion, "go1.22.3") == 0 && c.n == 1 && !c.phases[0].ended,
		   "results before it are kept, frames after it are ignored");
		gv_collected_release(&c);
	}
}

static void
test_cut(void)
{
	static const struct {
		const char *broken;
		struct gv_cell_end end;
		const char *what, *detail;
	} cases[] = {
		{ "connection reset", { .exit = 1 }, "engine", "connection reset" },
		{ NULL, { .exit = 137, .detail = "no such container" }, "engine", "finished: no such container" },
		{ NULL, { .exit = 1 }, "engine", "the cell went away before it finished" },
		{ NULL, { .exit = 137, .oom = true }, "oom", "out of memory" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct fake_script s = { .broken = cases[i].broken, .end = cases[i].end };
		struct gv_err err = GV_ERR_INIT;
		struct gv_collected c;

		fake_hello(&s, "go1.22.3");
		fake_phase(&s, "build", 1, "no\\n");
		fake_say(&s, "{\"event\":\"start\",\"phase\":\"test\"}");
		ok(collect(&c, &s, NULL, &err) == 0 && faulted(&c, cases[i].what, cases[i].detail) &&
		       c.oom == cases[i].end.oom,
		   "a cell that went away: %s", cases[i].detail);
		ok(c.n == 2 && c.phases[0].ended && c.phases[0].exit == 1 && !c.phases[1].ended,
		   "earlier results are kept, the phase in the middle has no end");
		gv_collected_release(&c);
	}
}

/* Later faults do not replace the first one. */
static void
test_first_fault(void)
{
	struct fake_script s = { .broken = "connection reset", .end = { .oom = true, .detail = "gone" } };
	struct gv_err err = GV_ERR_INIT;
	struct gv_collected c;

	fake_say(&s, "{\"event\":\"fault\",\"what\":\"goversion\",\"detail\":\"it is go1.20\"}");
	fake_say(&s, "{\"event\":\"fault\",\"what\":\"deadline\",\"detail\":\"too late\"}");
	ok(collect(&c, &s, NULL, &err) == 0 && faulted(&c, "goversion", "it is go1.20"),
	   "the first fault is the cause");
	gv_collected_release(&c);
}

static void
test_limits(void)
{
	struct fake_script many = { 0 }, loud = { 0 };
	gv_autofree char *mebibyte = gv_xcalloc((1u << 20) + 1, 1);
	struct gv_err err = GV_ERR_INIT;
	struct gv_collected c;

	for (int i = 0; i < 1000; i++)
		fake_say(&many, "{\"event\":\"start\",\"phase\":\"p%d\"}", i);
	ok(collect(&c, &many, NULL, &err) == 0 && faulted(&c, "engine", "") && c.n < 100,
	   "an agent that invents phases is stopped, %zu", c.n);
	gv_collected_release(&c);
	memset(mebibyte, 'x', 1u << 20);
	fake_hello(&loud, "go1.22.3");
	fake_say(&loud, "{\"event\":\"start\",\"phase\":\"test\"}");
	for (int i = 0; i < 6; i++)
		fake_say(&loud, "{\"event\":\"output\",\"phase\":\"test\",\"stream\":1,\"text\":\"%d%s\"}", i,
			 mebibyte);
	fake_say(&loud, "{\"event\":\"end\",\"phase\":\"test\",\"exit\":1,\"signal\":0,\"timeout\":false,\"oom\":false,"
			"\"skipped\":false}");
	fake_done(&loud);
	ok(collect(&c, &loud, NULL, &err) == 0 && c.fault == NULL && c.n == 1 &&
	       strlen(gv_str_text(&c.phases[0].text)) == GV_COLLECT_TEXT_MAX &&
	       gv_str_text(&c.phases[0].text)[0] == '0',
	   "of what a phase prints the beginning is kept, up to the limit, and that is no fault");
	ok(c.n == 1 && c.phases[0].ended && c.phases[0].exit == 1, "and its end is still known");
	gv_collected_release(&c);
}

static void
test_interrupted(void)
{
	struct fake_script s = { .interrupt = true };
	struct gv_err err = GV_ERR_INIT;
	struct gv_collected c;

	fake_hello(&s, "go1.22.3");
	fake_phase(&s, "build", 0, "");
	ok(collect(&c, &s, NULL, &err) == -1 && err.code == GV_EINTR && c.n == 1 && c.phases[0].ended,
	   "interrupted: an error, with the results so far");
	gv_collected_release(&c);
}

int
main(void)
{
	gv_sig_catch();
	test_events();
	test_malformed();
	test_cut();
	test_first_fault();
	test_limits();
	test_interrupted();
	return tap_done();
}
