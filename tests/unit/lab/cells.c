/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/unit/lab/cells.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "docker/docker.h"
#include "local/local.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"

char *cells_work, *cells_project;
struct gv_dirs cells_dirs;
const char *cells_kind;
static char *agent;

void
spec_init(struct gv_cell_spec *s, const char *name)
{
	static const char *const tmpfs[] = { "/tmp", "/home/gover" };
	static const char *const env_paths[] = { "PATH", "HOME", "TMPDIR" };

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
	s->binds[s->n_binds++] = (struct gv_bind){ .source = gv_xstrdup(cells_project),
						   .target = gv_xstrdup("/gover/src") };
	for (size_t i = 0; i < GV_ARRAY_LEN(tmpfs); i++)
		gv_strv_add(&s->tmpfs, tmpfs[i]);
	gv_strv_add(&s->tmpfs, cells_project);
	s->plan.deadline_s = 60;
	s->plan.copy_from = gv_xstrdup("/gover/src");
	s->plan.copy_to = gv_xstrdup(cells_project);
	s->plan.dir = gv_xstrdup(cells_project);
	gv_strv_add(&s->plan.env, "PATH=/gover/bin:/usr/bin:/bin");
	gv_strv_add(&s->plan.env, "HOME=/home/gover");
	gv_strv_add(&s->plan.env, "TMPDIR=/tmp");
	for (size_t i = 0; i < GV_ARRAY_LEN(env_paths); i++)
		gv_strv_add(&s->env_paths, env_paths[i]);
}

void
spec_free(struct gv_cell_spec *s)
{
	for (size_t i = 0; i < s->n_binds; i++) {
		free(s->binds[i].source);
		free(s->binds[i].target);
	}
	free(s->binds);
	free(s->run);
	free(s->name);
	gv_strv_release(&s->tmpfs);
	gv_strv_release(&s->env_paths);
	gv_plan_release(&s->plan);
}

void
spec_phase(struct gv_cell_spec *s, const char *name, const char *script)
{
	struct gv_plan_phase *ph = gv_plan_add(&s->plan, name, 50, "always");

	gv_strv_add(&ph->argv, "sh");
	gv_strv_add(&ph->argv, "-c");
	gv_strv_add(&ph->argv, script);
}

char *
cell_frames(struct gv_cell *c, struct gv_cell_end *end)
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

char *
cell_run(struct gv_engine *e, struct gv_cell_spec *s, struct gv_cell_end *end)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_cell *c = gv_cell_start(e, s, &err);
	char *answer;

	*end = (struct gv_cell_end){ .exit = -2 };
	answer = c != NULL ? cell_frames(c, end) : gv_xasprintf("error: %s\n", err.msg);
	gv_cell_destroy(c);
	spec_free(s);
	return answer;
}

bool
has(const char *answer, const char *text)
{
	if (strstr(answer, text) != NULL)
		return true;
	printf("# missing: %s\n# in: %.3000s\n", text, answer);
	return false;
}

unsigned
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

bool
nothing_left(void)
{
	return entries(cells_dirs.state, "cells") == 0 && entries(cells_dirs.cache, "scratch") == 0;
}

static void
remove_all(const char *path)
{
	struct gv_err err = GV_ERR_INIT;

	if (gv_fs_remove_tree(AT_FDCWD, path, &err) < 0)
		printf("# %s\n", err.msg);
}

bool
cells_setup(void)
{
	static char dir[] = "/var/tmp/gover-engine-test-XXXXXX";
	const char *top = getenv("top_builddir");
	gv_autofree char *built = gv_path_join(top != NULL ? top : ".", "gover-agent"), *file = NULL;
	struct gv_err err = GV_ERR_INIT;

	setvbuf(stdout, NULL, _IOLBF, 0);
	agent = realpath(built, NULL);
	cells_work = mkdtemp(dir);
	if (cells_work == NULL || agent == NULL || chmod(cells_work, 0755) < 0)
		return false;
	cells_project = gv_path_join(cells_work, "project");
	cells_dirs.state = gv_path_join(cells_work, "state");
	cells_dirs.cache = gv_path_join(cells_work, "cache");
	file = gv_path_join(cells_project, "main.go");
	return mkdir(cells_project, 0755) == 0 && gv_fs_replace(file, "package main\n", 13, 0644, &err) == 0;
}

void
cells_clean(void)
{
	remove_all(cells_work);
	free(cells_project);
	free(cells_dirs.state);
	free(cells_dirs.cache);
	free(agent);
}

struct gv_engine *
cells_again(struct gv_strv *why, struct gv_err *err)
{
	gv_engine_open_fn *open = strcmp(cells_kind, "bwrap") == 0    ? gv_bwrap_open
				  : strcmp(cells_kind, "host") == 0   ? gv_host_open
				  : strcmp(cells_kind, "podman") == 0 ? gv_podman_open
								      : gv_docker_open;

	return open(agent, &cells_dirs, why, err);
}

struct gv_engine *
cells_open(const char *arg)
{
	static char name[32];
	gv_autostrv struct gv_strv why = GV_STRV_INIT;
	struct gv_err err = GV_ERR_INIT;
	const char *address = strchr(arg, '=');
	struct gv_engine *e;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(arg, "="), arg);
	cells_kind = name;
	if (address != NULL)
		setenv("DOCKER_HOST", address + 1, 1);
	remove_all(cells_dirs.state);
	remove_all(cells_dirs.cache);
	if (mkdir(cells_dirs.state, 0755) < 0 || mkdir(cells_dirs.cache, 0755) < 0) {
		printf("Bail out! no directories in '%s'\n", cells_work);
		exit(1);
	}
	e = cells_again(&why, &err);
	for (size_t i = 0; i < why.n; i++)
		printf("# %s\n", why.v[i]);
	return e;
}
