/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/validation.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/jsonw.h"
#include "validate/bisect.h"
#include "version/known.h"
#include "version/request.h"

struct bisect_fields {
	const char *first_bad, *phase, *test, *engine, *timeout;
	struct gv_strv packages;
};

static const struct gv_opt bisect_rows[] = {
	GV_OPT_STR("first-bad", 0, struct bisect_fields, first_bad, "A..B",
		   "Find the first release after A that breaks"),
	GV_OPT_STR("phase", 0, struct bisect_fields, phase, "PHASE",
		   "Phase that must pass: build, vet or test (default: all)"),
	GV_OPT_STR("test", 0, struct bisect_fields, test, "NAME", "This test must pass"),
	GV_OPT_LIST("packages", 0, struct bisect_fields, packages, "LIST", "Use these packages instead of ./..."),
	GV_OPT_STR("engine", 0, struct bisect_fields, engine, "NAME", "Engine to use: docker, podman, bwrap or host"),
	GV_OPT_STR("timeout", 0, struct bisect_fields, timeout, "TIME", "Time limit of each phase, such as 90s or 10m"),
	GV_OPT_END,
};

/* The releases from A to B, ascending. Prereleases are included only if A or B is one. */
static int
between(struct validation *v, const char *range, struct gv_strv *out, struct gv_err *err)
{
	gv_autofree char *index = gv_dirs_index_file(&v->core.dirs), *a = NULL;
	gv_autoknown struct gv_known known = { 0 };
	gv_autostrv struct gv_strv ends = GV_STRV_INIT;
	struct gv_err warn = GV_ERR_INIT;
	const char *dots = strstr(range, "..");
	char *requests[2];
	bool pre;

	if (dots == NULL)
		return gv_err_set(err, GV_EUSAGE, "--first-bad: '%s' is not of the form A..B", range);
	a = gv_xstrndup(range, (size_t)(dots - range));
	requests[0] = a;
	requests[1] = (char *)dots + 2;
	if (gv_core_select(&v->core, 2, requests, &ends, err) < 0)
		return -1;
	if (ends.n != 2 || gv_version_cmp(ends.v[0], ends.v[1]) >= 0)
		return gv_err_set(err, GV_EUSAGE,
				  "--first-bad: in '%s' the first version must be older than the second", range);
	pre = gv_version_is_prerelease(ends.v[0]) || gv_version_is_prerelease(ends.v[1]);
	gv_known_load(&known, index, &warn);
	for (size_t i = 0; i < known.n; i++) {
		const char *version = known.releases[i].version;

		if (gv_version_cmp(version, ends.v[0]) >= 0 && gv_version_cmp(version, ends.v[1]) <= 0 &&
		    (pre || !gv_version_is_prerelease(version)))
			gv_strv_add(out, version);
	}
	return 0;
}

static enum gv_bisect_state
state_of(const struct gv_run_result *r, bool first_bad)
{
	bool any = false;

	for (size_t i = 0; i < r->n_cells; i++) {
		if (r->cells[i].verdict == GV_INCOMPATIBLE)
			return first_bad ? GV_BISECT_YES : GV_BISECT_NO;
		if (r->cells[i].verdict != GV_COMPATIBLE)
			return GV_BISECT_UNTESTABLE;
		any = true;
	}
	if (!any)
		return GV_BISECT_UNTESTABLE;
	return first_bad ? GV_BISECT_NO : GV_BISECT_YES;
}

/* Run one version and pass the result to the search. */
static int
step(struct validation *v, const struct validate_fields *f, const char *version, struct gv_bisect *b, size_t i,
     bool first_bad, struct gv_err *err)
{
	gv_autostrv struct gv_strv one = GV_STRV_INIT;
	gv_automatrix struct gv_matrix m = { 0 };
	struct gv_run_result r = { 0 };

	gv_strv_add(&one, version);
	if (validation_matrix(v, f, &one, &m, err) < 0 || validation_run(v, &m, &r, err) < 0) {
		gv_run_result_release(&r);
		return -1;
	}
	gv_bisect_tell(b, i, state_of(&r, first_bad));
	gv_run_result_release(&r);
	return 0;
}

static void
print_json(const struct gv_bisect *b, const struct gv_strv *versions, bool first_bad)
{
	static const char *const names[] = { "untried", "yes", "no", "untestable" };
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "question", first_bad ? "first-bad" : "lowest-compatible");
	gv_jsonout_str(&j, "answer", b->answer < b->n ? versions->v[b->answer] : NULL);
	gv_jsonout_str(&j, "maybe_from", b->uncertain < b->n ? versions->v[b->uncertain] : NULL);
	gv_jsonout_bool(&j, "monotonic", b->monotonic);
	gv_jsonout_open(&j, "tried", '[');
	for (size_t i = 0; i < b->n; i++) {
		if (b->state[i] == GV_BISECT_UNASKED)
			continue;
		gv_jsonout_open(&j, NULL, '{');
		gv_jsonout_str(&j, "version", versions->v[i]);
		gv_jsonout_str(&j, "state", names[b->state[i]]);
		gv_jsonout_close(&j, '}');
	}
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_print(&j);
}

