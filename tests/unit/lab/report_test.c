/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "judge/build.h"
#include "report/report.h"
#include "tests/tap.h"
#include "tests/unit/lab/written.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/* Output of a hostile project: escapes, commands, mark-up, broken UTF-8, and the special marks of each format. */
#define HOSTILE                                                                                                  \
	"\033[31mred\033[0m \x01\x1f \xff\xc3( <script>|`*]]> &amp; ::set-output name=x::y\r\n"                  \
	"::error::forged\n::gover-1::\n# SKIP not\n\033]0;title\a\033[0Ksection_end:1:gover_0_1.21.6\r\033[0K\n" \
	"\xe2\x80\xae"                                                                                           \
	"abc\xc2\x9b"                                                                                            \
	"31m \x7f\n"

static void
set_phase(struct gv_cell_result *c, const char *phase, enum gv_outcome outcome, const char *cause, const char *line)
{
	struct gv_phase_result *p = gv_cell_result_add(c);

	gv_result_set(&p->phase, phase);
	gv_result_set(&p->cause, cause);
	gv_result_set(&p->line, line);
	gv_result_set(&p->hint, outcome == GV_FAIL ? "a hint" : "");
	gv_result_set(&p->log, outcome == GV_PASS ? "" : HOSTILE);
	p->outcome = outcome;
	p->exit = outcome == GV_PASS ? 0 : 1;
	p->seconds = 1.5;
	p->peak_rss = 123456789;
}

static struct gv_cell_result *
add_cell(struct gv_run_result *r, const char *version, enum gv_verdict verdict, const char *cause)
{
	struct gv_cell_result *c = gv_run_result_add(r);
	gv_autofree char *id = gv_xasprintf("go%s", version);

	gv_result_set(&c->id, id);
	gv_result_set(&c->version, version);
	gv_result_set(&c->goversion, id);
	gv_result_set(&c->platform, "linux/amd64");
	gv_result_set(&c->moduledir, "sub/mod");
	gv_result_set(&c->cause, cause);
	c->verdict = verdict;
	return c;
}

static void
add_diag(struct gv_phase_result *p, const char *file, unsigned line, unsigned col, const char *message)
{
	struct gv_diag *d = gv_phase_result_add_diag(p);

	gv_result_set(&d->file, file);
	gv_result_set(&d->message, message);
	d->line = line;
	d->col = col;
}

static void
add_test(struct gv_phase_result *p, const char *package, const char *name, enum gv_outcome outcome, const char *message)
{
	struct gv_test_result *t = gv_phase_result_add_test(p);

	gv_result_set(&t->package, package);
	gv_result_set(&t->name, name);
	gv_result_set(&t->message, message);
	t->outcome = outcome;
	t->seconds = 0.25;
}

