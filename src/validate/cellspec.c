/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/cellspec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "validate/followup.h"

#define SCRATCH_DEFAULT (4ull << 30) /* bytes of each writable place in a cell */

void
gv_cell_dirs_init(struct gv_cell_dirs *c, const struct gv_dirs *d)
{
	c->modcache = gv_path_join(d->cache, "validate/mod");
	c->buildcache = gv_path_join(d->cache, "validate/build");
	gv_strv_add(&c->own, d->data);
	gv_strv_add(&c->own, d->cache);
	gv_strv_add(&c->own, d->state);
}

void
gv_cell_dirs_free(struct gv_cell_dirs *c)
{
	free(c->modcache);
	free(c->buildcache);
	gv_strv_free(&c->own);
	memset(c, 0, sizeof(*c));
}

void
gv_cellspec_free(struct gv_cell_spec *spec)
{
	for (size_t i = 0; i < spec->n_binds; i++) {
		free(spec->binds[i].source);
		free(spec->binds[i].target);
	}
	free(spec->binds);
	free(spec->run);
	free(spec->name);
	gv_strv_free(&spec->tmpfs);
	gv_plan_free(&spec->plan);
	memset(spec, 0, sizeof(*spec));
}

void
gv_cellspec_bind(struct gv_cell_spec *spec, const char *source, const char *target, bool writable)
{
	spec->binds = gv_xreallocarray(spec->binds, spec->n_binds + 1, sizeof(*spec->binds));
	spec->binds[spec->n_binds++] = (struct gv_bind){
		.source = gv_xstrdup(source), .target = gv_xstrdup(target), .writable = writable,
	};
}

/* A directory that a remote engine keeps. */
static void
bind_cached(struct gv_cell_spec *spec, const char *source, const char *target, const char *key, const struct gv_strv *only)
{
	struct gv_bind *b;

	gv_cellspec_bind(spec, source, target, false);
	b = &spec->binds[spec->n_binds - 1];
	b->cache = true;
	b->key = key;
	b->only = only;
}

char *
gv_cellspec_module_dir(const struct gv_cellspec_in *in)
{
	return strcmp(in->cell->module->dir, ".") == 0 ? gv_xstrdup(in->project->root) :
							gv_path_join(in->project->root, in->cell->module->dir);
}

/* A directory name for one kind of build cache: the environment's value spelt with safe characters. */
static char *
cache_name(const struct gv_cellspec_in *in)
{
	const struct gv_matrix_cell *cell = in->cell;
	char *name = gv_xasprintf("go%s-%u%s%s", cell->version, in->uid,
				  cell->env[0] != '\0' ? "-" : "", cell->env);

	for (char *p = name; *p != '\0'; p++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-=_", *p) == NULL)
			*p = '_';
	return name;
}

/* What the axis value "K=V,K=V" gives `name`, up to the next comma or the end; NULL when it does not set it. */
static const char *
env_value(const char *env, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = env; p != NULL && *p != '\0'; p = strchr(p, ',') != NULL ? strchr(p, ',') + 1 : NULL)
		if (strncmp(p, name, len) == 0 && p[len] == '=')
			return p + len + 1;
	return NULL;
}

static bool
env_sets(const char *env, const char *name)
{
	return env_value(env, name) != NULL;
}

/* A comma also belongs to a value ("GODEBUG=a=1,b=2"): a new pair begins only where NAME= in capitals follows. */
static void
add_env_axis(struct gv_strv *env, const char *value)
{
	static const char name_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	for (const char *start = value; *start != '\0';) {
		const char *end = start;

		while (*end != '\0' && !(*end == ',' && strspn(end + 1, name_chars) > 0 &&
					 end[1 + strspn(end + 1, name_chars)] == '='))
			end++;
		gv_strv_addn(env, start, (size_t)(end - start));
		start = *end == ',' ? end + 1 : end;
	}
}

/*
 * With cgo on, a C compiler found by chance would link to what is not part of the cell's definition: PATH is /gover/bin, which has
 * none, until CC names one. With cgo off, go calls no compiler, and tests find all commands of this host, as they do outside.
 */
static const char *
search_path(const struct gv_cellspec_in *in)
{
	const char *env = in->cell->env, *cgo = env_value(env, "CGO_ENABLED");
	bool cgo_on = cgo != NULL && strncmp(cgo, "0", 1) != 0;

	if (in->opts->image == NULL && cgo_on && !env_sets(env, "CC"))
		return "PATH=" GV_CELL_SDK "/bin:/gover/bin";
	return "PATH=" GV_CELL_SDK "/bin:/usr/local/bin:/usr/bin:/bin";
}

