/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/collect.h"

#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "util/alloc.h"
#include "util/auto.h"

#define PHASES_MAX 64

static void
set_fault(struct gv_collected *c, const char *what, const char *detail)
{
	if (c->fault != NULL)
		return; /* the first one is the cause */
	c->fault_what = gv_xstrdup(what);
	c->fault = gv_xstrdup(detail);
}

/* The phase of a frame; NULL when it is unknown and `add` is false, or when there are too many. */
static struct gv_collected_phase *
phase_of(struct gv_collected *c, const char *name, bool add)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->phases[i].name, name) == 0)
			return &c->phases[i];
	if (!add || c->n >= PHASES_MAX)
		return NULL;
	c->phases = gv_xreallocarray(c->phases, c->n + 1, sizeof(*c->phases));
	c->phases[c->n] = (struct gv_collected_phase){ .name = gv_xstrdup(name),
						       .text = GV_STR_INIT(GV_COLLECT_TEXT_MAX),
						       .exit = -1 };
	return &c->phases[c->n++];
}

static void
add_text(struct gv_collected_phase *p, const char *text)
{
	size_t len = strlen(text), room = GV_COLLECT_TEXT_MAX - p->text.len;

	gv_str_addn(&p->text, text, len < room ? len : room);
}

static int
on_end(struct gv_collected_phase *p, const struct gv_json *f, struct gv_err *err)
{
	int64_t code = -1, sig = 0, wall = 0, peak = 0;

	if (gv_json_int(f, "exit", &code, err) < 0 || gv_json_int(f, "signal", &sig, err) < 0 ||
	    gv_json_bool(f, "timeout", &p->timeout, err) < 0 || gv_json_bool(f, "oom", &p->oom, err) < 0 ||
	    gv_json_bool(f, "skipped", &p->skipped, err) < 0 || gv_json_int_opt(f, "wall_ms", &wall, err) < 0 ||
	    gv_json_int_opt(f, "peak_rss", &peak, err) < 0)
		return -1;
	p->exit = (int)code;
	p->signal = (int)sig;
	p->seconds = (double)wall / 1000;
	p->peak_rss = peak > 0 ? (uint64_t)peak : 0;
	p->ended = true;
	return 0;
}

static int
on_phase_event(struct gv_collected *c, const struct gv_json *f, const char *event, const struct gv_collect_watch *watch,
	       struct gv_err *err)
{
	const char *name = NULL, *text = "";
	struct gv_collected_phase *p;

	if (gv_json_str(f, "phase", &name, err) < 0)
		return -1;
	p = phase_of(c, name, strcmp(event, "start") == 0 || strcmp(event, "end") == 0);
	if (p == NULL)
		return gv_json_fail(f, "phase", err, "a phase that did not start");
	if (strcmp(event, "start") == 0) {
		if (watch != NULL && watch->started != NULL)
			watch->started(watch->arg, name);
	} else if (strcmp(event, "output") == 0) {
		if (gv_json_str(f, "text", &text, err) < 0)
			return -1;
		add_text(p, text);
	} else if (strcmp(event, "cut") == 0) {
		add_text(p, "\n... output cut here ...\n");
	} else {
		if (on_end(p, f, err) < 0)
			return -1;
		if (watch != NULL && watch->ended != NULL && !p->skipped)
			watch->ended(watch->arg, p);
	}
	return 0;
}

static int
on_frame(struct gv_collected *c, const char *json, size_t len, const struct gv_collect_watch *watch, struct gv_err *err)
{
	gv_autojson struct gv_json f = { 0 };
	const char *event = NULL, *what = "", *detail = "";

	if (gv_json_parse(&f, json, len, err) < 0 || gv_json_str(&f, "event", &event, err) < 0)
		return -1;
	if (strcmp(event, "hello") == 0) {
		if (gv_json_str_opt(&f, "goversion", &detail, err) < 0)
			return -1;
		free(c->goversion);
		c->goversion = gv_xstrdup(detail);
	} else if (strcmp(event, "fault") == 0) {
		if (gv_json_str_opt(&f, "what", &what, err) < 0 || gv_json_str_opt(&f, "detail", &detail, err) < 0)
			return -1;
		set_fault(c, what, detail);
	} else if (strcmp(event, "done") == 0) {
		c->done = true;
		return gv_json_bool(&f, "oom", &c->oom, err);
	} else if (strcmp(event, "note") == 0) {
		if (gv_json_str_opt(&f, "detail", &detail, err) < 0)
			return -1;
		free(c->note);
		c->note = gv_xstrdup(detail);
	} else {
		return on_phase_event(c, &f, event, watch, err);
	}
	return 0;
}

/* The agent did not finish. Record what the engine knows about that. */
static void
set_ended_early(struct gv_collected *c, const struct gv_cell_end *end)
{
	gv_autofree char *with = gv_xasprintf("the cell went away before it finished: %s", end->detail);

	if (end->oom)
		set_fault(c, "oom", "the cell ran out of memory");
	else
		set_fault(c, "engine", end->detail[0] != '\0' ? with : "the cell went away before it finished");
}

int
gv_collect(struct gv_collected *out, struct gv_cell *cell, const struct gv_collect_watch *watch, struct gv_err *err)
{
	struct gv_collected c = { 0 };
	struct gv_cell_end end = { 0 };
	int rc;

	for (;;) {
		gv_autofree char *json = NULL;
		size_t len = 0;

		rc = gv_cell_read(cell, &json, &len, err);
		if (rc > 0)
			rc = on_frame(&c, json, len, watch, err) < 0 ? -1 : 1;
		if (rc <= 0)
			break;
	}
	if (rc < 0 && err->code == GV_EINTR) {
		*out = c;
		return -1;
	}
	if (rc < 0)
		set_fault(&c, "engine", err->msg);
	gv_err_clear(err);
	if (gv_cell_finish(cell, &end, err) < 0) {
		set_fault(&c, "engine", err->msg);
		gv_err_clear(err);
	}
	c.oom = c.oom || end.oom;
	if (!c.done && c.fault == NULL)
		set_ended_early(&c, &end);
	*out = c;
	return 0;
}
