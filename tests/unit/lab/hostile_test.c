/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "judge/build.h"
#include "report/baseline.h"
#include "report/board.h"
#include "report/repeat.h"
#include "report/report.h"
#include "tests/tap.h"
#include "tests/unit/lab/hostile_rules.h"
#include "util/alloc.h"
#include "util/auto.h"

/*
 * Every text of the model, hostile, through every writer. The lists below are the structs of judge/result.h again: a
 * field that is added there and not here makes the sizes differ, and this file no longer compiles.
 */
/* clang-format off */
#define RUN_FIELDS(S, O) S(gover) S(module) S(go_directive) S(engine) S(engine_version) S(started) \
	O(struct gv_cell_result *, cells) O(size_t, n_cells)
#define CELL_FIELDS(S, O) S(id) S(moduledir) S(version) S(goversion) S(platform) S(tags) S(env) S(note) S(options) \
	O(enum gv_verdict, verdict) S(cause) O(struct gv_phase_result *, phases) O(size_t, n_phases)
#define PHASE_FIELDS(S, O) S(phase) O(enum gv_outcome, outcome) S(cause) S(line) S(hint) O(struct gv_diag *, diags) \
	O(size_t, n_diags) O(struct gv_test_result *, tests) O(size_t, n_tests) O(int, exit) O(double, seconds) \
	O(uint64_t, peak_rss) S(log)
#define DIAG_FIELDS(S, O) S(file) O(unsigned, line) O(unsigned, col) S(message)
#define TEST_FIELDS(S, O) S(package) S(name) O(enum gv_outcome, outcome) O(double, seconds) S(message)