static void
add_environment(struct gv_plan *plan, const struct gv_cellspec_in *in)
{
	static const char *const fixed[] = {
		"HOME=/home/gover",
		"USER=gover",
		"TMPDIR=/tmp",
		"LANG=C.UTF-8",
		"GOENV=off",
		"GOTOOLCHAIN=local",
		"GOTELEMETRY=off",
		"GOFLAGS=",
		"GOPROXY=off",
		"GOSUMDB=off",
		"GOCACHE=/gover/cache",
		"GOMODCACHE=/gover/mod",
	};
	const struct gv_matrix_cell *cell = in->cell;
	const char *work = getenv("GOWORK");

	gv_strv_add(&plan->env, search_path(in));
	if (work != NULL && work[0] != '\0')
		gv_strv_take(&plan->env, gv_xasprintf("GOWORK=%s", work)); /* the project was found by it */
	for (size_t i = 0; i < GV_ARRAY_LEN(fixed); i++)
		gv_strv_add(&plan->env, fixed[i]);
	if (!env_sets(cell->env, "CGO_ENABLED"))
		gv_strv_add(&plan->env, "CGO_ENABLED=0");
	/* As Go 1.25 and later choose by themselves: with one, tests stall that wait for each other. */
	gv_strv_take(&plan->env, gv_xasprintf("GOMAXPROCS=%u", in->opts->cpus_milli > 2000 ? in->opts->cpus_milli / 1000 : 2));
	if (cell->cross) {
		const char *slash = strchr(cell->platform, '/');

		gv_strv_take(&plan->env, gv_xasprintf("GOOS=%.*s", (int)(slash - cell->platform), cell->platform));
		gv_strv_take(&plan->env, gv_xasprintf("GOARCH=%s", slash + 1));
	}
	add_env_axis(&plan->env, cell->env);
}

static void
add_phase(struct gv_plan *plan, const struct gv_cellspec_in *in, const char *name, const char *condition,
	  const char *const *words)
{
	struct gv_plan_phase *p = gv_plan_add(plan, name, in->opts->timeout_s, condition);
	bool test = strcmp(words[0], "test") == 0;

	gv_strv_add(&p->argv, GV_CELL_SDK "/bin/go");
	for (; *words != NULL; words++)
		gv_strv_add(&p->argv, *words);
	if (in->cell->tags[0] != '\0')
		gv_strv_take(&p->argv, gv_xasprintf("-tags=%s", in->cell->tags));
	if (test) {
		if (!in->opts->cached)
			gv_strv_add(&p->argv, "-count=1");
		/* Below the agent's own deadline, so that Go itself says which test hung. */
		gv_strv_take(&p->argv, gv_xasprintf("-timeout=%us", in->opts->timeout_s > 20 ? in->opts->timeout_s - 10 :
											       in->opts->timeout_s / 2 + 1));
	}
	for (size_t i = 0; i < in->opts->packages.n; i++)
		gv_strv_add(&p->argv, in->opts->packages.v[i]);
	for (size_t i = 0; test && i < in->opts->test_args.n; i++)
		gv_strv_add(&p->argv, in->opts->test_args.v[i]);
}

/* What repeats the phase `base`, and what repeats that. */
static void
add_followups(struct gv_plan *plan, const struct gv_cellspec_in *in, const char *base, bool race)
{
	for (size_t i = 0; i < gv_followups_len; i++) {
		const struct gv_followup *f = &gv_followups[i];

		if (strcmp(f->base, base) != 0)
			continue;
		add_phase(plan, in, f->name, f->condition,
			  (const char *[]){ "test", race ? "-race" : f->arg, race ? f->arg : NULL, NULL });
		add_followups(plan, in, f->name, race);
	}
}

static void
add_phases(struct gv_plan *plan, const struct gv_cellspec_in *in)
{
	const struct gv_strv *phases = &in->opts->phases;

	if (in->cell->cross) {
		add_phase(plan, in, "cross", "always", (const char *[]){ "build", NULL });
		return;
	}
	for (size_t i = 0; i < phases->n; i++) {
		const char *name = phases->v[i];

		bool race = strcmp(name, "race") == 0;

		add_phase(plan, in, name, "always", (const char *[]){ race ? "test" : name, race ? "-race" : NULL, NULL });
		add_followups(plan, in, name, race);
	}
}

