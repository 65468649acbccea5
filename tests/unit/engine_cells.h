/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_ENGINE_CELLS_H
#define GV_TESTS_ENGINE_CELLS_H

/* What the tests of engines share: making a cell's spec, running it, and looking for what it left. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "engine/engine.h"
#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"

/* Real cells, in bubblewrap where the kernel allows it, and on the host. */
static char *work, *project;
static struct gv_dirs dirs;
static const char *kind; /* for the names of tests */
static bool daemon_engine;

static void
spec_init(struct gv_cell_spec *s, const char *name)
{
	static const char *const tmpfs[] = { "/tmp", "/home/gover" };

	*s = (struct gv_cell_spec){
		.run = gv_xstrdup("0123abcd"),
		.name = gv_xstrdup(name),
		.scratch_bytes = 64 << 20,
		.memory_bytes = 256 << 20,
		.cpus_milli = 1000,
		.pids = 100,
		.tools = true,
	};
	s->binds = gv_xcalloc(4, sizeof(*s->binds));
	s->binds[s->n_binds++] = (struct gv_bind){ .source = gv_xstrdup(project), .target = gv_xstrdup("/gover/src") };
	for (size_t i = 0; i < GV_ARRAY_LEN(tmpfs); i++)
		gv_strv_add(&s->tmpfs, tmpfs[i]);
	gv_strv_add(&s->tmpfs, project);
	s->plan.deadline_s = 60;
	s->plan.copy_from = gv_xstrdup("/gover/src");
	s->plan.copy_to = gv_xstrdup(project);
	s->plan.dir = gv_xstrdup(project);
	gv_strv_add(&s->plan.env, "PATH=/gover/bin:/usr/bin:/bin");
	gv_strv_add(&s->plan.env, "HOME=/home/gover");
	gv_strv_add(&s->plan.env, "TMPDIR=/tmp");
}

static void
spec_free(struct gv_cell_spec *s)
{
	for (size_t i = 0; i < s->n_binds; i++) {
		free(s->binds[i].source);
		free(s->binds[i].target);
	}
	free(s->binds);
	free(s->run);
	free(s->name);
	gv_strv_free(&s->tmpfs);
	gv_plan_free(&s->plan);
}

static void
phase(struct gv_cell_spec *s, const char *name, const char *script)
{
	struct gv_plan_phase *ph = gv_plan_add(&s->plan, name, 50, "always");

	gv_strv_add(&ph->argv, "sh");
	gv_strv_add(&ph->argv, "-c");
	gv_strv_add(&ph->argv, script);
}

/* All frames of the cell, one a line; what went wrong as "error: ...". */
static char *
frames(struct gv_cell *c, struct gv_cell_end *end)
{
	struct gv_str all = GV_STR_INIT(16 << 20);
	struct gv_err err = GV_ERR_INIT;
	char *json = NULL;
	size_t len;
	int rc;

	while ((rc = gv_cell_read(c, &json, &len, &err)) > 0) {
		gv_str_addn(&all, json, len);
		gv_str_addc(&all, '\n');
		free(json);
	}
	if (rc < 0 || gv_cell_finish(c, end, &err) < 0)
		gv_str_addf(&all, "error: %s\n", err.msg);
	else if (end->detail[0] != '\0')
		gv_str_addf(&all, "detail: %s\n", end->detail);
	return gv_str_finish(&all, &err);
}

static char *
run(struct gv_engine *e, struct gv_cell_spec *s, struct gv_cell_end *end)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_cell *c = gv_cell_start(e, s, &err);
	char *answer;

	*end = (struct gv_cell_end){ .exit = -2 };
	answer = c != NULL ? frames(c, end) : gv_xasprintf("error: %s\n", err.msg);
	gv_cell_destroy(c);
	spec_free(s);
	return answer;
}

static bool
has(const char *answer, const char *text)
{
	if (strstr(answer, text) != NULL)
		return true;
	printf("# missing: %s\n# in: %.3000s\n", text, answer);
	return false;
}

static unsigned
entries(const char *parent, const char *name)
{
	gv_autofree char *path = gv_path_join(parent, name);
	gv_autodir DIR *d = opendir(path);
	struct dirent *e;
	unsigned n = 0;

	while (d != NULL && (e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	return n;
}

static bool
nothing_left(void)
{
	return entries(dirs.state, "cells") == 0 && entries(dirs.cache, "scratch") == 0;
}

#endif
