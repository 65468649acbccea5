/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "cell/plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/lines.h"
#include "util/num.h"
#include "util/str.h"
#include "util/words.h"

#define KEEP_MAX    (64u << 20) /* bytes */
#define SECONDS_MAX (30u * 24 * 3600)

void
gv_plan_release(struct gv_plan *p)
{
	for (size_t i = 0; i < p->n_phases; i++) {
		free(p->phases[i].name);
		free(p->phases[i].condition);
		gv_strv_release(&p->phases[i].argv);
	}
	free(p->phases);
	free(p->copy_from);
	free(p->copy_to);
	free(p->dir);
	free(p->go_path);
	free(p->go_version);
	free(p->cgroup);
	gv_strv_release(&p->own);
	gv_strv_release(&p->skip);
	gv_strv_release(&p->env);
	*p = (struct gv_plan){ 0 };
}

/* Parse "always", "failed:NAME", "failed:NAME:TEXT" or "failed:NAME!TEXT". NAME is an earlier phase. */
static void
take_condition(struct gv_plan *p, struct gv_plan_phase *ph)
{
	const char *name = ph->condition + 7, *mark;
	size_t len;

	ph->after = strcmp(ph->condition, "always") == 0 ? -1 : -2;
	if (strncmp(ph->condition, "failed:", 7) != 0)
		return;
	len = strcspn(name, ":!");
	mark = name[len] != '\0' ? name + len : NULL;
	for (size_t i = 0; i < p->n_phases; i++)
		if (strlen(p->phases[i].name) == len && memcmp(p->phases[i].name, name, len) == 0)
			ph->after = (int)i;
	if (ph->after < 0 || mark == NULL)
		return;
	ph->text = mark + 1;
	ph->without = *mark == '!';
	p->phases[ph->after].remember = true;
}

struct gv_plan_phase *
gv_plan_add(struct gv_plan *p, const char *name, unsigned timeout_s, const char *condition)
{
	struct gv_plan_phase ph = {
		.name = gv_xstrdup(name),
		.timeout_s = timeout_s,
		.condition = gv_xstrdup(condition),
	};

	take_condition(p, &ph);
	p->phases = gv_xreallocarray(p->phases, p->n_phases + 1, sizeof(*p->phases));
	p->phases[p->n_phases] = ph;
	return &p->phases[p->n_phases++];
}

static void
put_line(struct gv_str *s, const char *key, const char *a, const char *b)
{
	gv_str_add(s, key);
	gv_words_add(s, a);
	if (b != NULL)
		gv_words_add(s, b);
	gv_str_addc(s, '\n');
}

static void
put_phase(struct gv_str *s, const struct gv_plan_phase *ph)
{
	gv_str_add(s, "phase");
	gv_words_add(s, ph->name);
	gv_str_addf(s, " %u", ph->timeout_s);
	gv_words_add(s, ph->condition);
	for (size_t a = 0; a < ph->argv.n; a++)
		gv_words_add(s, ph->argv.v[a]);
	gv_str_addc(s, '\n');
}

static void
put_plan(struct gv_str *s, const struct gv_plan *p)
{
	gv_str_addf(s, "gover-plan 1\ndeadline %u\n", p->deadline_s);
	if (p->copy_from != NULL)
		put_line(s, "copy", p->copy_from, p->copy_to);
	for (size_t i = 0; i < p->skip.n; i++)
		put_line(s, "skip", p->skip.v[i], NULL);
	put_line(s, "dir", p->dir, NULL);
	for (size_t i = 0; i < p->env.n; i++)
		put_line(s, "env", p->env.v[i], NULL);
	if (p->go_path != NULL)
		put_line(s, "go", p->go_path, p->go_version);
	if (p->keep_head > 0)
		gv_str_addf(s, "keep %zu %zu\n", p->keep_head, p->keep_tail);
	if (p->cgroup != NULL)
		put_line(s, "cgroup", p->cgroup, NULL);
	if (p->watch_memory > 0 || p->watch_pids > 0)
		gv_str_addf(s, "watch %" PRIu64 " %u\n", p->watch_memory, p->watch_pids);
	if (p->uid > 0)
		gv_str_addf(s, "user %u %u\n", p->uid, p->gid);
	for (size_t i = 0; i < p->own.n; i++)
		put_line(s, "own", p->own.v[i], NULL);
	for (size_t i = 0; i < p->n_phases; i++)
		put_phase(s, &p->phases[i]);
}

char *
gv_plan_frame(const struct gv_plan *p, size_t *len, struct gv_err *err)
{
	gv_autostr struct gv_str s = GV_STR_INIT(GV_PLAN_MAX), frame = GV_STR_INIT(GV_PLAN_MAX + 64);
	char *text;

	put_plan(&s, p);
	gv_str_addf(&frame, "GV1 %zu\n", s.len);
	gv_str_addn(&frame, gv_str_text(&s), s.len);
	gv_str_addc(&frame, '\n');
	frame.over = frame.over || s.over;
	*len = frame.len;
	text = gv_str_finish(&frame, err);
	if (text == NULL)
		gv_err_wrap(err, "cannot send the environment and arguments to a cell");
	return text;
}