void
gv_cellspec_copy(struct gv_cell_spec *spec, const struct gv_cellspec_in *in)
{
	struct gv_plan *plan = &spec->plan;
	const char *root = in->project->root;
	size_t len = strlen(root);

	gv_cellspec_bind(spec, root, "/gover/src", false);
	gv_strv_add(&spec->tmpfs, root);
	plan->copy_from = gv_xstrdup("/gover/src");
	plan->copy_to = gv_xstrdup(root);
	plan->dir = gv_cellspec_module_dir(in);
	gv_strv_add(&plan->skip, ".git");
	for (size_t i = 0; i < in->dirs->own.n; i++) {
		const char *own = in->dirs->own.v[i];

		if (strncmp(own, root, len) == 0 && own[len] == '/')
			gv_strv_add(&plan->skip, own + len + 1);
	}
}

static void
add_places(struct gv_cell_spec *spec, const struct gv_cellspec_in *in, const char *buildcache)
{
	struct gv_plan *plan = &spec->plan;

	bind_cached(spec, in->goroot, GV_CELL_SDK, in->sdk_key, NULL);
	if (in->modules != NULL)
		bind_cached(spec, in->dirs->modcache, "/gover/mod", in->modules->key, &in->modules->paths);
	else
		gv_cellspec_bind(spec, in->dirs->modcache, "/gover/mod", false);
	if (buildcache != NULL) {
		gv_cellspec_bind(spec, buildcache, "/gover/cache", true);
		spec->binds[spec->n_binds - 1].cache = true;
	} else {
		gv_strv_add(&spec->tmpfs, "/gover/cache");
	}
	gv_strv_add(&spec->tmpfs, "/tmp");
	gv_strv_add(&spec->tmpfs, "/home/gover");
	gv_cellspec_copy(spec, in);
	plan->go_path = gv_xstrdup(GV_CELL_SDK "/bin/go");
	plan->go_version = gv_xasprintf("go%s", in->cell->version);
}

static int
make_surroundings(struct gv_cell_spec *spec, const struct gv_cellspec_in *in, struct gv_err *err)
{
	const struct gv_validate_opts *o = in->opts;
	gv_autofree char *go = gv_path_join(in->goroot, "bin/go"), *interp = gv_elf_interp(go);
	gv_autofree char *name = cache_name(in), *build = gv_path_join(in->dirs->buildcache, name);

	if (gv_fs_mkdir_p(in->dirs->modcache, err) < 0 || (!o->fresh && gv_fs_mkdir_p(build, err) < 0))
		return -1;
	/* Root's cells run as another user, who must own what he writes. */
	if (!o->fresh && geteuid() != in->uid && chown(build, in->uid, in->gid) < 0)
		return gv_err_sys(err, GV_EIO, "cannot hand '%s' to uid %u", build, in->uid);
	spec->run = gv_xstrdup(in->run);
	spec->name = gv_xasprintf("go%s-%u", in->cell->version, in->number);
	spec->scratch_bytes = SCRATCH_DEFAULT;
	spec->memory_bytes = o->memory_bytes;
	spec->cpus_milli = o->cpus_milli;
	spec->pids = o->pids;
	spec->image = o->image;
	spec->keep = o->keep_failed;
	spec->tools = o->image == NULL;
	spec->libc = interp != NULL || env_sets(in->cell->env, "CGO_ENABLED");
	add_places(spec, in, o->fresh ? NULL : build);
	add_environment(&spec->plan, in);
	return 0;
}

int
gv_cellspec_make(struct gv_cell_spec *spec, const struct gv_cellspec_in *in, struct gv_err *err)
{
	if (make_surroundings(spec, in, err) < 0)
		return -1;
	add_phases(&spec->plan, in);
	spec->plan.deadline_s = in->opts->timeout_s * (unsigned)(spec->plan.n_phases + 1);
	return 0;
}

int
gv_cellspec_followup(struct gv_cell_spec *spec, const struct gv_cellspec_in *in, const char *env, const char *run,
		     struct gv_err *err)
{
	gv_autofree char *only = run != NULL ? gv_xasprintf("-run=%s", run) : NULL;

	if (make_surroundings(spec, in, err) < 0)
		return -1;
	/* The cell that it follows may have been kept under its own name. */
	free(spec->name);
	spec->name = gv_xasprintf("godebug-go%s-%u", in->cell->version, in->number);
	spec->keep = false;
	gv_strv_add(&spec->plan.env, env);
	add_phase(&spec->plan, in, "test", "always", (const char *[]){ "test", only, NULL });
	spec->plan.deadline_s = in->opts->timeout_s * 2;
	return 0;
}
