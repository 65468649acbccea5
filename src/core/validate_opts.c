/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "core/validate_opts.h"

#include <string.h>

#include "report/repeat.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/num.h"

enum {
	TIMEOUT_DEFAULT_S = 600,
	MEMORY_DEFAULT_MB = 4096,
	PIDS_DEFAULT = 1024,
};

const struct gv_opt validate_rows[] = {
	GV_OPT_STR("engine", 0, struct validate_fields, engine, "NAME", "Engine to use: docker, podman, bwrap or host"),
	GV_OPT_LIST("phase", 0, struct validate_fields, phases, "LIST", "Phases to run: build, vet, test, race"),
	GV_OPT_LIST("report", 0, struct validate_fields, reports, "FORMAT[=FILE]", "Write a report; may be repeated"),
	GV_OPT_LIST("platform", 0, struct validate_fields, platforms, "OS/ARCH",
		    "Also these platforms (foreign ones are only built)"),
	GV_OPT_LIST("tags", 0, struct validate_fields, tags, "TAGS", "Run with these build tags; repeat for more sets"),
	GV_OPT_LIST("env", 0, struct validate_fields, envs, "K=V", "Run with these variables; repeat for more sets"),
	GV_OPT_LIST("packages", 0, struct validate_fields, packages, "LIST", "Use these packages instead of ./..."),
	GV_OPT_LIST("test-args", 0, struct validate_fields, test_args, "ARG", "Add an argument to go test"),
	GV_OPT_LIST("only", 0, struct validate_fields, only, "CELL", "Run only these cells"),
	GV_OPT_STR("jobs", 'j', struct validate_fields, jobs, "N", "Run N cells at a time"),
	GV_OPT_BOOL("fail-fast", 0, struct validate_fields, fail_fast, "Start no more cells after an incompatible one"),
	GV_OPT_STR("timeout", 0, struct validate_fields, timeout, "TIME",
		   "Time limit of each phase, such as 90s or 10m"),
	GV_OPT_STR("memory", 0, struct validate_fields, memory, "SIZE", "Memory limit of a cell, such as 512m or 4g"),
	GV_OPT_STR("cpus", 0, struct validate_fields, cpus, "N", "Processor limit of a cell"),
	GV_OPT_STR("pids", 0, struct validate_fields, pids, "N", "Limit of processes and threads of a cell"),
	GV_OPT_STR("image", 0, struct validate_fields, image, "NAME", "Use this image (docker, podman)"),
	GV_OPT_BOOL("fresh", 0, struct validate_fields, fresh, "Start from an empty build cache"),
	GV_OPT_BOOL("cached", 0, struct validate_fields, cached, "Accept cached test results"),
	GV_OPT_BOOL("keep-failed", 0, struct validate_fields, keep_failed,
		    "Keep the cells of failing phases for a day"),
	GV_OPT_STR("baseline", 0, struct validate_fields, baseline, "FILE", "Compare with an earlier JSON report"),
	GV_OPT_END,
};

/* The positive numbers that an option takes. A suffix multiplies the number. */
struct range {
	const char *option, *help, *suffixes;
	uint64_t factors[3];
	uint64_t max;
};

/* An option that is not given (`text` is NULL) leaves `*out` as it is. */
static int
number(const struct range *r, const char *text, uint64_t *out, struct gv_err *err)
{
	uint64_t n = 0, factor = 1;
	const char *end = text != NULL ? gv_num_prefix(text, r->max, &n) : NULL;

	if (text == NULL)
		return 0;
	if (end != NULL && *end != '\0') {
		const char *s = strchr(r->suffixes, *end);

		factor = s != NULL && end[1] == '\0' ? r->factors[s - r->suffixes] : 0;
	}
	if (end == NULL || factor == 0 || n == 0 || n > r->max / factor) {
		gv_err_set(err, GV_EUSAGE, "--%s: '%s' is not a valid value", r->option, text);
		return gv_err_help(err, "use %s", r->help);
	}
	*out = n * factor;
	return 0;
}

static int
limits(struct gv_validate_opts *o, const struct validate_fields *f, struct gv_err *err)
{
	static const struct range
	    times = { "timeout", "a time of at most 24h, such as 90s or 10m", "smh", { 1, 60, 3600 }, 24 * 3600 },
	    sizes = { "memory", "a size such as 512m or 4g", "kmg", { 1u << 10, 1u << 20, 1u << 30 }, 1ull << 44 },
	    pids = { "pids", "a number from 1 to 4194304", "", { 0 }, 1u << 22 },
	    jobs = { "jobs", "a number from 1 to 64", "", { 0 }, 64 },
	    cpus = { "cpus", "a number from 1 to 4096", "", { 0 }, 4096 };
	uint64_t time_s = TIMEOUT_DEFAULT_S, n_pids = PIDS_DEFAULT, n_jobs = 0, n_cpus = 0;

	o->memory_bytes = (uint64_t)MEMORY_DEFAULT_MB << 20;
	if (number(&times, f->timeout, &time_s, err) < 0 || number(&sizes, f->memory, &o->memory_bytes, err) < 0 ||
	    number(&pids, f->pids, &n_pids, err) < 0 || number(&jobs, f->jobs, &n_jobs, err) < 0 ||
	    number(&cpus, f->cpus, &n_cpus, err) < 0)
		return -1;
	o->timeout_s = (unsigned)time_s;
	o->pids = (unsigned)n_pids;
	o->jobs = (unsigned)n_jobs;
	o->cpus_milli = (unsigned)n_cpus * 1000;
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
	*o = (struct gv_validate_opts){ .image = f->image,
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
	/*
	 * One go command can keep several processors busy, so few cells with many processors finish sooner than many
	 * cells with few.
	 */
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
	gv_strv_release(&o->phases);
	gv_strv_release(&o->packages);
	gv_strv_release(&o->test_args);
}
