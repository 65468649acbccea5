/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/unit/lab/fakeengine.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/sig.h"

#define GATHER_SECONDS 10

struct fake_cell {
	struct gv_cell cell;
	struct fake_script script;
	size_t next;
};

static struct fake *
fake_of(struct gv_engine *e)
{
	return (struct fake *)e;
}

static struct fake_seen *
remember(const struct gv_cell_spec *spec)
{
	struct fake_seen *seen = gv_xcalloc(1, sizeof(*seen));

	seen->name = gv_xstrdup(spec->name);
	seen->keep = spec->keep;
	for (size_t i = 0; i < spec->plan.env.n; i++)
		gv_strv_add(&seen->env, spec->plan.env.v[i]);
	for (size_t i = 0; i < spec->plan.n_phases; i++) {
		const struct gv_plan_phase *p = &spec->plan.phases[i];
		struct gv_str line = GV_STR_INIT(1u << 16);

		gv_str_add(&line, p->name);
		for (size_t k = 1; k < p->argv.n; k++)
			gv_str_addf(&line, " %s", p->argv.v[k]);
		gv_strv_add(&seen->phases, gv_str_text(&line));
		gv_str_release(&line);
	}
	return seen;
}

static void
free_cell(struct fake_cell *c)
{
	gv_strv_release(&c->script.frames);
	free(c->cell.id);
	free(c);
}

static struct gv_cell *
start(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err)
{
	struct fake *f = fake_of(e);
	struct fake_cell *c = gv_xcalloc(1, sizeof(*c));
	struct fake_seen *seen = remember(spec);

	c->cell = (struct gv_cell){ .engine = e, .id = gv_xasprintf("%s-%s", spec->run, spec->name) };
	pthread_mutex_lock(&f->lock);
	f->seen = gv_xreallocarray(f->seen, f->n_seen + 1, sizeof(struct fake_seen *));
	f->seen[f->n_seen++] = seen;
	f->script(f->arg, seen, &c->script);
	if (c->script.refuse == NULL) {
		f->open++;
		f->most_open = f->open > f->most_open ? f->open : f->most_open;
		pthread_cond_broadcast(&f->gathered);
	}
	pthread_mutex_unlock(&f->lock);
	if (c->script.refuse == NULL)
		return &c->cell;
	gv_err_set(err, GV_EFAIL, "%s", c->script.refuse);
	gv_err_help(err, "ask the engine");
	free_cell(c);
	return NULL;
}

static void
wait_for_others(struct fake *f)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += GATHER_SECONDS;
	pthread_mutex_lock(&f->lock);
	while (f->most_open < f->gather)
		if (pthread_cond_timedwait(&f->gathered, &f->lock, &until) != 0)
			f->gather = 0; /* they never came, so no other cell waits for them */
	pthread_mutex_unlock(&f->lock);
}

static int
read_frame(struct gv_cell *cell, char **json, size_t *len, struct gv_err *err)
{
	struct fake_cell *c = (struct fake_cell *)cell;

	wait_for_others(fake_of(cell->engine));
	if (c->next < c->script.frames.n) {
		*json = gv_xstrdup(c->script.frames.v[c->next++]);
		*len = strlen(*json);
		return 1;
	}
	if (c->script.interrupt) {
		/* Only one cell may send it: a second signal would end the process. */
		pthread_mutex_lock(&fake_of(cell->engine)->lock);
		if (gv_sig_caught() == 0)
			raise(SIGINT);
		pthread_mutex_unlock(&fake_of(cell->engine)->lock);
		return gv_sig_check(err) < 0 ? -1 : gv_err_set(err, GV_EINTR, "interrupted");
	}
	return c->script.broken != NULL ? gv_err_set(err, GV_EFAIL, "%s", c->script.broken) : 0;
}

static int
finish(struct gv_cell *cell, struct gv_cell_end *end, struct gv_err *err)
{
	(void)err;
	*end = ((struct fake_cell *)cell)->script.end;
	return 0;
}

static int
keep(struct gv_cell *cell, int64_t until, struct gv_err *err)
{
	(void)until;
	if (((struct fake_cell *)cell)->script.unkeepable)
		return gv_err_set(err, GV_EFAIL, "no room");
	pthread_mutex_lock(&fake_of(cell->engine)->lock);
	fake_of(cell->engine)->kept++;
	pthread_mutex_unlock(&fake_of(cell->engine)->lock);
	return 0;
}

static void
destroy(struct gv_cell *cell)
{
	struct fake *f = fake_of(cell->engine);

	pthread_mutex_lock(&f->lock);
	f->open--;
	pthread_mutex_unlock(&f->lock);
	free_cell((struct fake_cell *)cell);
}

void
fake_init(struct fake *f, void (*script)(void *arg, const struct fake_seen *spec, struct fake_script *out), void *arg)
{
	static const struct gv_engine_ops ops = {
		.start = start, .read = read_frame, .finish = finish, .keep = keep, .destroy = destroy
	};

	*f = (struct fake){ .script = script, .arg = arg };
	f->engine.ops = &ops;
	f->engine.info.name = gv_xstrdup("fake");
	f->engine.info.version = gv_xstrdup("7");
	f->engine.info.uid = geteuid();
	f->engine.info.gid = getegid();
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->gathered, NULL);
}

void
fake_release(struct fake *f)
{
	for (size_t i = 0; i < f->n_seen; i++) {
		free(f->seen[i]->name);
		gv_strv_release(&f->seen[i]->env);
		gv_strv_release(&f->seen[i]->phases);
		free(f->seen[i]);
	}
	free(f->seen);
	free(f->engine.info.name);
	free(f->engine.info.version);
	pthread_cond_destroy(&f->gathered);
	pthread_mutex_destroy(&f->lock);
}

unsigned
fake_count(const struct fake *f, const char *name)
{
	unsigned n = 0;

	for (size_t i = 0; i < f->n_seen; i++)
		n += strncmp(f->seen[i]->name, name, strlen(name)) == 0;
	return n;
}

const struct fake_seen *
fake_find(const struct fake *f, const char *name)
{
	for (size_t i = f->n_seen; i > 0; i--)
		if (strncmp(f->seen[i - 1]->name, name, strlen(name)) == 0)
			return f->seen[i - 1];
	return NULL;
}

void
fake_say(struct fake_script *s, const char *fmt, ...)
{
	char *frame = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&frame, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	gv_strv_take(&s->frames, frame);
}

void
fake_hello(struct fake_script *s, const char *goversion)
{
	fake_say(s, "{\"event\":\"hello\",\"agent\":\"0.1.0\",\"goversion\":\"%s\",\"cgroup\":2}", goversion);
}

void
fake_phase(struct fake_script *s, const char *phase, int exit, const char *text)
{
	fake_say(s, "{\"event\":\"start\",\"phase\":\"%s\"}", phase);
	if (text[0] != '\0')
		fake_say(s, "{\"event\":\"output\",\"phase\":\"%s\",\"stream\":1,\"text\":\"%s\"}", phase, text);
	fake_say(s,
		 "{\"event\":\"end\",\"phase\":\"%s\",\"exit\":%d,\"signal\":0,\"timeout\":false,\"oom\":false,"
		 "\"wall_ms\":1250,\"cpu_ms\":2100,\"peak_rss\":4096,\"skipped\":false}",
		 phase, exit);
}

void
fake_done(struct fake_script *s)
{
	fake_say(s, "{\"event\":\"done\",\"peak_rss\":4096,\"peak_cgroup\":0,\"oom\":false}");
}