/* A run with every verdict and outcome, and hostile bytes everywhere a project can put them. */
static void
make_run(struct gv_run_result *r)
{
	struct gv_cell_result *c;

	gv_result_set(&r->gover, "0.1.0");
	gv_result_set(&r->module, "example.com/x");
	gv_result_set(&r->go_directive, "1.21");
	gv_result_set(&r->engine, "bwrap");
	gv_result_set(&r->engine_version, "0.8.0");
	gv_result_set(&r->started, "2026-11-24T15:09:00Z");
	c = add_cell(r, "1.20.14", GV_INCOMPATIBLE, "below-declared");
	set_phase(c, "precheck", GV_FAIL, "below-declared", "go 1.21");
	c->phases[0].exit = GV_EXIT_NONE;
	set_phase(c, "build", GV_FAIL, "std-api-missing", "./a.go:7:9: undefined: slices.Sort");
	add_diag(&c->phases[1], "a.go", 7, 9, "undefined: slices.Sort");
	add_diag(&c->phases[1], "/go/pkg/mod/example.com/y@v1.0.0/y.go", 3, 1, "undefined: x");
	set_phase(c, "vet", GV_FAIL, "std-api-missing", "./a.go:7:9: undefined: slices.Sort");
	add_diag(&c->phases[2], "a.go", 7, 9, "undefined: slices.Sort");
	c = add_cell(r, "1.21.6", GV_INCOMPATIBLE, "test");
	gv_result_set(&c->id, "go1.21.6#sub/mod");
	gv_result_set(&c->options, "--memory 1g");
	set_phase(c, "precheck", GV_PASS, "", "go 1.21");
	set_phase(c, "build", GV_FAIL, "std-api-missing", "./a.go:7:9: undefined: slices.Sort");
	add_diag(&c->phases[1], "a.go", 7, 9, "undefined: slices.Sort");
	set_phase(c, "test", GV_FAIL, "test", "--- FAIL: Test" HOSTILE);
	add_diag(&c->phases[2], "dir, with: strange%/a_test.go", 12, 0, HOSTILE);
	add_test(&c->phases[2], "example.com/x/a", "TestGood", GV_PASS, "");
	add_test(&c->phases[2], "example.com/x/a", "Test" HOSTILE, GV_FAIL, HOSTILE);
	add_test(&c->phases[2], "example.com/x/a", "", GV_FAIL, "1.5s");
	add_test(&c->phases[2], "example.com/x/b", "", GV_FAIL, "[build failed]");
	add_test(&c->phases[2], "example.com/x/c", "", GV_SKIPPED, "[no test files]");
	set_phase(c, "test-again", GV_FAIL, "test", "");
	c = add_cell(r, "1.22.3", GV_COMPATIBLE, "");
	set_phase(c, "build", GV_PASS, "", "");
	set_phase(c, "test", GV_FLAKY, "test", "--- FAIL: TestRandom (0.00s)");
	add_test(&c->phases[1], "example.com/x/a", "TestRandom", GV_FAIL, "random");
	set_phase(c, "race", GV_SKIPPED, "", "");
	c = add_cell(r, "1.23.12", GV_INCONCLUSIVE, "disk");
	set_phase(c, "build", GV_UNKNOWN, "disk", "no space left on device");
	add_cell(r, "1.24.99", GV_UNAVAILABLE, "");
	add_cell(r, "1.25.14", GV_CELL_SKIPPED, "");
}

static void
test_json(const struct gv_run_result *r)
{
	gv_autofree char *first = write_as("json", r), *second = NULL;
	struct gv_run_result back = { 0 };
	struct gv_err err = GV_ERR_INIT;

	ok(gv_report_read(&back, first, strlen(first), &err) == 0, "the JSON report reads back (%s)", err.msg);
	second = write_as("json", &back);
	ok(strcmp(first, second) == 0, "and is written the same");
	ok(has(first, "\"summary\":{\"min_compatible\":\"1.22.3\",\"counts\":{\"compatible\":1,\"incompatible\":2,"
		      "\"inconclusive\":1,"
		      "\"unavailable\":1,\"skipped\":1},\"interrupted\":false,\"exit\":1}"),
	   "the summary counts verdicts");
	ok(has(first, "\"exit\":null"), "a phase without a process has no exit status");
	ok(back.n_cells == 6 && back.cells[1].phases[2].n_tests == 5, "cells and tests are all there");
	gv_run_result_release(&back);
}

