/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"
#include "ui/exit.h"
#include "ui/meter.h"
#include "ui/msg.h"
#include "ui/opt.h"
#include "ui/progress.h"
#include "ui/similar.h"
#include "util/auto.h"
#include "util/jsonw.h"

struct fields {
	bool all;
	int verbose;
	const char *name;
	struct gv_strv list;
};

static const struct gv_opt rows[] = {
	GV_OPT_BOOL("all", 'a', struct fields, all, "All"),
	GV_OPT_COUNT("verbose", 'v', struct fields, verbose, "More"),
	GV_OPT_STR("name", 'n', struct fields, name, "NAME", "Name"),
	GV_OPT_LIST("item", 'i', struct fields, list, "ITEM", "Item"),
	GV_OPT_END,
};

/* Parse arguments separated by blanks. Writes "all verbose name items | rest", or the message. */
static void
parse(const char *line, bool stop_early, char *out, size_t size)
{
	char copy[256], *argv[16] = { NULL }, *save = NULL;
	struct fields f = { .name = "-" };
	struct gv_err err = GV_ERR_INIT;
	int argc = 0, n;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok_r(copy, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	n = gv_opt_parse(rows, &f, argc, argv, stop_early, &err);
	if (n < 0) {
		snprintf(out, size, "%.200s%s%.100s", err.msg, err.help[0] != '\0' ? "; " : "", err.help);
	} else {
		int at = snprintf(out, size, "%d %d %s", f.all, f.verbose, f.name);

		for (size_t i = 0; i < f.list.n; i++)
			at += snprintf(out + at, size - (size_t)at, " %s", f.list.v[i]);
		at += snprintf(out + at, size - (size_t)at, " |");
		for (int i = 0; argv[i] != NULL; i++)
			at += snprintf(out + at, size - (size_t)at, " %s", argv[i]);
	}
	ok(n >= 0 || err.code == GV_EUSAGE, "'%s' fails as usage or not at all", line);
	gv_opt_release(rows, &f);
}

static void
test_opt(void)
{
	static const struct {
		const char *in;
		bool early;
		const char *out;
	} cases[] = {
		{ "a b", false, "0 0 - | a b" },
		{ "--all x --name n1 y", false, "1 0 n1 | x y" },
		{ "--name=a=b", false, "0 0 a=b |" },
		{ "--name= x", false, "0 0  | x" },
		{ "-avv -n x", false, "1 2 x |" },
		{ "-avnx", false, "1 1 x |" },
		{ "-ione --item two --item=three", false, "0 0 - one two three |" },
		{ "-- --all -n", false, "0 0 - | --all -n" },
		{ "- x", false, "0 0 - | - x" },
		{ "-a x -v -- y", true, "1 0 - | x -v -- y" },
		{ "-a -- -v", true, "1 0 - | -v" },
		{ "--al", false, "unknown option '--al'; did you mean '--all'?" },
		{ "--zzzzzz", false, "unknown option '--zzzzzz'" },
		{ "--all=1", false, "option '--all' takes no value" },
		{ "--name", false, "option '--name' needs a value: NAME" },
		{ "-an", false, "option '-n' needs a value: NAME" },
		{ "-az", false, "unknown option '-z' in '-az'" },
		{ "--=x", false, "unknown option '--'" },
	};
	char out[512];

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		parse(cases[i].in, cases[i].early, out, sizeof(out));
		ok(strcmp(out, cases[i].out) == 0, "options '%s': %s", cases[i].in, out);
	}
}

static void
test_similar(void)
{
	static const char *const names[] = { "install", "uninstall", "list", "use", "pin", "which", "1.22.3" };
	static const struct {
		const char *word, *name;
	} cases[] = {
		{ "isntall", "install" },
		{ "instal", "install" },
		{ "unistall", "uninstall" },
		{ "lsit", "list" },
		{ "usr", "use" },
		{ "pn", "pin" },
		{ "1.22.33", "1.22.3" },
		{ "whcih", "which" },
		{ "zz", NULL },
		{ "frobnicate", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_similar best = GV_SIMILAR_INIT;

		for (size_t k = 0; k < GV_ARRAY_LEN(names); k++)
			gv_similar_try(&best, cases[i].word, names[k]);
		ok((best.name == NULL) == (cases[i].name == NULL) &&
		       (best.name == NULL || strcmp(best.name, cases[i].name) == 0),
		   "'%s' resembles %s", cases[i].word, best.name != NULL ? best.name : "nothing");
	}
	ok(gv_similar_cost("", "abc") == 3 && gv_similar_cost("abc", "") == 9,
	   "forgotten and added letters weigh 1 and 3");
	ok(gv_similar_cost("ab", "ba") == 0 && gv_similar_cost("ax", "ay") == 2, "swapped and mistaken weigh 0 and 2");
}

static void
test_json(void)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "s", "a\"b\\\n\x1b\xc2\x9b\xff\xc3\xa9");
	gv_jsonout_str(&j, "n", NULL);
	gv_jsonout_open(&j, "a", '[');
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_close(&j, '}');
	gv_jsonout_int(&j, NULL, -5);
	gv_jsonout_bool(&j, NULL, true);
	gv_jsonout_close(&j, ']');
	gv_jsonout_bool(&j, "b", false);
	gv_jsonout_close(&j, '}');
	ok(strcmp(gv_str_text(&j.out), "{\"s\":\"a\\\"b\\\\\\u000a\\u001b\\u009b\xef\xbf\xbd\xc3\xa9\",\"n\":null,"
				       "\"a\":[{},-5,true],\"b\":false}") == 0,
	   "nesting, commas and escapes: %s", gv_str_text(&j.out));
	gv_str_release(&j.out);
}

