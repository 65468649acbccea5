/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "judge/build.h"
#include "report/board.h"
#include "tests/tap.h"
#include "util/auto.h"

static bool
draws(const struct gv_board *b, int64_t now, size_t columns, size_t rows, const char *want)
{
	gv_autostr struct gv_str out = GV_STR_INIT(65536);
	bool same;

	gv_board_text(b, now, columns, rows, false, NULL, &out);
	same = strcmp(gv_str_text(&out), want) == 0;
	if (!same)
		printf("# %s\n", gv_str_text(&out));
	return same;
}

static void
finish(struct gv_board *b, size_t row, enum gv_verdict verdict, const char *cause, enum gv_outcome test)
{
	struct gv_cell_result c = { .verdict = verdict };
	struct gv_phase_result *p;

	gv_result_set(&c.cause, cause);
	p = gv_cell_result_add(&c);
	gv_result_set(&p->phase, "precheck");
	p = gv_cell_result_add(&c);
	gv_result_set(&p->phase, "test");
	p->outcome = test;
	p->seconds = 61;
	gv_board_done(b, row, &c);
	gv_cell_result_release(&c);
}

static void
test_states(void)
{
	struct gv_board b = { 0 };

	gv_board_add_phase(&b, "build");
	gv_board_add_phase(&b, "test");
	gv_board_add_phase(&b, "build");
	gv_board_add_row(&b, "go1.21.6");
	gv_board_add_row(&b, "go1.22.3");
	ok(draws(&b, 0, 79, 20,
		 "          state              build      test\n"
		 "go1.21.6  waiting\n"
		 "go1.22.3  waiting\n"),
	   "at the beginning all wait");
	gv_board_step(&b, 0, GV_BOARD_RUNNING, 1000);
	gv_board_begin(&b, 0, "build", 1000);
	gv_board_end(&b, 0, "build", true, 2.34);
	gv_board_begin(&b, 0, "test", 4000);
	gv_board_step(&b, 1, GV_BOARD_SDK, 9000);
	ok(draws(&b, 11500, 79, 20,
		 "          state              build      test\n"
		 "go1.21.6  run 0:10           pass 2.3s  0:07\n"
		 "go1.22.3  fetch SDK 0:02\n"),
	   "what runs shows its time");
	gv_board_end(&b, 0, "test", false, 8);
	gv_board_begin(&b, 0, "test-again", 12000);
	gv_board_step(&b, 1, GV_BOARD_MODULES, 12000);
	ok(draws(&b, 13000, 79, 20,
		 "          state              build      test\n"
		 "go1.21.6  repeat 0:12        pass 2.3s  fail 8.0s\n"
		 "go1.22.3  fetch modules 0:01\n"),
	   "a follow-up is no column");
	finish(&b, 0, GV_COMPATIBLE, "test", GV_FLAKY);
	finish(&b, 1, GV_INCOMPATIBLE, "a\x1b[2Jb\n", GV_UNKNOWN);
	ok(draws(&b, 99999, 79, 20,
		 "          state              build      test\n"
		 "go1.21.6  compatible         pass 2.3s  flaky 1:01 test\n"
		 "go1.22.3  incompatible                  unknown    ab\n"),
	   "the verdict corrects what was known before, and is cleaned");
	ok(draws(&b, 99999, 24, 20,
		 "          state\n"
		 "go1.21.6  compatible\n"
		 "go1.22.3  incompatible\n"),
	   "a narrow screen cuts lines");
	gv_board_release(&b);
}

static size_t
lines_of(const struct gv_board *b, size_t columns, size_t rows, const char *note, size_t *widest)
{
	gv_autostr struct gv_str out = GV_STR_INIT(65536);
	size_t n = 0;

	*widest = 0;
	gv_board_text(b, 0, columns, rows, false, note, &out);
	for (const char *s = gv_str_text(&out), *end; (end = strchr(s, '\n')) != NULL; s = end + 1, n++)
		if ((size_t)(end - s) > *widest)
			*widest = (size_t)(end - s);
	return n;
}

static void
test_size(void)
{
	struct gv_board b = { 0 };
	size_t fits = 0, all = 0;

	gv_board_add_phase(&b, "build");
	for (int i = 0; i < 8; i++)
		gv_board_add_row(&b, "go1.22.3#a/long/module/directory:with,tags@AND=environment");
	for (size_t columns = 1; columns < 100; columns++)
		for (size_t rows = 0; rows < 12; rows++) {
			size_t widest, n = lines_of(&b, columns, rows, NULL, &widest);
			size_t noted = lines_of(&b, columns, rows, "a note that is longer than many a screen", &widest);

			fits += n <= rows && noted <= rows && widest <= columns;
			all++;
		}
	ok(fits == all, "it fits any screen: %zu of %zu", fits, all);
	gv_board_release(&b);
	for (int i = 0; i < 6; i++)
		gv_board_add_row(&b, (const char *[]){ "a", "b", "c", "d", "e", "f" }[i]);
	finish(&b, 0, GV_COMPATIBLE, "", GV_PASS);
	finish(&b, 1, GV_INCOMPATIBLE, "vet", GV_PASS);
	gv_board_step(&b, 2, GV_BOARD_RUNNING, 0);
	ok(draws(&b, 0, 79, 5,
		 "   state\n"
		 "c  run 0:00\n"
		 "d  waiting\n"
		 "e  waiting\n"
		 "... and 3 more; 2 of 6 done, 1 incompatible\n"),
	   "what is over leaves first");
	gv_board_release(&b);
}

static void
test_color(void)
{
	gv_autostr struct gv_str out = GV_STR_INIT(65536);
	struct gv_board b = { 0 };

	gv_board_add_row(&b, "\xe4\xb8\x96\xe7\x95\x8c\xe4\xb8\x96\xe7\x95\x8c");
	finish(&b, 0, GV_COMPATIBLE, "", GV_PASS);
	gv_board_text(&b, 0, 79, 20, true, NULL, &out);
	ok(strstr(gv_str_text(&out), "\x1b[32mcompatible\x1b[0m") != NULL, "colours end where they began");
	ok(strstr(gv_str_text(&out), "\xe4\xb8\x96\xe7\x95\x8c\xe4\xb8\x96\xe7\x95\x8c ") != NULL,
	   "wide characters have room");
	gv_board_release(&b);
}

int
main(void)
{
	test_states();
	test_size();
	test_color();
	return tap_done();
}
