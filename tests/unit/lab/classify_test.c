/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "judge/patterns.h"
#include "judge/phase.h"
#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/*
 * tests/data/classify/NAME.txt: what a real go command printed (a few are written from its documentation), below "#
 * key: value" lines that say what was run and what has to come out; a line "#" ends them.
 */
struct fixture {
	char *text;
	struct gv_phase_output in;
	const char *outcome, *cause, *line, *hint, *place;
};

/* The next line of the head, or NULL behind it; `*rest` moves. */
static char *
head_line(char **rest)
{
	char *line = *rest, *end = strchr(line, '\n');

	if (end == NULL)
		return NULL;
	*end = '\0';
	*rest = end + 1;
	return strcmp(line, "#") == 0 ? NULL : line;
}

static bool
parse(struct fixture *f)
{
	const struct {
		const char *key;
		const char **value;
	} keys[] = {
		{ "# phase: ", &f->in.phase },   { "# version: ", &f->in.version }, { "# module: ", &f->in.module },
		{ "# dir: ", &f->in.moduledir }, { "# outcome: ", &f->outcome },    { "# class: ", &f->cause },
		{ "# line: ", &f->line },        { "# hint: ", &f->hint },          { "# place: ", &f->place },
	};
	char *rest = f->text, *line;

	while ((line = head_line(&rest)) != NULL) {
		if (strncmp(line, "# exit: ", 8) == 0)
			f->in.exit = (int)strtol(line + 8, NULL, 10);
		for (size_t i = 0; i < GV_ARRAY_LEN(keys); i++)
			if (strncmp(line, keys[i].key, strlen(keys[i].key)) == 0)
				*keys[i].value = line + strlen(keys[i].key);
	}
	f->in.text = rest;
	f->in.goroot = "/usr/local/go";
	return f->in.phase != NULL && f->outcome != NULL && f->cause != NULL && f->line != NULL && f->hint != NULL;
}

static void
same(const char *name, const char *what, const char *got, const char *want)
{
	ok(strcmp(got, want) == 0, "%s: %s '%s'", name, what, want);
	if (strcmp(got, want) != 0)
		printf("# got '%s'\n", got);
}

static void
test_fixture(const char *dir, const char *name)
{
	gv_autofree char *path = gv_path_join(dir, name);
	struct gv_err err = GV_ERR_INIT;
	struct gv_finding out = { 0 };
	struct fixture f = { 0 };
	char place[512] = "";
	size_t len;

	if (!ok(gv_fs_read(AT_FDCWD, path, 1 << 20, &f.text, &len, &err) == 0 && parse(&f), "%s can be read", name))
		return;
	gv_classify(&f.in, &out);
	same(name, "outcome", gv_outcome_name(out.outcome), f.outcome);
	same(name, "class", gv_cause_name(out.cause), f.cause);
	same(name, "line", out.line, f.line);
	same(name, "hint", out.hint, f.hint);
	if (out.n_diags > 0)
		snprintf(place, sizeof(place), "%s:%u:%u", out.diags[0].file, out.diags[0].line, out.diags[0].col);
	same(name, "place", place, gv_result_text(f.place));
	gv_finding_release(&out);
	free(f.text);
}

static int
only_txt(const struct dirent *d)
{
	return strstr(d->d_name, ".txt") != NULL;
}

