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

/* The line of the plan's environment that begins with `name`, "" when there is none. */
static const char *
env_of(const struct gv_cell_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->plan.env.n; i++)
		if (strncmp(spec->plan.env.v[i], name, strlen(name)) == 0)
			return spec->plan.env.v[i];
	return "";
}

static int
make(struct gv_cell_spec *spec, const char *env, const char *image, const char *tmp)
{
	struct gv_validate_opts opts = { .timeout_s = 60, .memory_bytes = 1u << 30, .cpus_milli = 2000, .image = image, .fresh = true };
	struct gv_matrix_cell cell = {
		.id = (char[]){ "go1.22.3" }, .version = "1.22.3", .platform = "linux/amd64", .tags = "", .env = env, .module = &module
	};
	struct gv_cell_dirs dirs = { .modcache = (char *)tmp, .buildcache = (char *)tmp };
	struct gv_cellspec_in in = { .cell = &cell, .project = &project, .opts = &opts, .dirs = &dirs, .goroot = "/none", .run = "r" };
	struct gv_err err = GV_ERR_INIT;

	memset(spec, 0, sizeof(*spec));
	return gv_cellspec_make(spec, &in, &err);
}

/* A cell without cgo has all commands of the host: go needs no compiler then, but a project's tests may. */
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
		   "commands with '%s'%s: %s", cases[i].env, cases[i].image != NULL ? " and an image" : "", cases[i].rest);
		gv_cellspec_free(&spec);
	}
}

/* The caller's GOWORK decides which modules there are, so it holds in the cells, too. */
static void
test_gowork(const char *tmp)
{
	struct gv_cell_spec spec;

	unsetenv("GOWORK");
	ok(make(&spec, "", NULL, tmp) == 0 && strcmp(env_of(&spec, "GOWORK="), "") == 0, "no GOWORK");
	gv_cellspec_free(&spec);
	setenv("GOWORK", "off", 1);
	ok(make(&spec, "", NULL, tmp) == 0 && strcmp(env_of(&spec, "GOWORK="), "GOWORK=off") == 0, "GOWORK=off");
	gv_cellspec_free(&spec);
	unsetenv("GOWORK");
}

int
main(void)
{
	char tmp[] = "/tmp/cellspec_test.XXXXXX";

	if (mkdtemp(tmp) == NULL)
		return 1;
	test_path(tmp);
	test_gowork(tmp);
	rmdir(tmp);
	return tap_done();
}
