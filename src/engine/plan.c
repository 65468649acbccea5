/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/plan.h"

#include <inttypes.h>
#include <stdlib.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/str.h"
#include "util/words.h"

void
gv_plan_free(struct gv_plan *p)
{
	for (size_t i = 0; i < p->n_phases; i++) {
		free(p->phases[i].name);
		free(p->phases[i].condition);
		gv_strv_free(&p->phases[i].argv);
	}
	free(p->phases);
	free(p->copy_from);
	free(p->copy_to);
	free(p->dir);
	free(p->go_path);
	free(p->go_version);
	gv_strv_free(&p->skip);
	gv_strv_free(&p->env);
	*p = (struct gv_plan){ 0 };
}

struct gv_plan_phase *
gv_plan_add(struct gv_plan *p, const char *name, unsigned timeout_s, const char *condition)
{
	struct gv_plan_phase *ph;

	p->phases = gv_xreallocarray(p->phases, p->n_phases + 1, sizeof(*p->phases));
	ph = &p->phases[p->n_phases++];
	*ph = (struct gv_plan_phase){
		.name = gv_xstrdup(name),
		.timeout_s = timeout_s,
		.condition = gv_xstrdup(condition),
	};
	return ph;
}

static void
add_line(struct gv_str *s, const char *key, const char *a, const char *b)
{
	gv_str_add(s, key);
	gv_words_add(s, a);
	if (b != NULL)
		gv_words_add(s, b);
	gv_str_addc(s, '\n');
}

char *
gv_plan_text(const struct gv_plan *p, struct gv_err *err)
{
	gv_autostr struct gv_str s = GV_STR_INIT(GV_PLAN_MAX);
	char *text;

	gv_str_addf(&s, "gover-plan 1\ndeadline %u\n", p->deadline_s);
	if (p->copy_from != NULL)
		add_line(&s, "copy", p->copy_from, p->copy_to);
	for (size_t i = 0; i < p->skip.n; i++)
		add_line(&s, "skip", p->skip.v[i], NULL);
	add_line(&s, "dir", p->dir, NULL);
	for (size_t i = 0; i < p->env.n; i++)
		add_line(&s, "env", p->env.v[i], NULL);
	if (p->go_path != NULL)
		add_line(&s, "go", p->go_path, p->go_version);
	if (p->keep_head > 0)
		gv_str_addf(&s, "keep %zu %zu\n", p->keep_head, p->keep_tail);
	if (p->cgroup != NULL)
		add_line(&s, "cgroup", p->cgroup, NULL);
	if (p->watch_memory > 0 || p->watch_pids > 0)
		gv_str_addf(&s, "watch %" PRIu64 " %u\n", p->watch_memory, p->watch_pids);
	if (p->uid > 0)
		gv_str_addf(&s, "user %u %u\n", p->uid, p->gid);
	for (size_t i = 0; p->own != NULL && i < p->own->n; i++)
		add_line(&s, "own", p->own->v[i], NULL);
	for (size_t i = 0; i < p->n_phases; i++) {
		const struct gv_plan_phase *ph = &p->phases[i];

		gv_str_add(&s, "phase");
		gv_words_add(&s, ph->name);
		gv_str_addf(&s, " %u", ph->timeout_s);
		gv_words_add(&s, ph->condition);
		for (size_t a = 0; a < ph->argv.n; a++)
			gv_words_add(&s, ph->argv.v[a]);
		gv_str_addc(&s, '\n');
	}
	text = gv_str_finish(&s, err);
	if (text == NULL)
		gv_err_wrap(err, "environment and arguments of a cell");
	return text;
}
