/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"
#include "util/auto.h"
#include "validate/cellspec.h"

static struct gv_module module = { .dir = (char[]){ "." }, .path = (char[]){ "example.com/m" } };
static struct gv_project project = { .root = (char[]){ "/src/m" }, .modules = &module, .n = 1 };

/* The line of the plan's environment that begins with `name`, or "". */
static const char *
env_of(const struct gv_cell_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->plan.env.n; i++)
		if (strncmp(spec->plan.env.v[i], name, strlen(name)) == 0)
			return spec->plan.env.v[i];
	return "";
}

static const char *package; /* of the next cell, in a phase "build"; NULL: no phase */

/* With `godebug` the cell that follows another, else the first. */
static int
make_cell(struct gv_cell_spec *spec, const char *env, const char *image, const char *tmp, const char *godebug)
{
	struct gv_validate_opts opts = {
		.timeout_s = 60, .memory_bytes = 1u << 30, .cpus_milli = 2000, .image = image, .fresh = true
	};
	struct gv_matrix_cell cell = { .id = (char[]){ "go1.22.3" },
				       .version = "1.22.3",
				       .platform = "linux/amd64",
				       .tags = "",
				       .env = env,
				       .module = &module };
	struct gv_cell_dirs dirs = { .modcache = (char *)tmp, .buildcache = (char *)tmp };
	struct gv_cellspec_in in = { .cell = &cell,
				     .project = &project,
				     .opts = &opts,
				     .dirs = &dirs,
				     .goroot = "/none",
				     .modules = "/none",
				     .run = "r" };
	struct gv_err err = GV_ERR_INIT;
	int rc;

	memset(spec, 0, sizeof(*spec));
	if (package != NULL) {
		gv_strv_add(&opts.phases, "build");
		gv_strv_add(&opts.packages, package);
	}
	rc = godebug != NULL ? gv_cellspec_followup(spec, &in, godebug, NULL, &err) : gv_cellspec_make(spec, &in, &err);
	gv_strv_release(&opts.phases);
	gv_strv_release(&opts.packages);
	return rc;
}

static int
make(struct gv_cell_spec *spec, const char *env, const char *image, const char *tmp)
{
	return make_cell(spec, env, image, tmp, NULL);
}