static void
test_fixtures(void)
{
	gv_autofree char *dir = gv_path_join(getenv("top_srcdir") != NULL ? getenv("top_srcdir") : ".",
					     "tests/data/classify");
	struct dirent **names = NULL;
	int n = scandir(dir, &names, only_txt, alphasort);

	ok(n > 90, "%d fixtures", n);
	for (int i = 0; i < n; i++) {
		test_fixture(dir, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

/* Facts of the cell decide before any text. */
static void
test_limits(void)
{
	static const struct {
		const char *what, *phase, *cause;
		struct gv_phase_output in;
		enum gv_outcome outcome;
	} cases[] = {
		{ "a test into its deadline",
		  "test",
		  "timeout",
		  { .timeout = true, .exit = -1, .signal = 9 },
		  GV_FAIL },
		{ "a build into its deadline", "build", "timeout", { .timeout = true, .exit = -1 }, GV_UNKNOWN },
		{ "a test without memory", "test-again", "oom", { .oom = true, .exit = 1 }, GV_FAIL },
		{ "a vet without memory", "vet", "oom", { .oom = true, .exit = 1 }, GV_UNKNOWN },
		{ "a child without memory in a test that passes", "test", "", { .oom = true }, GV_PASS },
		{ "go killed from outside", "build", "env", { .signal = 9 }, GV_UNKNOWN },
		{ "a build that says nothing", "build", "compile", { .exit = 1 }, GV_FAIL },
		{ "a vet that says nothing", "vet", "vet", { .exit = 1 }, GV_FAIL },
		{ "a race that says nothing", "race", "test", { .exit = 1 }, GV_FAIL },
		{ "an unknown complaint of go", "build", "deps", { .exit = 1, .text = "go: what is this\n" }, GV_FAIL },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_phase_output in = cases[i].in;
		struct gv_finding out = { 0 };

		in.phase = cases[i].phase;
		gv_classify(&in, &out);
		ok(out.outcome == cases[i].outcome && strcmp(gv_cause_name(out.cause), cases[i].cause) == 0,
		   "%s: %s, class '%s', got '%s'", cases[i].what, gv_outcome_name(cases[i].outcome), cases[i].cause,
		   gv_cause_name(out.cause));
		gv_finding_release(&out);
	}
}

static void
test_precheck(void)
{
	static const struct {
		const char *version, *go, *line;
		enum gv_outcome outcome;
	} cases[] = {
		{ "1.18.10", "1.21", "go 1.21", GV_FAIL },     { "1.21.6", "1.21", "go 1.21", GV_PASS },
		{ "1.22.3", "1.23.0", "go 1.23.0", GV_FAIL },  { "1.23.0", "1.23.0", "go 1.23.0", GV_PASS },
		{ "1.23rc1", "1.23.0", "go 1.23.0", GV_FAIL }, { "1.23rc1", "1.23", "go 1.23", GV_PASS },
		{ "1.18.10", "", "go (none)", GV_PASS },       { "1.18.10", NULL, "go (none)", GV_PASS },
		{ "1.9.7", "1.10", "go 1.10", GV_FAIL },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_finding out = { 0 };

		gv_precheck(cases[i].version, cases[i].go, &out);
		ok(out.outcome == cases[i].outcome && strcmp(out.line, cases[i].line) == 0, "%s against '%s': %s",
		   cases[i].version, cases[i].line, gv_outcome_name(cases[i].outcome));
		ok(strcmp(gv_cause_name(out.cause), cases[i].outcome == GV_FAIL ? "below-declared" : "") == 0,
		   "its class is '%s'", gv_cause_name(out.cause));
		gv_finding_release(&out);
	}
}

/* The tests of a phase, from plain and from JSON output. */
static void
test_tests(void)
{
	static const char text[] = "# example.com/x/b [example.com/x/b.test]\n"
				   "b/b_test.go:12:4: undefined: helper\n"
				   "--- FAIL: TestA (0.01s)\n"
				   "    --- FAIL: TestA/sub_1 (0.00s)\n"
				   "        a_test.go:7: no\n"
				   "FAIL\n"
				   "FAIL\texample.com/x/a\t1.503s\n"
				   "FAIL\texample.com/x/b [build failed]\n"
				   "?   \texample.com/x/c\t[no test files]\n"
				   "ok  \texample.com/x/d\t(cached)\n"
				   "FAIL\n";
	static const struct {
		const char *package, *name, *message;
		enum gv_outcome outcome;
		unsigned ms;
	} want[] = {
		{ "example.com/x/a", "TestA", "", GV_FAIL, 10 },
		{ "example.com/x/a", "TestA/sub_1", "        a_test.go:7: no\n", GV_FAIL, 0 },
		{ "example.com/x/a", "", "1.503s", GV_FAIL, 1503 },
		{ "example.com/x/b", "", "[build failed]", GV_FAIL, 0 },
		{ "example.com/x/c", "", "[no test files]", GV_SKIPPED, 0 },
		{ "example.com/x/d", "", "(cached)", GV_PASS, 0 },
	};
	struct gv_phase_output in = {
		.phase = "test", .text = text, .exit = 1, .version = "1.22.3", .module = "example.com/x"
	};
	struct gv_finding out = { 0 };

	gv_classify(&in, &out);
	ok(out.n_tests == GV_ARRAY_LEN(want), "%zu tests and packages", out.n_tests);
	for (size_t i = 0; i < GV_ARRAY_LEN(want) && i < out.n_tests; i++) {
		const struct gv_test_result *t = &out.tests[i];

		ok(strcmp(gv_result_text(t->package), want[i].package) == 0 &&
		       strcmp(gv_result_text(t->name), want[i].name) == 0 && t->outcome == want[i].outcome &&
		       (unsigned)(t->seconds * 1000 + 0.5) == want[i].ms,
		   "%s %s: %s in %u ms", want[i].package, want[i].name, gv_outcome_name(want[i].outcome), want[i].ms);
		ok(strcmp(gv_result_text(t->message), want[i].message) == 0, "its message is '%s'", want[i].message);
	}
	ok(out.n_diags == 2 && strcmp(out.diags[1].file, "a/a_test.go") == 0,
	   "a test's place has the directory of its package");
	gv_finding_release(&out);
}

int
main(void)
{
	test_fixtures();
	test_limits();
	test_precheck();
	test_tests();
	return tap_done();
}
