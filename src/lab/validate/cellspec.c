/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/cellspec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge/followup.h"
#include "shell/goenv.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "verify/hash.h"

#define SCRATCH_DEFAULT (4ull << 30) /* bytes of each writable place in a cell */

void
gv_cell_dirs_init(struct gv_cell_dirs *c, const struct gv_dirs *d)
{
	c->modcache = gv_path_join(d->cache, "validate/mod");
	c->views = gv_path_join(d->cache, "validate/view");
	c->buildcache = gv_path_join(d->cache, "validate/build");
	gv_strv_add(&c->own, d->data);
	gv_strv_add(&c->own, d->cache);
	gv_strv_add(&c->own, d->state);
}

void
gv_cell_dirs_release(struct gv_cell_dirs *c)
{
	free(c->modcache);
	free(c->views);
	free(c->buildcache);
	gv_strv_release(&c->own);
	memset(c, 0, sizeof(*c));
}

void
gv_cellspec_release(struct gv_cell_spec *spec)
{
	for (size_t i = 0; i < spec->n_binds; i++) {
		free(spec->binds[i].source);
		free(spec->binds[i].target);
	}
	free(spec->binds);
	free(spec->run);
	free(spec->name);
	gv_strv_release(&spec->tmpfs);
	gv_strv_release(&spec->env_paths);
	gv_plan_release(&spec->plan);
	memset(spec, 0, sizeof(*spec));
}

/* Mount a directory of this host in the cell. Both strings are copied. */
static void
add_bind(struct gv_cell_spec *spec, const char *source, const char *target, bool writable)
{
	spec->binds = gv_xreallocarray(spec->binds, spec->n_binds + 1, sizeof(*spec->binds));
	spec->binds[spec->n_binds++] = (struct gv_bind){
		.source = gv_xstrdup(source),
		.target = gv_xstrdup(target),
		.writable = writable,
	};
}

/* The same, read-only, and a remote engine keeps it for later cells. `key` is borrowed. */
static void
bind_cached(struct gv_cell_spec *spec, const char *source, const char *target, const char *key)
{
	struct gv_bind *b;

	add_bind(spec, source, target, false);
	b = &spec->binds[spec->n_binds - 1];
	b->cache = true;
	b->key = key;
}

char *
gv_cellspec_module_dir(const struct gv_cellspec_in *in)
{
	return strcmp(in->cell->module->dir, ".") == 0 ? gv_xstrdup(in->project->root)
						       : gv_path_join(in->project->root, in->cell->module->dir);
}

/*
 * The name of the build cache for this version, user and environment. It has only a hash of the environment: a value
 * may be secret, and every user of the machine can read the name in command lines and mount tables. Caller frees.
 */
static char *
cache_name(const struct gv_cellspec_in *in)
{
	const struct gv_matrix_cell *cell = in->cell;
	uint8_t sum[GV_SHA256_LEN];
	char hex[17];

	if (cell->env[0] == '\0')
		return gv_xasprintf("go%s-%u", cell->version, in->uid);
	gv_sha256_of(cell->env, strlen(cell->env), sum);
	gv_hex(hex, sum, (sizeof(hex) - 1) / 2);
	return gv_xasprintf("go%s-%u-%s", cell->version, in->uid, hex);
}

static void
add_environment(struct gv_cell_spec *spec, const struct gv_cellspec_in *in)
{
	static const char *const paths[] = { "PATH", "GOWORK", "GOCACHE", "GOMODCACHE", "HOME", "TMPDIR" };

	/* A variable that --env sets holds what the user wrote, not a path in the cell. */
	for (size_t i = 0; i < GV_ARRAY_LEN(paths); i++)
		if (!gv_goenv_axis_sets(in->cell->env, paths[i]))
			gv_strv_add(&spec->env_paths, paths[i]);
	gv_goenv_cell(&spec->plan.env, &(struct gv_goenv_cell){
					   .sdk = GV_CELL_SDK,
					   .bin = GV_CELL_BIN,
					   .cache = GV_CELL_CACHE,
					   .mod = GV_CELL_MOD,
					   .platform = in->cell->cross ? in->cell->platform : NULL,
					   .axis = in->cell->env,
					   .image = in->opts->image != NULL,
					   .cpus_milli = in->opts->cpus_milli,
				       });
}