/* A cell without cgo gets all commands of the host: go needs no compiler then, but a project's tests may. */
static void
test_path(const char *tmp)
{
	static const char sdk[] = "PATH=" GV_CELL_SDK "/bin:";
	static const struct {
		const char *env, *image, *rest;
	} cases[] = {
		{ "", NULL, "/usr/local/bin:/usr/bin:/bin" },
		{ "GODEBUG=a=1,b=2", NULL, "/usr/local/bin:/usr/bin:/bin" },
		{ "CGO_ENABLED=0", NULL, "/usr/local/bin:/usr/bin:/bin" },
		{ "CGO_ENABLED=1", NULL, "/gover/bin" },
		{ "X=1,CGO_ENABLED=1", NULL, "/gover/bin" },
		{ "CGO_ENABLED=1,CC=gcc", NULL, "/usr/local/bin:/usr/bin:/bin" },
		{ "CGO_ENABLED=1", "golang:1.22", "/usr/local/bin:/usr/bin:/bin" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_cell_spec spec;

		ok(make(&spec, cases[i].env, cases[i].image, tmp) == 0 &&
		       strncmp(env_of(&spec, "PATH="), sdk, sizeof(sdk) - 1) == 0 &&
		       strcmp(env_of(&spec, "PATH=") + sizeof(sdk) - 1, cases[i].rest) == 0,
		   "commands with '%s'%s: %s", cases[i].env, cases[i].image != NULL ? " and an image" : "",
		   cases[i].rest);
		gv_cellspec_release(&spec);
	}
}

/* The caller's GOWORK selects the modules, so the cells get it too. */
static void
test_gowork(const char *tmp)
{
	struct gv_cell_spec spec;

	unsetenv("GOWORK");
	ok(make(&spec, "", NULL, tmp) == 0 && strcmp(env_of(&spec, "GOWORK="), "") == 0, "no GOWORK");
	gv_cellspec_release(&spec);
	setenv("GOWORK", "off", 1);
	ok(make(&spec, "", NULL, tmp) == 0 && strcmp(env_of(&spec, "GOWORK="), "GOWORK=off") == 0, "GOWORK=off");
	gv_cellspec_release(&spec);
	unsetenv("GOWORK");
}

/* An engine without mounts puts real paths into these variables, and into no word that the user typed. */
static void
test_paths(const char *tmp)
{
	static const char *const ours[] = { "PATH", "HOME", "TMPDIR", "GOCACHE", "GOMODCACHE", "GOWORK" };
	struct gv_cell_spec spec;
	bool all = true;

	ok(make(&spec, "", NULL, tmp) == 0, "a cell");
	for (size_t i = 0; i < GV_ARRAY_LEN(ours); i++)
		all = all && gv_strv_has(&spec.env_paths, ours[i]);
	ok(all && spec.env_paths.n == GV_ARRAY_LEN(ours), "the variables that name places in the cell");
	gv_cellspec_release(&spec);
	ok(make(&spec, "TMPDIR=/tmp/x,Y=/tmp", NULL, tmp) == 0 && !gv_strv_has(&spec.env_paths, "TMPDIR") &&
	       !gv_strv_has(&spec.env_paths, "Y") && gv_strv_has(&spec.env_paths, "HOME"),
	   "not those that the user sets");
	gv_cellspec_release(&spec);
}

/* The copy of the project is not always at the project's own path. */
static void
test_packages(const char *tmp)
{
	static const struct {
		const char *dir, *package, *want;
	} cases[] = {
		{ ".", "./...", "./..." },
		{ ".", "/src/m", "." },
		{ ".", "/src/m/a:b/...", "./a:b/..." },
		{ ".", "/src/m2/x", "/src/m2/x" },
		{ "in/n", "/src/m/in/n/x", "./x" },
		{ "in/n", "/src/m/o", "../../o" },
		{ "n", "/src/m", ".." },
		{ ".", "example.com/m", "example.com/m" },
	};
	char *dir = module.dir;

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_cell_spec spec;
		const struct gv_strv *argv;

		module.dir = (char *)cases[i].dir;
		package = cases[i].package;
		tap_need(make(&spec, "", NULL, tmp) == 0 && spec.plan.n_phases == 1, "a cell with a phase");
		argv = &spec.plan.phases[0].argv;
		ok(strcmp(argv->v[argv->n - 1], cases[i].want) == 0, "package '%s' in '%s': '%s'", cases[i].package,
		   cases[i].dir, argv->v[argv->n - 1]);
		gv_cellspec_release(&spec);
	}
	module.dir = dir;
	package = NULL;
}

/* Of a variable that is there twice Go takes the first, so the settings that may cure join those of --env. */
static void
test_godebug(const char *tmp)
{
	static const struct {
		const char *env, *want;
	} cases[] = {
		{ "", "GODEBUG=z=1" },
		{ "GODEBUG=a=1,b=2", "GODEBUG=a=1,b=2,z=1" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_cell_spec spec;

		ok(make_cell(&spec, cases[i].env, NULL, tmp, "z=1") == 0 &&
		       strcmp(env_of(&spec, "GODEBUG="), cases[i].want) == 0,
		   "z=1 besides '%s': %s", cases[i].env, cases[i].want);
		gv_cellspec_release(&spec);
	}
}

int
main(void)
{
	char tmp[] = "/tmp/cellspec_test.XXXXXX";

	tap_need(mkdtemp(tmp) != NULL, "a directory");
	test_path(tmp);
	test_gowork(tmp);
	test_godebug(tmp);
	test_paths(tmp);
	test_packages(tmp);
	rmdir(tmp);
	return tap_done();
}
