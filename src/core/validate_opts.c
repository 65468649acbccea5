/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "core/validate_opts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/repeat.h"
#include "util/alloc.h"
#include "util/auto.h"

enum {
	TIMEOUT_DEFAULT_S = 600,
	MEMORY_DEFAULT_MB = 4096,
	PIDS_DEFAULT = 1024,
};

const struct gv_opt validate_rows[] = {
	GV_OPT_STR("engine", 0, struct validate_fields, engine, "NAME", "docker, podman, bwrap or host"),
	GV_OPT_BOOL("explain-engine", 0, struct validate_fields, explain_engine, "Say which engine is used and why"),
	GV_OPT_LIST("phase", 0, struct validate_fields, phases, "LIST", "Phases to run: build, vet, test, race"),
	GV_OPT_LIST("report", 0, struct validate_fields, reports, "FORMAT[=FILE]", "Write a report; may be repeated"),
	GV_OPT_LIST("platform", 0, struct validate_fields, platforms, "OS/ARCH",
		    "Also these platforms (built, not run)"),
	GV_OPT_LIST("tags", 0, struct validate_fields, tags, "TAGS", "With these build tags; repeat for several sets"),
	GV_OPT_LIST("env", 0, struct validate_fields, envs, "K=V", "With this environment; repeat for several"),
	GV_OPT_LIST("packages", 0, struct validate_fields, packages, "LIST", "Packages instead of ./..."),
	GV_OPT_LIST("test-args", 0, struct validate_fields, test_args, "ARG", "One more argument of go test"),
	GV_OPT_LIST("only", 0, struct validate_fields, only, "CELL", "Only these cells"),
	GV_OPT_STR("jobs", 'j', struct validate_fields, jobs, "N", "Cells at once"),
	GV_OPT_BOOL("fail-fast", 0, struct validate_fields, fail_fast, "Begin no more cells after an incompatible one"),
	GV_OPT_STR("timeout", 0, struct validate_fields, timeout, "TIME", "Limit of each phase, as 90s or 10m"),
	GV_OPT_STR("memory", 0, struct validate_fields, memory, "SIZE", "Memory of a cell, as 512m or 4g"),
	GV_OPT_STR("cpus", 0, struct validate_fields, cpus, "N", "Processors of a cell"),
	GV_OPT_STR("pids", 0, struct validate_fields, pids, "N", "Processes and threads of a cell"),
	GV_OPT_STR("image", 0, struct validate_fields, image, "NAME", "Use this image (docker, podman)"),
	GV_OPT_BOOL("fresh", 0, struct validate_fields, fresh, "Start from an empty build cache"),
	GV_OPT_BOOL("cached", 0, struct validate_fields, cached, "Accept cached test results"),
	GV_OPT_BOOL("keep-failed", 0, struct validate_fields, keep_failed,
		    "Keep the cells of failing phases for a day"),
	GV_OPT_STR("enter", 0, struct validate_fields, enter, "ID", "Open a shell in a kept cell"),
	GV_OPT_STR("baseline", 0, struct validate_fields, baseline, "FILE", "Compare with an earlier JSON report"),
	GV_OPT_STR("emit", 0, struct validate_fields, emit, "FORMAT",
		   "Print a CI matrix: github-matrix or gitlab-matrix"),
	GV_OPT_END,
};

/* A positive number of at most `max`, with the multiplier of the suffix that follows it. */
static int
number(const char *option, const char *text, const char *suffixes, const unsigned long long *factors,
       unsigned long long max, unsigned long long *out, struct gv_err *err)
{
	char *end;
	unsigned long long n, factor = 1;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (*end != '\0') {
		const char *s = strchr(suffixes, *end);

		factor = s != NULL && end[1] == '\0' ? factors[s - suffixes] : 0;
	}
	if (errno != 0 || text[0] < '0' || text[0] > '9' || factor == 0 || n == 0 || n > max / factor)
		return gv_err_set(err, GV_EUSAGE, "--%s '%s' is not a usable value", option, text);
	*out = n * factor;
	return 0;
}

static int
plain(const char *option, const char *text, unsigned long long max, unsigned *out, struct gv_err *err)
{
	unsigned long long n;

	if (number(option, text, "", NULL, max, &n, err) < 0)
		return -1;
	*out = (unsigned)n;
	return 0;
}

static int
limits(struct gv_validate_opts *o, const struct validate_fields *f, struct gv_err *err)
{
	static const unsigned long long times[] = { 1, 60, 3600 }, sizes[] = { 1ull << 10, 1ull << 20, 1ull << 30 };
	unsigned long long n;

	if (f->timeout != NULL) {
		if (number("timeout", f->timeout, "smh", times, 24 * 3600, &n, err) < 0)
			return -1;
		o->timeout_s = (unsigned)n;
	}
	if (f->memory != NULL && number("memory", f->memory, "kmg", sizes, 1ull << 44, &n, err) == 0)
		o->memory_bytes = n;
	else if (f->memory != NULL)
		return -1;
	if (f->pids != NULL && plain("pids", f->pids, 1u << 22, &o->pids, err) < 0)
		return -1;
	if (f->jobs != NULL && plain("jobs", f->jobs, 64, &o->jobs, err) < 0)
		return -1;
	if (f->cpus != NULL) {
		if (plain("cpus", f->cpus, 4096, &o->cpus_milli, err) < 0)
			return -1;
		o->cpus_milli *= 1000;
	}
	return 0;
}