static void
test_meter(void)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} sizes[] = {
		{ 0, "0 B" },
		{ 1023, "1023 B" },
		{ 1024, "1.0 KiB" },
		{ 1536, "1.5 KiB" },
		{ 75000000, "71.5 MiB" },
		{ 1048575, "1.0 MiB" },
		{ UINT64_MAX, "16777216.0 TiB" },
	};
	static const struct {
		double seconds;
		const char *text;
	} times[] = { { 7.4, "0:07" },     { 59.6, "1:00" }, { 754, "12:34" },
		      { 3723, "1:02:03" }, { 1e9, "-:--" },  { -1, "-:--" } };
	static const struct {
		struct gv_meter m;
		size_t columns;
		const char *text;
	} bars[] = {
		{ { "go1.22.3", "download", 50 << 20, 100 << 20, 10 << 20, 8, 0 },
		  79,
		  "go1.22.3  download [============>           ]  50.0/100.0 MiB  10.0 MiB/s  0:05" },
		{ { "go1.22.3", "download", 50 << 20, 100 << 20, 0, 8, 0 },
		  79,
		  "go1.22.3  download [===============>              ]  50.0/100.0 MiB" },
		{ { "go1.22.3", "verify", 0, 0, 0, 10, 0 }, 79, "go1.22.3    verify  " },
		{ { "go1.22.3", "unpack", 9, 0, 0, 8, 0 }, 79, "go1.22.3  unpack    9 B" },
		{ { "go1.22.3", "download", 100, 100, 0, 8, 0 }, 36, "go1.22.3  download  100/100 B" },
		{ { "go1.22.3", "download", 100, 100, 0, 8, 0 }, 12, "go1.22.3  do" },
		{ { "go1.22.3", "download", 200, 100, 0, 8, 0 },
		  60,
		  "go1.22.3  download [============================]  200/100 B" },
	};
	static const struct {
		struct gv_meter m;
		const char *text;
	} plains[] = {
		{ { "go1.22.3", "download", 0, 75000000, 0, 0, 0 }, "go1.22.3: download 0 B of 71.5 MiB" },
		{ { "go1.22.3", NULL, 0, 0, 0, 0, 0 }, "go1.22.3: working" },
		{ { "go1.22.3", "test", 0, 0, 0, 0, 75 }, "go1.22.3: test 1:15" },
	};
	char out[256];

	for (size_t i = 0; i < GV_ARRAY_LEN(sizes); i++) {
		gv_meter_bytes(out, sizeof(out), sizes[i].bytes);
		ok(strcmp(out, sizes[i].text) == 0, "size %s: %s", sizes[i].text, out);
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(times); i++) {
		gv_meter_time(out, sizeof(out), times[i].seconds);
		ok(strcmp(out, times[i].text) == 0, "time %s: %s", times[i].text, out);
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(bars); i++) {
		gv_meter_bar(out, sizeof(out), &bars[i].m, bars[i].columns);
		ok(strcmp(out, bars[i].text) == 0 && strlen(out) <= bars[i].columns, "bar %zu: '%s'", i, out);
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(plains); i++) {
		gv_meter_plain(out, sizeof(out), &plains[i].m);
		ok(strcmp(out, plains[i].text) == 0, "plain %s: %s", plains[i].text, out);
	}
}

/* Run `talk` and return what it wrote to stderr. */
static void
capture(void (*talk)(void), char *out, size_t size)
{
	int fds[2], saved = dup(STDERR_FILENO);
	ssize_t n;

	tap_need(saved >= 0 && pipe(fds) == 0, "a pipe for stderr");
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	talk();
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = read(fds[0], out, size - 1);
	out[n > 0 ? n : 0] = '\0';
	close(fds[0]);
}