static void
test_read_errors(void)
{
	static const struct {
		const char *json, *says;
	} cases[] = {
		{ "", "not JSON" },
		{ "[]", "$: " },
		{ "{}", "$.schema" },
		{ "{\"schema\":2,\"cells\":[]}", "$.schema: another schema" },
		{ "{\"schema\":1}", "$.cells" },
		{ "{\"schema\":1,\"cells\":[1]}", "$.cells[0]" },
		{ "{\"schema\":1,\"cells\":[{\"version\":\"1.2\"}]}", "$.cells[0].verdict" },
		{ "{\"schema\":1,\"cells\":[{\"version\":\"1.2\",\"verdict\":\"great\"}]}",
		  "$.cells[0].verdict: want compatible" },
		{ "{\"schema\":1,\"cells\":[{\"version\":\"1.2\",\"verdict\":\"skipped\",\"phases\":[{}]}]}",
		  "$.cells[0].phases[0].phase" },
		{ "{\"schema\":1,\"cells\":[{\"version\":\"1.2\",\"verdict\":\"skipped\",\"phases\":[{\"phase\":\"x\","
		  "\"outcome\":\"pass\","
		  "\"seconds\":-1}]}]}",
		  "phases[0].seconds" },
		{ "{\"schema\":1,\"cells\":[{\"version\":\"1.2\",\"verdict\":\"skipped\",\"phases\":[{\"phase\":\"x\","
		  "\"outcome\":\"pass\","
		  "\"diagnostics\":[{\"line\":-4}]}]}]}",
		  "diagnostics[0].line" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_run_result r = { 0 };
		struct gv_err err = GV_ERR_INIT;

		ok(gv_report_read(&r, cases[i].json, strlen(cases[i].json), &err) == -1 && err.code == GV_EFORMAT &&
		       has(err.msg, cases[i].says),
		   "'%s' is refused: %s", cases[i].json, err.msg);
		ok(r.cells == NULL, "nothing is written");
	}
}

/* No format contains a terminal escape or a control byte, except its own marks. */
static void
test_no_controls(const struct gv_run_result *r)
{
	for (size_t i = 0; i < gv_report_formats_len; i++) {
		const char *name = gv_report_formats[i].name;
		gv_autofree char *text = write_as(name, r);
		bool gitlab = strcmp(name, "gitlab") == 0;
		size_t bad = 0;

		for (const unsigned char *s = (unsigned char *)text; *s != '\0'; s++)
			bad += (*s < 0x20 && *s != '\n' && *s != '\t' && !(gitlab && (*s == 0x1b || *s == '\r'))) ||
			       *s == 0x7f;
		ok(bad == 0, "%s holds no control bytes", name);
		ok(!has(text, "\xff") && !has(text, "\xc3("), "%s is valid UTF-8", name);
	}
}

static size_t
count(const char *text, const char *part)
{
	size_t n = 0;

	for (const char *s = text; (s = strstr(s, part)) != NULL; s += strlen(part))
		n++;
	return n;
}

static void
test_junit(const struct gv_run_result *r)
{
	gv_autofree char *x = write_as("junit", r);

	ok(has(x, "<testsuites name=\"example.com/x\" tests=\"15\" failures=\"6\" errors=\"2\""),
	   "JUnit counts all tests");
	ok(count(x, "<testcase ") == 15 && count(x, "<failure ") == 6 && count(x, "<error ") == 2 &&
	       count(x, "<skipped ") == 3,
	   "the counts are right: %zu cases, %zu failures, %zu errors, %zu skipped", count(x, "<testcase "),
	   count(x, "<failure "), count(x, "<error "), count(x, "<skipped "));
	ok(has(x, "classname=\"go1.21.6.linux-amd64.sub/mod.example.com/x/b\" name=\"[build]\""),
	   "a failed build of a test has its own case");
	ok(has(x, "timestamp=\"2026-11-24T15:09:00\""), "the time stamp has no zone");
	ok(!has(x, "<script>") && has(x, "&lt;script&gt;") && !has(x, "&#27;"), "mark-up is escaped, escapes are gone");
	ok(has(x, "it passed") || has(x, "<system-out>"), "a flaky test is no failure, and says so");
}

static void
test_tap(const struct gv_run_result *r)
{
	gv_autofree char *t = write_as("tap", r);

	ok(strncmp(t, "TAP version 13\n1..12\n", 21) == 0, "TAP has a plan");
	ok(count(t, "\nok ") + count(t, "\nnot ok ") == 12, "and as many lines");
	ok(!has(t, "test-again"), "follow-ups are no tests of their own");
	ok(has(t, "ok 9 - go1.22.3 race # SKIP not run\n"), "what was skipped is");
	ok(has(t, "not ok 11 - go1.24.99 unavailable\n"), "an unavailable version is not ok");
}

static void
test_markdown(const struct gv_run_result *r)
{
	gv_autofree char *m = write_as("markdown", r);

	ok(has(m, "| Go | precheck | build | vet | test | race | verdict |\n"), "Markdown has a column for each phase");
	ok(has(m, "| go1.22.3 |  | pass |  | flaky test | skipped | compatible |\n"), "and a row for each cell");
	ok(!has(m, "<script>"), "mark-up is escaped");
	ok(count(m, "<details>") == count(m, "</details>") && count(m, "<details>") == 6, "%zu details",
	   count(m, "<details>"));
	ok(has(m, "Lowest compatible Go version: **1.22.3**"), "the lowest version is named");
}

static void
test_github(const struct gv_run_result *r)
{
	gv_autofree char *g = write_as("github", r), *copy = gv_xstrdup(g);
	bool stopped = false, commands_ok = true;
	char *save = NULL, token[64] = "";

	/* GitHub's runner obeys commands at the beginning of a line, but none between stop-commands and the token. */
	for (char *line = strtok_r(copy, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		if (stopped) {
			stopped = strcmp(line, token) != 0;
		} else if (strncmp(line, "::stop-commands::", 17) == 0) {
			snprintf(token, sizeof(token), "::%s::", line + 17);
			stopped = true;
		} else if (strncmp(line, "::", 2) == 0) {
			commands_ok = commands_ok &&
				      (strncmp(line, "::group::", 9) == 0 || strcmp(line, "::endgroup::") == 0 ||
				       strncmp(line, "::error ", 8) == 0 || strncmp(line, "::warning ", 10) == 0);
		}
	}
	ok(!stopped && commands_ok, "no line of the project is a command");
	ok(count(g, token) == count(g, "::stop-commands::gover-") && strlen(token) > 40,
	   "the token is long, and ends the stop: %s", token);
	ok(has(g, "::error file=sub/mod/a.go,line=7,col=9,title=std-api-missing::undefined: slices.Sort (on Go "
		  "1.20.14, 1.21.6): a hint\n"),
	   "a fault of two versions is one annotation, its path relative to the repository");
	ok(has(g, "file=sub/mod/dir%2C with%3A strange%25/a_test.go,line=12,title=test::"), "properties are escaped");
	ok(has(g, "::error title=std-api-missing::/go/pkg/mod/example.com/y@v1.0.0/y.go:3: undefined: x"),
	   "a file elsewhere is text");
	ok(count(g, "::warning ") == 2, "flaky and inconclusive phases are warnings");
}

static void
test_gitlab(const struct gv_run_result *r)
{
	gv_autofree char *g = write_as("gitlab", r);

	ok(count(g, "\033[0Ksection_start:") == 6 && count(g, "\033[0Ksection_end:") == 6,
	   "GitLab has a section for each cell");
	ok(has(g, "section_start:1795532940:gover_0_1.20.14[collapsed=true]\r\033[0Kgo1.20.14: incompatible"),
	   "with its name and time");
}

static void
test_json_formats(const struct gv_run_result *r)
{
	gv_autofree char *q = write_as("codequality", r), *s = write_as("sarif", r), *b = write_as("badge", r),
			 *n = write_as("ndjson", r);

	ok(q[0] == '[' && has(q, "\"location\":{\"path\":\"sub/mod/a.go\",\"lines\":{\"begin\":7}}"),
	   "code quality names path and line");
	ok(count(q, "\"fingerprint\"") == 3, "%zu problems have a place", count(q, "\"fingerprint\""));
	ok(has(s, "\"rules\":[{\"id\":\"below-declared\","
		  "\"shortDescription\":{\"text\":\"This Go is older than the go line.\"}},"
		  "{\"id\":\"std-api-missing\",") &&
	       count(s, "\"shortDescription\"") == 4,
	   "SARIF lists each rule once");
	ok(has(s, "\"uri\":\"sub/mod/dir,%20with%3A%20strange%25/a_test.go\""), "SARIF encodes a path");
	ok(strcmp(b, "{\"schemaVersion\":1,\"label\":\"go\",\"message\":\"1.22\",\"color\":\"yellow\"}\n") == 0,
	   "badge: %s", b);
	ok(count(n, "\n") == 8 && strncmp(n, "{\"event\":\"run\",", 15) == 0,
	   "NDJSON has a line for the run, each cell and the summary");
}

static void
test_terminal(const struct gv_run_result *r)
{
	gv_autostr struct gv_str out = GV_STR_INIT(GV_REPORT_MAX), color = GV_STR_INIT(GV_REPORT_MAX);
	const char *t;

	gv_report_terminal(r, false, &out);
	t = gv_str_text(&out);
	ok(has(t, "    build, vet: std-api-missing\n      ./a.go:7:9: undefined: slices.Sort\n      a hint\n"),
	   "one cause of two phases is reported once");
	ok(has(t, "repeat: gover validate 1.21.6 --memory 1g --only 'go1.21.6#sub/mod'\n"),
	   "the command that repeats a cell is given");
	ok(has(t, "lowest compatible version: 1.22.3\n1 compatible, 2 incompatible, 1 inconclusive, 1 unavailable, 1 "
		  "skipped\n"),
	   "and the sum");
	ok(!has(t, "\033"), "without colour there are no escapes");
	gv_report_terminal(r, true, &color);
	ok(has(gv_str_text(&color), "\033[32mcompatible\033[0m"), "with colour there are");
}

/* A project prints a lot: logs are cut, and a cut log is not cut again. */
static void
test_size(void)
{
	struct gv_run_result r = { 0 }, back = { 0 };
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *log = gv_xcalloc(1, (1u << 20) + 1), *json = NULL, *again = NULL, *junit = NULL,
			 *markdown = NULL;

	memset(log, '<', 1u << 20);
	for (int i = 0; i < 120; i++) {
		struct gv_cell_result *c = add_cell(&r, "1.22.3", GV_INCOMPATIBLE, "test");

		set_phase(c, "test", GV_FAIL, "test", "--- FAIL: TestX (0.00s)");
		gv_result_set(&c->phases[0].log, log);
		for (int k = 0; k < 5; k++)
			add_test(&c->phases[0], "example.com/x", "", GV_FAIL, "1.5s");
	}
	json = write_as("json", &r);
	ok(json != NULL && strlen(json) < 120 * 66000, "JSON: 120 logs of a MiB are %zu bytes", strlen(json));
	ok(gv_report_read(&back, json, strlen(json), &err) == 0, "it reads back");
	again = write_as("json", &back);
	ok(strcmp(json, again) == 0, "a cut log is not cut again");
	junit = write_as("junit", &r);
	ok(junit != NULL && strlen(junit) < 30u << 20, "JUnit is small enough for GitLab: %zu bytes",
	   junit != NULL ? strlen(junit) : 0);
	markdown = write_as("markdown", &r);
	ok(markdown != NULL && strlen(markdown) < 1u << 20, "Markdown fits into a step summary: %zu bytes",
	   strlen(markdown));
	gv_run_result_release(&r);
	gv_run_result_release(&back);
}

static void
test_emit(const struct gv_run_result *r)
{
	char dir[] = "/tmp/gover-report-XXXXXX";
	gv_autofree char *xml = NULL, *spec = NULL, *text = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t len;

	if (!ok(mkdtemp(dir) != NULL, "a directory"))
		return;
	xml = gv_path_join(dir, "out.xml");
	spec = gv_xasprintf("junit=%s,badge=%s/b.json", xml, dir);
	ok(gv_report_emit(spec, r, false, &err) == 0, "two reports to files (%s)", err.msg);
	ok(gv_fs_read(AT_FDCWD, xml, 1 << 20, &text, &len, &err) == 0 && strncmp(text, "<?xml", 5) == 0,
	   "the file holds the report");
	ok(gv_report_check("json,junit=x,tap=-", &err) == 0, "a good list passes the check");
	ok(gv_report_check("json,xml=x", &err) == -1 && err.code == GV_EUSAGE && has(err.msg, "'xml'"),
	   "an unknown format is usage: %s", err.msg);
	ok(gv_report_check("junit=", &err) == -1 && err.code == GV_EUSAGE, "an empty file name too");
	ok(gv_report_check("", &err) == -1 && err.code == GV_EUSAGE, "and an empty list");
	spec = (free(spec), gv_xasprintf("junit=%s/no/dir/x,json", dir));
	ok(gv_report_emit(spec, r, false, &err) == -1 && err.code == GV_EIO, "a directory that is not there: %s",
	   err.msg);
	setenv("GITHUB_ACTIONS", "true", 1);
	setenv("GITHUB_STEP_SUMMARY", xml, 1);
	ok(gv_report_step_summary(r, &err) == 0, "the step summary");
	free(text);
	text = NULL;
	ok(gv_fs_read(AT_FDCWD, xml, 1 << 20, &text, &len, &err) == 0 && strncmp(text, "<?xml", 5) == 0 &&
	       has(text, "### gover validate"),
	   "is appended");
	unsetenv("GITHUB_STEP_SUMMARY");
	ok(gv_report_step_summary(r, &err) == 0, "elsewhere nothing happens");
	ok(gv_fs_remove_tree(AT_FDCWD, dir, &err) == 0, "clean up");
}

int
main(void)
{
	struct gv_run_result r = { 0 };

	make_run(&r);
	test_json(&r);
	test_read_errors();
	test_no_controls(&r);
	test_junit(&r);
	test_tap(&r);
	test_markdown(&r);
	test_github(&r);
	test_gitlab(&r);
	test_json_formats(&r);
	test_terminal(&r);
	test_size();
	test_emit(&r);
	gv_run_result_release(&r);
	return tap_done();
}