static int
answer(const struct gv_globals *g, const struct gv_bisect *b, const struct gv_strv *versions, bool first_bad)
{
	bool untestable = false;

	for (size_t i = 0; i < b->n; i++)
		untestable = untestable || b->state[i] == GV_BISECT_UNTESTABLE;
	if (g->json)
		print_json(b, versions, first_bad);
	if (first_bad && b->state[0] == GV_BISECT_YES) {
		gv_msg_errorf("name an older version that works", "go%s does not work either", versions->v[0]);
		return GV_EXIT_FAILURE;
	}
	if (!g->json && b->answer < b->n)
		printf("%s\n", versions->v[b->answer]);
	if (b->answer == b->n) {
		gv_msg_errorf(NULL,
			      untestable  ? "no result: the versions that decide it could not be tested"
			      : first_bad ? "no version from go%s to go%s breaks"
					  : "no version from go%s to go%s is compatible",
			      versions->v[0], versions->v[b->n - 1]);
		return untestable ? GV_EXIT_NOT_FOUND : GV_EXIT_FAILURE;
	}
	gv_msg_info(first_bad ? "the first release that breaks is go%s" : "the lowest compatible version is go%s",
		    versions->v[b->answer]);
	if (!b->monotonic)
		gv_msg_warn(
		    "verdicts are not monotonic: a version above go%s has another verdict, or one below has the same",
		    versions->v[b->answer]);
	if (b->uncertain == b->answer)
		return GV_EXIT_OK;
	gv_msg_warn("the answer may be as low as go%s: the versions in between could not be tested",
		    versions->v[b->uncertain]);
	return GV_EXIT_NOT_FOUND;
}

static int
search(const struct gv_globals *g, struct validation *v, const struct validate_fields *f,
       const struct gv_strv *versions, bool first_bad)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_bisect b;
	size_t i;
	int rc = 0, status;

	gv_bisect_init(&b, versions->n);
	b.ends = first_bad;
	while (rc == 0 && gv_bisect_next(&b, &i))
		rc = step(v, f, versions->v[i], &b, i, first_bad, &err);
	status = rc < 0 ? validation_fail(&err) : answer(g, &b, versions, first_bad);
	gv_bisect_release(&b);
	return status;
}

/* Convert bisect's options into validate's. */
static struct validate_fields
as_validate(const struct bisect_fields *b)
{
	struct validate_fields f = { .engine = b->engine, .timeout = b->timeout };

	if (b->test != NULL || b->phase != NULL)
		gv_strv_add(&f.phases, b->test != NULL ? "test" : b->phase);
	if (b->test != NULL)
		gv_strv_take(&f.test_args, gv_xasprintf("-run=%s", b->test));
	for (size_t i = 0; i < b->packages.n; i++)
		gv_strv_add(&f.packages, b->packages.v[i]);
	return f;
}

static int
bisect_run(const struct gv_globals *g, void *fields, int argc, char **argv)
{
	const struct bisect_fields *b = fields;
	struct validate_fields f = as_validate(b);
	struct validation v = VALIDATION_INIT;
	gv_autostrv struct gv_strv versions = GV_STRV_INIT;
	struct gv_err err = GV_ERR_INIT;
	bool first_bad = b->first_bad != NULL;
	int rc, status;

	rc = validation_begin(&v, &err);
	if (rc == 0)
		rc = validation_project(&v, &err);
	if (rc == 0)
		rc = first_bad ? between(&v, b->first_bad, &versions, &err)
			       : validation_versions(&v, argc, argv, &versions, &err);
	if (rc == 0)
		rc = validation_open(&v, &f, &err);
	status = rc < 0 ? validation_fail(&err) : search(g, &v, &f, &versions, first_bad);
	validation_close(&v);
	gv_opt_release(validate_rows, &f);
	return status;
}

const struct gv_cmd gv_cmd_bisect = {
	.name = "bisect",
	.args = "[VERSION]...",
	.details =
	    "Finds the lowest version that is compatible with the project of this directory. It searches the versions named,\n"
	    "otherwise the newest patch of each minor from the go line to the newest. With --first-bad it finds the first\n"
	    "release that breaks. The answer is the only line on standard output.\n",
	.min_args = 0,
	.max_args = -1,
	.json = true,
	.opts = bisect_rows,
	.opts_size = sizeof(struct bisect_fields),
	.run = bisect_run,
};