static void
talk_messages(void)
{
	struct gv_err err = GV_ERR_INIT;

	gv_err_set(&err, GV_EFAIL, "cannot open 'x'");
	gv_err_help(&err, "gover doctor");
	gv_msg_error(&err);
	gv_msg_errorf(NULL, "raw '%s'", "\x1b[2J");
	gv_msg_warn("old");
	gv_msg_info("done");
	gv_msg_debug("detail");
}

static void
talk_progress(void)
{
	struct gv_progress *p = gv_progress_new();
	struct gv_progress_job *job = gv_progress_add(p, "go1.22.3");

	gv_progress_phase(job, "download");
	gv_progress_set(job, 5, 0, 10);
	gv_progress_note(p, "a note");
	gv_msg_warn("old");
	gv_progress_end(job, "installed go1.22.3");
	gv_progress_phase(NULL, "x");
	gv_progress_set(NULL, 1, 0, 2);
	gv_progress_end(NULL, "x");
	gv_progress_free(p);
	gv_progress_free(NULL);
}

static void
test_talk(void)
{
	char out[1024];

	gv_msg_setup("gover", GV_COLOR_NEVER, false, 1);
	capture(talk_messages, out, sizeof(out));
	ok(strcmp(out, "gover: error: cannot open 'x'\nhelp: gover doctor\ngover: error: raw '\\x1b[2J'\n"
		       "gover: warning: old\ndone\ngover: debug: detail\n") == 0,
	   "plain messages");
	gv_msg_setup("gover", GV_COLOR_ALWAYS, true, 0);
	capture(talk_messages, out, sizeof(out));
	ok(strcmp(out, "gover: \x1b[1;31merror:\x1b[0m cannot open 'x'\n\x1b[1;36mhelp:\x1b[0m gover doctor\n"
		       "gover: \x1b[1;31merror:\x1b[0m raw '\\x1b[2J'\ngover: \x1b[1;33mwarning:\x1b[0m old\n") == 0,
	   "coloured and quiet messages");
	gv_msg_setup("gover", GV_COLOR_NEVER, false, 0);
	capture(talk_progress, out, sizeof(out));
	ok(strcmp(out, "a note\ngover: warning: old\ninstalled go1.22.3\n") == 0, "short work shows no meter");
	gv_msg_setup("gover", GV_COLOR_NEVER, true, 0);
	capture(talk_progress, out, sizeof(out));
	ok(strcmp(out, "gover: warning: old\n") == 0, "-q leaves warnings");
}

static void
test_color(void)
{
	static const struct {
		enum gv_color color;
		const char *no_color, *force, *term;
		bool want;
	} cases[] = {
		{ GV_COLOR_ALWAYS, "1", NULL, "dumb", true }, { GV_COLOR_NEVER, NULL, "1", "xterm", false },
		{ GV_COLOR_AUTO, "1", "1", "xterm", false },  { GV_COLOR_AUTO, "", "1", "dumb", true },
		{ GV_COLOR_AUTO, NULL, "0", "xterm", false }, { GV_COLOR_AUTO, NULL, NULL, "xterm", false },
	};
	int fds[2];

	tap_need(pipe(fds) == 0, "a pipe");
	unsetenv("FORCE_COLOR");
	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		cases[i].no_color != NULL ? setenv("NO_COLOR", cases[i].no_color, 1) : unsetenv("NO_COLOR");
		cases[i].force != NULL ? setenv("CLICOLOR_FORCE", cases[i].force, 1) : unsetenv("CLICOLOR_FORCE");
		setenv("TERM", cases[i].term, 1);
		gv_msg_setup("gover", cases[i].color, false, 0);
		ok(gv_msg_color(fds[1]) == cases[i].want, "colour case %zu on a pipe", i);
	}
}

static void
test_exit(void)
{
	static const struct {
		enum gv_code code;
		int status;
	} cases[] = {
		{ GV_OK, 0 },      { GV_EFAIL, 1 },     { GV_EUSAGE, 2 }, { GV_EFORMAT, 2 },
		{ GV_ETOOBIG, 2 }, { GV_ENOTFOUND, 3 }, { GV_ENET, 4 },   { GV_EPROOF, 5 },
		{ GV_EBUSY, 6 },   { GV_EINTR, 130 },   { GV_EIO, 1 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = { .code = cases[i].code };

		ok((int)gv_exit_of(&err) == cases[i].status, "code %d exits %d", (int)cases[i].code, cases[i].status);
	}
}

int
main(void)
{
	test_opt();
	test_similar();
	test_json();
	test_meter();
	test_talk();
	test_color();
	test_exit();
	return tap_done();
}
