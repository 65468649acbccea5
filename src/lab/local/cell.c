/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "local/cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "util/alloc.h"
#include "util/text.h"

struct gv_local_cell *
gv_local_new(struct gv_engine *e, const struct gv_cgroup_places *places, const struct gv_cell_spec *spec,
	     struct gv_err *err)
{
	char *id = gv_ledger_id(spec->run, spec->name, err);
	struct gv_local_cell *c;

	if (id == NULL)
		return NULL;
	c = gv_xcalloc(1, sizeof(*c));
	c->base = (struct gv_cell){ .engine = e, .id = id };
	c->child = (struct gv_child)GV_CHILD_INIT;
	c->ledger = (struct gv_ledger)GV_LEDGER_INIT;
	c->ledger.engine = gv_xstrdup(e->info.name);
	gv_cgroup_make(&c->cgroup, places, id, spec->memory_bytes, spec->cpus_milli, spec->pids);
	for (size_t i = 0; i < c->cgroup.dirs.n; i++)
		gv_strv_add(&c->ledger.cgroups, c->cgroup.dirs.v[i]);
	return c;
}

int
gv_local_read(struct gv_cell *cell, char **json, size_t *len, struct gv_err *err)
{
	return gv_child_read(&((struct gv_local_cell *)cell)->child, json, len, err);
}

int
gv_local_finish(struct gv_cell *cell, struct gv_cell_end *end, struct gv_err *err)
{
	struct gv_local_cell *c = (struct gv_local_cell *)cell;

	if (gv_child_finish(&c->child, err) < 0)
		return -1;
	*end = (struct gv_cell_end){ .exit = WIFEXITED(c->child.status) ? WEXITSTATUS(c->child.status) : -1 };
	/* bwrap reports a signal as a shell does. Only a user or the kernel kills an agent. */
	end->vanished = end->exit < 0 || end->exit > 128;
	if (end->exit != 0)
		gv_text_cut(end->detail, sizeof(end->detail), "%s", c->child.said.text);
	return 0;
}

int
gv_local_keep(struct gv_cell *cell, int64_t until, struct gv_err *err)
{
	struct gv_local_cell *c = (struct gv_local_cell *)cell;

	if (c->ledger.remove.n == 0)
		return gv_err_set(err, GV_EUSAGE, "the cell '%s' was not made to be kept", cell->id);
	gv_child_release(&c->child);
	gv_cgroup_release(&c->cgroup);
	gv_strv_release(&c->ledger.cgroups);
	if (gv_ledger_keep(&c->ledger, until, err) < 0)
		return -1;
	c->kept = true;
	return 0;
}

void
gv_local_destroy(struct gv_cell *cell)
{
	struct gv_local_cell *c = (struct gv_local_cell *)cell;

	gv_child_release(&c->child);
	gv_cgroup_release(&c->cgroup);
	if (!c->kept)
		gv_ledger_sweep(&c->ledger, cell->engine->scratch);
	gv_ledger_release(&c->ledger);
	free(c->base.id);
	free(c);
}

void
gv_local_reap(struct gv_engine *e)
{
	gv_ledger_reap(e->state, e->scratch);
}