#define MIRROR_S(name) char *name;
#define MIRROR_O(type, name) type name;
#define MIRROR(of, FIELDS) struct of##_mirror { FIELDS(MIRROR_S, MIRROR_O) }; \
	_Static_assert(sizeof(struct of##_mirror) == sizeof(struct of), "a field of " #of " is not in the list")
MIRROR(gv_run_result, RUN_FIELDS);
MIRROR(gv_cell_result, CELL_FIELDS);
MIRROR(gv_phase_result, PHASE_FIELDS);
MIRROR(gv_diag, DIAG_FIELDS);
MIRROR(gv_test_result, TEST_FIELDS);

enum owner { RUN, CELL, PHASE, DIAG, TEST };
#define SKIP(type, name)
#define RUN_ROW(name) { "run." #name, RUN, offsetof(struct gv_run_result, name) },
#define CELL_ROW(name) { "cell." #name, CELL, offsetof(struct gv_cell_result, name) },
#define PHASE_ROW(name) { "phase." #name, PHASE, offsetof(struct gv_phase_result, name) },
#define DIAG_ROW(name) { "diag." #name, DIAG, offsetof(struct gv_diag, name) },
#define TEST_ROW(name) { "test." #name, TEST, offsetof(struct gv_test_result, name) },
static const struct field {
	const char *name;
	enum owner owner;
	size_t at;
} fields[] = { RUN_FIELDS(RUN_ROW, SKIP) CELL_FIELDS(CELL_ROW, SKIP) PHASE_FIELDS(PHASE_ROW, SKIP)
	DIAG_FIELDS(DIAG_ROW, SKIP) TEST_FIELDS(TEST_ROW, SKIP) };
/* clang-format on */

static const char *const hostile[] = {
	"::error::INJECTED",
	"  \t ::error file=a,line=1::INJECTED",
	"\xc2\xa0\xe2\x80\x83\xe3\x80\x80::add-mask::INJECTED",
	"\033[0m::stop-commands::INJECTED",
	"\xe2\x80\x8b::error::INJECTED",
	":",
	": ::error::INJECTED",
	"x\n::error::INJECTED\n",
	"x\r::error::INJECTED\r\n",
	"x\xc2\x85::error::INJECTED\xe2\x80\xa8::error::INJECTED",
	"##[add-mask]INJECTED",
	"x ##[error]INJECTED ##vso[task.setvariable variable=a]b ##teamcity[message text='x']",
	"#\033[0m#[group]INJECTED",
	"\033[0Ksection_start:1:x[collapsed=true]\r\033[0KINJECTED",
	"\033]0;title\a\033P1$r\033\\\x01\x7f\xc2\x9b"
	"31m\x1b",
	"\xff\xfe\xc3(\xed\xa0\x80\xf5",
	"\xe2\x80\xae"
	"abc\xe2\x81\xa6\xe2\x80\x8f\xef\xbb\xbf\xd8\x9c",
	"]]><script>alert(1)</script><!-- &amp; &#27; \"'",
	"</code></summary></details></pre><img src=x onerror=y>",
	"](javascript:alert(1)) ![x](http://h/i.png) <javascript:x>",
	"`a` | b | @user #1 !1 $x$ ~~c~~ **d** \\| \\",
	"    code\n\n# INJECTED\n\n---\n",
	"- INJECTED",
	"---",
	"1. INJECTED",
	"%0A::error::INJECTED%0D%25",
	"a,title=b::c",
	"ok 1 INJECTED",
	"\nnot ok 1 INJECTED\n1..0\nBail out! INJECTED\n  ...\n",
	"x # SKIP y \\# TODO z",
	"\"; rm -rf ~; echo 'INJECTED' $(id)",
	"\\x3a\\u0000\\",
};

static char **
slot(struct gv_run_result *r, const struct field *f)
{
	struct gv_cell_result *c = &r->cells[0];
	struct gv_phase_result *p = &c->phases[0];
	void *owners[] = { [RUN] = r, [CELL] = c, [PHASE] = p, [DIAG] = &p->diags[0], [TEST] = &p->tests[0] };

	return (char **)((char *)owners[f->owner] + f->at);
}

/* One cell with a phase that failed, and one that is skipped; nothing in it but plain words. */
static void
make_plain(struct gv_run_result *r, enum gv_verdict verdict, enum gv_outcome outcome)
{
	struct gv_cell_result *c = gv_run_result_add(r);
	struct gv_phase_result *p = gv_cell_result_add(c);

	gv_phase_result_add_diag(p)->line = 7;
	gv_phase_result_add_test(p)->outcome = GV_FAIL;
	for (size_t i = 0; i < GV_ARRAY_LEN(fields); i++)
		gv_result_set(slot(r, &fields[i]), fields[i].name);
	c->verdict = verdict;
	p->outcome = outcome;
	p->exit = 1;
}

static const struct {
	enum gv_verdict verdict;
	enum gv_outcome outcome;
} states[] = {
	{ GV_INCOMPATIBLE, GV_FAIL },    { GV_INCONCLUSIVE, GV_UNKNOWN }, { GV_COMPATIBLE, GV_FLAKY },
	{ GV_CELL_SKIPPED, GV_SKIPPED }, { GV_COMPATIBLE, GV_PASS },
};

/* A writer appends what it makes of a run; `rule` says what is wrong with it, or NULL. */
struct writer {
	const char *name;
	void (*write)(const struct gv_run_result *r, struct gv_str *out);
	const char *(*rule)(const char *text, const char *plain);
};

#define FORMAT(format)                                                                      \
	static void write_##format(const struct gv_run_result *r, struct gv_str *out)       \
	{                                                                                   \
		struct gv_err err = GV_ERR_INIT;                                            \
                                                                                            \
		tap_need(gv_report_find(#format)->write(r, out, &err) == 0, "%s", err.msg); \
	}
FORMAT(json)
FORMAT(ndjson)
FORMAT(junit)
FORMAT(tap)
FORMAT(markdown)
FORMAT(github)
FORMAT(gitlab)
FORMAT(codequality)
FORMAT(sarif)
FORMAT(badge)

static void
write_summary(const struct gv_run_result *r, struct gv_str *out)
{
	gv_report_terminal(r, false, out);
}

/* The same run as before and after, and each against nothing: changes of every kind that has a text. */
static void
write_changes(const struct gv_run_result *r, struct gv_str *out)
{
	struct gv_run_result none = { 0 };
	const struct gv_run_result *pairs[][2] = { { &none, r }, { r, &none }, { r, r } };

	for (size_t i = 0; i < GV_ARRAY_LEN(pairs); i++) {
		struct gv_changes c = { 0 };

		gv_baseline_compare(&c, pairs[i][0], pairs[i][1]);
		gv_changes_text(&c, out);
		gv_changes_release(&c);
	}
}

static void
write_board(const struct gv_run_result *r, struct gv_str *out)
{
	struct gv_board b = { 0 };

	gv_board_add_phase(&b, gv_result_text(r->cells[0].phases[0].phase));
	gv_board_done(&b, gv_board_add_row(&b, gv_cell_result_name(&r->cells[0])), &r->cells[0]);
	gv_board_text(&b, 0, 200, 20, false, NULL, out);
	gv_board_release(&b);
}

static const struct writer writers[] = {
	{ "summary", write_summary, rule_lines },
	{ "changes", write_changes, rule_lines },
	{ "board", write_board, rule_screen },
	{ "json", write_json, rule_json },
	{ "ndjson", write_ndjson, rule_json },
	{ "codequality", write_codequality, rule_json_lines },
	{ "sarif", write_sarif, rule_json_lines },
	{ "badge", write_badge, rule_json_lines },
	{ "junit", write_junit, rule_xml },
	{ "tap", write_tap, rule_tap },
	{ "markdown", write_markdown, rule_markdown },
	{ "github", write_github, rule_github },
	{ "gitlab", write_gitlab, rule_gitlab },
};

static char *
written(const struct writer *w, const struct gv_run_result *r)
{
	struct gv_str out = GV_STR_INIT(GV_REPORT_MAX);
	struct gv_err err = GV_ERR_INIT;

	w->write(r, &out);
	return gv_str_finish(&out, &err);
}

/* What is wrong with the first field (or all of them, where `all` is set) that is `value`; NULL when nothing is. */
static char *
try_value(const struct writer *w, const char *value, size_t state, bool all)
{
	for (size_t i = 0; i < (all ? 1 : GV_ARRAY_LEN(fields)); i++) {
		struct gv_run_result plain = { 0 }, r = { 0 };
		gv_autofree char *before = NULL, *after = NULL, *got = NULL;
		const char *wrong;

		make_plain(&plain, states[state].verdict, states[state].outcome);
		make_plain(&r, states[state].verdict, states[state].outcome);
		for (size_t k = all ? 0 : i; k < (all ? GV_ARRAY_LEN(fields) : i + 1); k++)
			gv_result_set(slot(&r, &fields[k]), value);
		before = written(w, &plain);
		after = written(w, &r);
		wrong = rule_bytes(after, strcmp(w->name, "gitlab") == 0);
		if (wrong == NULL)
			wrong = w->rule(after, before);
		if (wrong != NULL)
			got = gv_xasprintf("%s: %s", all ? "all fields" : fields[i].name, wrong);
		gv_run_result_release(&plain);
		gv_run_result_release(&r);
		if (got != NULL)
			return gv_steal_ptr(&got);
	}
	return NULL;
}

static void
test_writers(void)
{
	for (size_t w = 0; w < GV_ARRAY_LEN(writers); w++)
		for (size_t v = 0; v < GV_ARRAY_LEN(hostile); v++) {
			gv_autofree char *wrong = NULL;

			for (size_t s = 0; s < GV_ARRAY_LEN(states) && wrong == NULL; s++) {
				wrong = try_value(&writers[w], hostile[v], s, false);
				if (wrong == NULL)
					wrong = try_value(&writers[w], hostile[v], s, true);
			}
			ok(wrong == NULL, "%s, text %zu%s%s", writers[w].name, v, wrong != NULL ? ": " : "",
			   wrong != NULL ? wrong : "");
		}
}

/* Every format that there is has a rule here. */
static void
test_complete(void)
{
	for (size_t i = 0; i < gv_report_formats_len; i++) {
		bool found = false;

		for (size_t w = 0; w < GV_ARRAY_LEN(writers); w++)
			found = found || strcmp(writers[w].name, gv_report_formats[i].name) == 0;
		ok(found, "%s has a rule", gv_report_formats[i].name);
	}
}

/* A JSON report carries the text as it is: what is UTF-8 reads back the same, so nothing was lost to the cleaning. */
static void
test_faithful(void)
{
	for (size_t v = 0; v < GV_ARRAY_LEN(hostile); v++) {
		struct gv_run_result r = { 0 }, back = { 0 };
		gv_autofree char *text = NULL;
		struct gv_err err = GV_ERR_INIT;
		size_t same = 0;

		if (strchr(hostile[v], '\xff') != NULL)
			continue;
		make_plain(&r, GV_INCOMPATIBLE, GV_FAIL);
		for (size_t i = 0; i < GV_ARRAY_LEN(fields); i++)
			gv_result_set(slot(&r, &fields[i]), hostile[v]);
		text = written(&(struct writer){ .write = write_json }, &r);
		tap_need(gv_report_read(&back, text, strlen(text), &err) == 0, "%s", err.msg);
		for (size_t i = 0; i < GV_ARRAY_LEN(fields); i++)
			same += strcmp(*slot(&back, &fields[i]), hostile[v]) == 0;
		ok(same == GV_ARRAY_LEN(fields), "json keeps text %zu in %zu of %zu fields", v, same,
		   GV_ARRAY_LEN(fields));
		gv_run_result_release(&r);
		gv_run_result_release(&back);
	}
}

/* A person copies the command that repeats a cell into a shell: it is one command, whoever wrote the report. */
static void
test_repeat(void)
{
	static const char *const options[] = {
		"; id", "$(id)", "`id`",        "--a 'b",    "--a \\", "& id", "| id",
		"> f",  "x\nid", "'a'\\''; id", "\"$(id)\"", "#",      "(id)", "--a \tid"
	};
	struct gv_run_result r = { 0 };

	make_plain(&r, GV_INCOMPATIBLE, GV_FAIL);
	for (size_t i = 0; i < GV_ARRAY_LEN(options); i++) {
		gv_autostr struct gv_str out = GV_STR_INIT(4096);

		gv_result_set(&r.cells[0].options, options[i]);
		gv_repeat_command(&out, &r.cells[0]);
		ok(out.len == 0, "no command with the options '%s': %s", options[i], gv_str_text(&out));
	}
	gv_autostr struct gv_str out = GV_STR_INIT(4096);

	gv_result_set(&r.cells[0].options, "--memory 1g -- -run 'it'\\''s; x'");
	gv_repeat_command(&out, &r.cells[0]);
	ok(strstr(gv_str_text(&out), "--memory 1g -- -run 'it'\\''s; x'") != NULL, "quoted ones stay: %s",
	   gv_str_text(&out));
	gv_run_result_release(&r);
}

int
main(void)
{
	test_complete();
	test_writers();
	test_faithful();
	test_repeat();
	return tap_done();
}
