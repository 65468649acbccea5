/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_UNIT_PROGRAMS_CASECHECK_H
#define GV_TESTS_UNIT_PROGRAMS_CASECHECK_H

/* Checks a run of a case against what the case expects; part of resolve_cases_test.c. */

#include <jansson.h>
#include <sys/stat.h>

#include "tests/tap.h"
#include "tests/unit/programs/casefile.h"
#include "util/auto.h"

struct result {
	int status; /* as a shell reports it */
	char *out, *err;
	size_t out_len, err_len;
};

static char *
below(const char *root, const char *path)
{
	return gv_xasprintf("%s/%s", root, path);
}

/* The checks return "" or what is wrong; caller frees. */
#define WRONG(...) return gv_xasprintf(__VA_ARGS__)

static bool
names_module(const char *text)
{
	return strstr(text, "go.mod") != NULL || strstr(text, "go.work") != NULL;
}

static bool
same_path(const char *got, const char *want)
{
	struct stat a, b;

	return strcmp(got, want) == 0 ||
	       (stat(got, &a) == 0 && stat(want, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

static char *
check_answer(const struct test_case *c, const char *root, json_t *j, const struct result *r)
{
	const char *version = json_string_value(json_object_get(j, "version"));
	const char *source = json_string_value(json_object_get(j, "source"));
	const char *file = json_string_value(json_object_get(j, "file"));
	json_int_t line = json_integer_value(json_object_get(j, "line"));
	bool warned = json_array_size(json_object_get(j, "warnings")) > 0 || names_module(r->err);

	if (version == NULL || source == NULL)
		WRONG("no version or source in '%s'", r->out);
	if (c->version != NULL && strcmp(version, c->version) != 0 &&
	    !(strcmp(c->version, "system") == 0 && c->system != NULL && strcmp(version, c->system) == 0))
		WRONG("version '%s', want '%s'", version, c->version);
	if (c->source != NULL && strcmp(source, c->source) != 0)
		WRONG("source '%s', want '%s'", source, c->source);
	if (c->file != NULL) {
		gv_autofree char *name = case_path(c, c->file), *want = below(root, name);

		if (file == NULL || !same_path(file, want))
			WRONG("file '%s', want '%s'", file != NULL ? file : "null", want);
	}
	if (c->line > 0 && line != c->line)
		WRONG("line %lld, want %u", (long long)line, c->line);
	if (c->warning != NULL && warned != (strcmp(c->warning, "yes") == 0))
		WRONG("%s", warned ? "a warning" : "no warning");
	return gv_xstrdup("");
}

static char *
check_error(const struct test_case *c, const struct result *r)
{
	const char *colon = strrchr(c->error, ':');

	if (r->status == 0 || r->status >= 126)
		WRONG("exit %d with '%s', want an error", r->status, r->out);
	if (r->err_len == 0)
		WRONG("no message");
	if (strcmp(c->error, "*") != 0 && strstr(r->err, c->error) == NULL)
		WRONG("'%s' is not named in '%.400s'", c->error, r->err);
	if (colon != NULL && colon[1] >= '0' && colon[1] <= '9' && r->status != 2)
		WRONG("exit %d, want 2", r->status);
	return gv_xstrdup("");
}

static char *
check_forbidden(const struct test_case *c, const char *root, const struct result *r)
{
	for (size_t i = 0; i < c->forbid_bytes.n; i++)
		if (strstr(r->out, c->forbid_bytes.v[i]) != NULL || strstr(r->err, c->forbid_bytes.v[i]) != NULL)
			WRONG("forbidden bytes %zu are printed", i);
	for (size_t i = 0; i < c->forbid_lines.n; i++) {
		gv_autofree char *later = gv_xasprintf("\n%s", c->forbid_lines.v[i]);
		size_t n = strlen(c->forbid_lines.v[i]);

		if (strncmp(r->out, later + 1, n) == 0 || strncmp(r->err, later + 1, n) == 0 ||
		    strstr(r->out, later) != NULL || strstr(r->err, later) != NULL)
			WRONG("a line begins with '%s'", later + 1);
	}
	for (size_t i = 0; i < c->forbid_paths.n; i++) {
		gv_autofree char *path = below(root, c->forbid_paths.v[i]);

		if (gv_fs_exists(path))
			WRONG("'%s' was made", path);
	}
	return gv_xstrdup("");
}

static char *
check_run(const struct test_case *c, const char *root, const struct result *r)
{
	json_error_t failure;
	json_t *j;
	char *wrong;

	if (c->unknown != NULL)
		WRONG("key '%s' is unknown to the runner", c->unknown);
	if (r->status >= 126)
		WRONG("exit %d: '%.400s'", r->status, r->err);
	if (c->error != NULL)
		return check_error(c, r);
	if (r->status != 0 && r->status != 3) {
		if (c->clean && r->err_len > 0)
			return gv_xstrdup("");
		WRONG("exit %d: '%.400s'", r->status, r->err);
	}
	if (c->clean && c->version == NULL && r->status == 3 && r->err_len > 0)
		return gv_xstrdup("");
	j = json_loads(r->out, 0, &failure);
	if (j == NULL)
		WRONG("exit %d, not JSON: '%.400s' '%.400s'", r->status, r->out, r->err);
	wrong = check_answer(c, root, j, r);
	json_decref(j);
	return wrong;
}

static void
check_case(const struct test_case *c, const char *root, const struct result *r, const char *name, const char *who)
{
	gv_autofree char *wrong = check_run(c, root, r), *forbidden = check_forbidden(c, root, r);

	if (ok(wrong[0] == '\0' && forbidden[0] == '\0', "%s (%s)", name, who))
		return;
	for (const char *s = wrong[0] != '\0' ? wrong : forbidden; *s != '\0';) {
		printf("# %.*s\n", (int)strcspn(s, "\n"), s);
		s += strcspn(s, "\n");
		s += *s == '\n';
	}
}

#endif
