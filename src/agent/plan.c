/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "agent/plan.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/words.h"

#define KEEP_HEAD   (1u << 20) /* bytes, when the plan says nothing */
#define KEEP_TAIL   (256u << 10)
#define KEEP_MAX    (64u << 20)
#define SECONDS_MAX (30u * 24 * 3600)

void
agent_plan_free(struct agent_plan *p)
{
	for (size_t i = 0; i < p->n_phases; i++) {
		free(p->phases[i].name);
		free(p->phases[i].text);
		gv_strv_free(&p->phases[i].argv);
	}
	free(p->phases);
	free(p->copy_from);
	free(p->copy_to);
	free(p->dir);
	free(p->go_path);
	free(p->go_version);
	free(p->cgroup);
	gv_strv_free(&p->skip);
	gv_strv_free(&p->own);
	gv_strv_free(&p->env);
	*p = (struct agent_plan){ 0 };
}

static int
number(const char *s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (*s == '\0' || strlen(s) > 19)
		return -1;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		v = v * 10 + (uint64_t)(*s - '0');
	}
	if (v > max)
		return -1;
	*out = v;
	return 0;
}

static int
numbers(char *const *words, uint64_t max, uint64_t *a, uint64_t *b)
{
	return number(words[1], max, a) < 0 || number(words[2], max, b) < 0 ? -1 : 0;
}

/* "always", "failed:NAME", "failed:NAME:TEXT", "failed:NAME!TEXT"; NAME is an earlier phase. */
static int
condition(struct agent_plan *p, struct agent_phase *ph, const char *s)
{
	const char *name, *mark;
	size_t len;

	ph->after = -1;
	if (strcmp(s, "always") == 0)
		return 0;
	if (strncmp(s, "failed:", 7) != 0)
		return -1;
	name = s + 7;
	len = strcspn(name, ":!");
	mark = name[len] != '\0' ? name + len : NULL;
	for (size_t i = 0; i < p->n_phases; i++)
		if (strlen(p->phases[i].name) == len && memcmp(p->phases[i].name, name, len) == 0)
			ph->after = (int)i;
	if (ph->after < 0)
		return -1;
	if (mark != NULL) {
		ph->text = gv_xstrdup(mark + 1);
		ph->without = *mark == '!';
		p->phases[ph->after].remember = true;
	}
	return 0;
}

static int
add_phase(struct agent_plan *p, const struct gv_strv *w)
{
	struct agent_phase ph = { .after = -1 };
	uint64_t timeout;

	if (w->n < 5 || p->n_phases >= AGENT_PHASES_MAX || number(w->v[2], SECONDS_MAX, &timeout) < 0 ||
	    condition(p, &ph, w->v[3]) < 0)
		return -1;
	ph.timeout_s = (unsigned)timeout;
	ph.name = gv_xstrdup(w->v[1]);
	for (size_t i = 4; i < w->n; i++)
		gv_strv_add(&ph.argv, w->v[i]);
	p->phases = gv_xreallocarray(p->phases, p->n_phases + 1, sizeof(ph));
	p->phases[p->n_phases++] = ph;
	return 0;
}

static void
set(char **field, const char *value)
{
	free(*field);
	*field = gv_xstrdup(value);
}

static int
add_line(struct agent_plan *p, const struct gv_strv *w)
{
	const char *key = w->v[0];
	uint64_t a, b;

	if (strcmp(key, "phase") == 0)
		return add_phase(p, w);
	if (w->n == 2 && strcmp(key, "deadline") == 0) {
		if (number(w->v[1], SECONDS_MAX, &a) < 0)
			return -1;
		p->deadline_s = (unsigned)a;
	} else if (w->n == 3 && strcmp(key, "copy") == 0) {
		set(&p->copy_from, w->v[1]);
		set(&p->copy_to, w->v[2]);
	} else if (w->n == 2 && strcmp(key, "skip") == 0) {
		gv_strv_add(&p->skip, w->v[1]);
	} else if (w->n == 2 && strcmp(key, "own") == 0) {
		gv_strv_add(&p->own, w->v[1]);
	} else if (w->n == 2 && strcmp(key, "dir") == 0) {
		set(&p->dir, w->v[1]);
	} else if (w->n == 2 && strcmp(key, "env") == 0) {
		gv_strv_add(&p->env, w->v[1]);
	} else if (w->n == 3 && strcmp(key, "go") == 0) {
		set(&p->go_path, w->v[1]);
		set(&p->go_version, w->v[2]);
	} else if (w->n == 2 && strcmp(key, "cgroup") == 0) {
		set(&p->cgroup, w->v[1]);
	} else if (w->n == 3 && strcmp(key, "keep") == 0) {
		if (numbers(w->v, KEEP_MAX, &a, &b) < 0)
			return -1;
		p->keep_head = (size_t)a;
		p->keep_tail = (size_t)b;
	} else if (w->n == 3 && strcmp(key, "watch") == 0) {
		return numbers(w->v, UINT64_MAX / 2, &p->watch_memory, &p->watch_pids);
	} else if (w->n == 3 && strcmp(key, "user") == 0) {
		if (numbers(w->v, UINT32_MAX - 1, &a, &b) < 0 || a == 0 || b == 0)
			return -1;
		p->uid = (uid_t)a;
		p->gid = (gid_t)b;
	} else {
		return -1;
	}
	return 0;
}

int
agent_plan_parse(struct agent_plan *p, const char *text, struct gv_err *err)
{
	unsigned line = 0;

	p->keep_head = KEEP_HEAD;
	p->keep_tail = KEEP_TAIL;
	while (*text != '\0') {
		gv_autostrv struct gv_strv words = GV_STRV_INIT;
		size_t len = strcspn(text, "\n");
		bool good = gv_words_split(&words, text, len) == 0;

		if (++line == 1)
			good = good && words.n == 2 && strcmp(words.v[0], "gover-plan") == 0 &&
			       strcmp(words.v[1], "1") == 0;
		else
			good = good && add_line(p, &words) == 0;
		if (!good)
			return gv_err_set(err, GV_EFORMAT, "line %u of the plan: '%.*s'", line,
					  len > 80 ? 80 : (int)len, text);
		text += len + (text[len] == '\n');
	}
	if (p->deadline_s == 0 || p->dir == NULL)
		return gv_err_set(err, GV_EFORMAT, "the plan has no deadline or directory");
	return 0;
}