/*
 * The package as the go command in the cell gets it. An absolute path below the project's root becomes relative to the
 * module's directory, because the copy may have another path. Caller frees.
 */
static char *
package_word(const struct gv_cellspec_in *in, const char *package)
{
	gv_autofree char *dir = gv_cellspec_module_dir(in);
	const char *root = in->project->root;
	char *word;

	if (!gv_path_is_below(package, root))
		return gv_xstrdup(package);
	if (gv_path_is_below(package, dir))
		return gv_xasprintf(".%s", package + strlen(dir));
	word = gv_xasprintf("..%s", package + strlen(root));
	for (const char *p = in->cell->module->dir; (p = strchr(p, '/')) != NULL; p++) {
		char *deeper = gv_xasprintf("../%s", word);

		free(word);
		word = deeper;
	}
	return word;
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
		/* Shorter than the agent's deadline, so that go test itself ends and says which test hung. */
		gv_strv_take(&p->argv,
			     gv_xasprintf("-timeout=%us", in->opts->timeout_s > 20 ? in->opts->timeout_s - 10
										   : in->opts->timeout_s / 2 + 1));
	}
	for (size_t i = 0; i < in->opts->packages.n; i++)
		gv_strv_take(&p->argv, package_word(in, in->opts->packages.v[i]));
	for (size_t i = 0; test && i < in->opts->test_args.n; i++)
		gv_strv_add(&p->argv, in->opts->test_args.v[i]);
}

/* Add the follow-ups of the phase `base`, and their follow-ups. */
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

		add_phase(plan, in, name, "always",
			  (const char *[]){ race ? "test" : name, race ? "-race" : NULL, NULL });
		add_followups(plan, in, name, race);
	}
}

void
gv_cellspec_copy(struct gv_cell_spec *spec, const struct gv_cellspec_in *in)
{
	struct gv_plan *plan = &spec->plan;
	const char *root = in->project->root;
	size_t len = strlen(root);

	add_bind(spec, root, GV_CELL_SRC, false);
	gv_strv_add(&spec->tmpfs, root);
	plan->copy_from = gv_xstrdup(GV_CELL_SRC);
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

	bind_cached(spec, in->goroot, GV_CELL_SDK, in->sdk_key);
	bind_cached(spec, in->modules, GV_CELL_MOD, in->modules_key);
	if (buildcache != NULL) {
		add_bind(spec, buildcache, GV_CELL_CACHE, true);
		spec->binds[spec->n_binds - 1].cache = true;
	} else {
		gv_strv_add(&spec->tmpfs, GV_CELL_CACHE);
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
	/* If root runs gover, cells run as another user, who must own what they write. */
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
	spec->libc = interp != NULL || gv_goenv_axis_sets(in->cell->env, "CGO_ENABLED");
	add_places(spec, in, o->fresh ? NULL : build);
	add_environment(spec, in);
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

/* Add the settings after those that the environment has. If both name one, the last wins. */
static void
add_godebug(struct gv_strv *env, const char *settings)
{
	static const char name[] = "GODEBUG=";

	for (size_t i = 0; i < env->n; i++) {
		char *line = env->v[i];

		if (strncmp(line, name, sizeof(name) - 1) != 0)
			continue;
		env->v[i] = gv_xasprintf("%s,%s", line, settings);
		free(line);
		return;
	}
	gv_strv_take(env, gv_xasprintf("%s%s", name, settings));
}

int
gv_cellspec_followup(struct gv_cell_spec *spec, const struct gv_cellspec_in *in, const char *godebug, const char *run,
		     struct gv_err *err)
{
	gv_autofree char *only = run != NULL ? gv_xasprintf("-run=%s", run) : NULL;

	if (make_surroundings(spec, in, err) < 0)
		return -1;
	/* Its own name, because the cell that it follows may have been kept. */
	free(spec->name);
	spec->name = gv_xasprintf("godebug-go%s-%u", in->cell->version, in->number);
	spec->keep = false;
	add_godebug(&spec->plan.env, godebug);
	add_phase(&spec->plan, in, "test", "always", (const char *[]){ "test", only, NULL });
	spec->plan.deadline_s = in->opts->timeout_s * 2;
	return 0;
}
