/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "judge/assemble.h"
#include "resolve/dirs.h"
#include "util/alloc.h"
#include "util/auto.h"

static void
make_id(char id[17])
{
	uint64_t v = 0;

	if (getentropy(&v, sizeof(v)) < 0)
		v = (uint64_t)time(NULL) << 20 ^ (uint64_t)getpid();
	snprintf(id, 17, "%016llx", (unsigned long long)v);
}

void
gv_run_tell(struct gv_run_state *s, const struct gv_run_event *e)
{
	if (s->r->event == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	s->r->event(s->r->arg, e);
	pthread_mutex_unlock(&s->lock);
}

struct gv_cellspec_in
gv_run_spec(const struct gv_run_state *s, size_t cell)
{
	const struct gv_engine_info *info = gv_engine_info(s->r->engine);

	return (struct gv_cellspec_in){ .cell = &s->r->matrix->cells[cell],
					.project = s->r->project,
					.opts = s->r->opts,
					.dirs = &s->dirs,
					.goroot = gv_run_sdk(s, cell)->goroot,
					.sdk_key = gv_run_sdk(s, cell)->key,
					.modules = gv_run_supply(s, cell)->modules,
					.modules_key = gv_run_supply(s, cell)->modules_key,
					.run = s->id,
					.uid = info->uid,
					.gid = info->gid,
					.number = (unsigned)cell };
}

static void
add_cell(struct gv_run_state *s, size_t i)
{
	const struct gv_matrix_cell *c = &s->r->matrix->cells[i];
	gv_autofree char *platform = gv_xstrdup(c->platform[0] != '\0' ? c->platform : gv_platform_host());

	for (char *p = platform; *p != '\0'; p++)
		if (*p == '-')
			*p = '/';
	gv_assemble_add(s->out, &(struct gv_cell_facts){ .id = c->id,
							 .moduledir = c->module->dir,
							 .version = c->version,
							 .platform = platform,
							 .tags = c->tags,
							 .env = c->env,
							 .options = s->r->options,
							 .wanted = c->wanted });
}

void
gv_run_init(struct gv_run_state *s, const struct gv_runner *r, struct gv_run_result *out)
{
	*s = (struct gv_run_state){ .r = r, .out = out };
	pthread_mutex_init(&s->lock, NULL);
	make_id(s->id);
	gv_cell_dirs_init(&s->dirs, r->dirs);
	gv_assemble_run(out, &(struct gv_run_facts){ .module = r->project->n > 0 ? r->project->modules[0].path : "",
						     .go = r->project->go,
						     .engine = gv_engine_info(r->engine)->name,
						     .engine_version = gv_engine_info(r->engine)->version });
	for (size_t i = 0; i < r->matrix->n; i++)
		add_cell(s, i);
}

void
gv_run_release(struct gv_run_state *s)
{
	gv_cell_dirs_release(&s->dirs);
	pthread_mutex_destroy(&s->lock);
}