static int
numbers(char *const *words, uint64_t max_a, uint64_t *a, uint64_t max_b, uint64_t *b)
{
	return gv_num_u64(words[1], max_a, a) < 0 || gv_num_u64(words[2], max_b, b) < 0 ? -1 : 0;
}

static int
take_phase(struct gv_plan *p, const struct gv_strv *w)
{
	struct gv_plan_phase *ph;
	uint64_t timeout;

	if (w->n < 5 || p->n_phases >= GV_PLAN_PHASES_MAX || gv_num_u64(w->v[2], SECONDS_MAX, &timeout) < 0)
		return -1;
	ph = gv_plan_add(p, w->v[1], (unsigned)timeout, w->v[3]);
	for (size_t i = 4; i < w->n; i++)
		gv_strv_add(&ph->argv, w->v[i]);
	return ph->after < -1 ? -1 : 0;
}

static void
set(char **field, const char *value)
{
	free(*field);
	*field = gv_xstrdup(value);
}

/* Read a line with one value, or with two texts. */
static int
take_text(struct gv_plan *p, const struct gv_strv *w)
{
	const char *key = w->v[0];

	if (w->n == 3 && strcmp(key, "copy") == 0) {
		set(&p->copy_from, w->v[1]);
		set(&p->copy_to, w->v[2]);
	} else if (w->n == 3 && strcmp(key, "go") == 0) {
		set(&p->go_path, w->v[1]);
		set(&p->go_version, w->v[2]);
	} else if (w->n != 2) {
		return -1;
	} else if (strcmp(key, "skip") == 0) {
		gv_strv_add(&p->skip, w->v[1]);
	} else if (strcmp(key, "own") == 0) {
		gv_strv_add(&p->own, w->v[1]);
	} else if (strcmp(key, "dir") == 0) {
		set(&p->dir, w->v[1]);
	} else if (strcmp(key, "env") == 0) {
		gv_strv_add(&p->env, w->v[1]);
	} else if (strcmp(key, "cgroup") == 0) {
		set(&p->cgroup, w->v[1]);
	} else {
		return -1;
	}
	return 0;
}

static int
take_line(struct gv_plan *p, const struct gv_strv *w)
{
	const char *key = w->v[0];
	uint64_t a = 0, b = 0;

	if (strcmp(key, "phase") == 0)
		return take_phase(p, w);
	if (w->n == 2 && strcmp(key, "deadline") == 0) {
		if (gv_num_u64(w->v[1], SECONDS_MAX, &a) < 0)
			return -1;
		p->deadline_s = (unsigned)a;
	} else if (w->n == 3 && strcmp(key, "keep") == 0) {
		if (numbers(w->v, KEEP_MAX, &a, KEEP_MAX, &b) < 0)
			return -1;
		p->keep_head = (size_t)a;
		p->keep_tail = (size_t)b;
	} else if (w->n == 3 && strcmp(key, "watch") == 0) {
		if (numbers(w->v, UINT64_MAX / 2, &a, UINT32_MAX / 2, &b) < 0)
			return -1;
		p->watch_memory = a;
		p->watch_pids = (unsigned)b;
	} else if (w->n == 3 && strcmp(key, "user") == 0) {
		if (numbers(w->v, UINT32_MAX - 1, &a, UINT32_MAX - 1, &b) < 0 || a == 0 || b == 0)
			return -1;
		p->uid = (unsigned)a;
		p->gid = (unsigned)b;
	} else {
		return take_text(p, w);
	}
	return 0;
}

int
gv_plan_parse(struct gv_plan *p, const char *text, struct gv_err *err)
{
	gv_autostrv struct gv_strv words = GV_STRV_INIT;
	struct gv_lines in;
	int rc;

	gv_lines_init(&in, text, strlen(text), GV_LINES_LF);
	if (!gv_lines_next(&in))
		return gv_err_set(err, GV_EFORMAT, "the plan is empty");
	if (gv_lines_format(in.line, "gover-plan", 1, err) < 0)
		return gv_err_wrap(err, "the plan");
	while ((rc = gv_lines_words(&in, &words)) > 0 && (rc = take_line(p, &words)) == 0)
		;
	if (rc < 0)
		return gv_err_set(err, GV_EFORMAT, "line %u of the plan is malformed", in.number);
	if (p->deadline_s == 0 || p->dir == NULL)
		return gv_err_set(err, GV_EFORMAT, "the plan has no deadline or directory");
	return 0;
}