void
validate_split(struct gv_strv *to, const struct gv_strv *from)
{
	for (size_t i = 0; i < from->n; i++)
		for (const char *p = from->v[i]; *p != '\0';) {
			size_t n = strcspn(p, ",");

			if (n > 0)
				gv_strv_addn(to, p, n);
			p += n + (p[n] == ',');
		}
}

static int
phases(struct gv_validate_opts *o, const struct validate_fields *f, struct gv_err *err)
{
	static const char *const known[] = { "build", "vet", "test", "race" };

	validate_split(&o->phases, &f->phases);
	for (size_t i = 0; i < o->phases.n; i++) {
		bool ok = false;

		for (size_t k = 0; k < GV_ARRAY_LEN(known); k++)
			ok = ok || strcmp(o->phases.v[i], known[k]) == 0;
		if (!ok)
			return gv_err_set(err, GV_EUSAGE, "'%s' is not a phase: build, vet, test or race",
					  o->phases.v[i]);
	}
	for (size_t k = 0; k < 3 && f->phases.n == 0; k++)
		gv_strv_add(&o->phases, known[k]);
	return 0;
}

int
validate_opts_make(struct gv_validate_opts *o, const struct validate_fields *f, unsigned ncpu, struct gv_err *err)
{
	*o = (struct gv_validate_opts){ .timeout_s = TIMEOUT_DEFAULT_S,
					.memory_bytes = (uint64_t)MEMORY_DEFAULT_MB << 20,
					.pids = PIDS_DEFAULT,
					.image = f->image,
					.fresh = f->fresh,
					.cached = f->cached,
					.keep_failed = f->keep_failed,
					.fail_fast = f->fail_fast };
	if (limits(o, f, err) < 0 || phases(o, f, err) < 0)
		return -1;
	validate_split(&o->packages, &f->packages);
	if (o->packages.n == 0)
		gv_strv_add(&o->packages, "./...");
	for (size_t i = 0; i < o->packages.n; i++)
		if (o->packages.v[i][0] == '-')
			return gv_err_set(err, GV_EUSAGE, "'%s' is not a package pattern", o->packages.v[i]);
	for (size_t i = 0; i < f->test_args.n; i++)
		gv_strv_add(&o->test_args, f->test_args.v[i]);
	/* The go command keeps several processors busy by itself: few cells with many processors end sooner than the reverse. */
	if (o->jobs == 0)
		o->jobs = ncpu >= 8 ? ncpu / 4 : 1;
	if (o->cpus_milli == 0)
		o->cpus_milli = ncpu / o->jobs > 0 ? ncpu / o->jobs * 1000 : 1000;
	return 0;
}

static void
add_list(struct gv_str *out, const char *name, const struct gv_strv *list)
{
	for (size_t i = 0; i < list->n; i++)
		gv_repeat_option(out, name, list->v[i]);
}

char *
validate_opts_text(const struct validate_fields *f)
{
	gv_autostr struct gv_str all = GV_STR_INIT(65536);
	struct gv_str *out = &all;

	gv_repeat_option(out, "--engine", f->engine);
	gv_repeat_option(out, "--image", f->image);
	add_list(out, "--phase", &f->phases);
	add_list(out, "--packages", &f->packages);
	add_list(out, "--test-args", &f->test_args);
	gv_repeat_option(out, "--timeout", f->timeout);
	gv_repeat_option(out, "--memory", f->memory);
	gv_repeat_option(out, "--cpus", f->cpus);
	gv_repeat_option(out, "--pids", f->pids);
	if (f->fresh)
		gv_str_add(out, " --fresh");
	if (f->cached)
		gv_str_add(out, " --cached");
	return gv_xstrdup(gv_str_text(out) + (out->len > 0));
}

void
validate_opts_free(struct gv_validate_opts *o)
{
	gv_strv_free(&o->phases);
	gv_strv_free(&o->packages);
	gv_strv_free(&o->test_args);
}

int
validate_engine_kind(const char *name, enum gv_engine_kind *kind, struct gv_err *err)
{
	static const struct {
		const char *name;
		enum gv_engine_kind kind;
	} engines[] = {
		{ "auto", GV_ENGINE_AUTO },   { "docker", GV_ENGINE_DOCKER }, { "podman", GV_ENGINE_PODMAN },
		{ "bwrap", GV_ENGINE_BWRAP }, { "host", GV_ENGINE_HOST },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(engines); i++)
		if (strcmp(name != NULL ? name : "auto", engines[i].name) == 0) {
			*kind = engines[i].kind;
			return 0;
		}
	return gv_err_set(err, GV_EUSAGE, "'%s' is not an engine: docker, podman, bwrap or host", name);
}
