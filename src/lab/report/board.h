/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_BOARD_H
#define GV_REPORT_BOARD_H

#include <stdint.h>

#include "judge/result.h"
#include "report/columns.h"
#include "util/str.h"
#include "util/strv.h"

/*
 * The live table of a validation as text: a row for each cell, a column for each phase. It uses no terminal and no
 * clock; the caller passes `now_ms` from a monotonic clock.
 *
 *	           state              build      vet        test
 *	go1.20.14  incompatible       fail 0.3s  fail 0.2s  fail 0.3s  std-package-missing
 *	go1.21.6   run 0:12           pass 4.1s  pass 0.6s  0:07
 *	go1.22.3   fetch SDK 0:03
 *	... and 9 more; 1 of 12 done, 1 incompatible
 */
enum gv_board_step {
	GV_BOARD_WAITING,
	GV_BOARD_SDK,     /* being fetched */
	GV_BOARD_MODULES, /* being fetched */
	GV_BOARD_RUNNING,
	GV_BOARD_REPEATING, /* a follow-up of a failed test */
	GV_BOARD_GODEBUG,   /* searching for a setting that cures it; the verdict is final */
	GV_BOARD_DONE,
};

struct gv_board_phase {
	enum { GV_BOARD_TO_DO, GV_BOARD_NOW, GV_BOARD_OVER } state;
	int64_t began_ms;        /* NOW */
	enum gv_outcome outcome; /* OVER */
	double seconds;          /* OVER */
};

struct gv_board_row {
	char *name;
	enum gv_board_step step;
	int64_t began_ms; /* of the step; while the cell runs, of the whole cell */
	struct gv_board_phase phases[GV_COLUMNS_MAX];
	enum gv_verdict verdict; /* GODEBUG, DONE */
	char *cause;
};

struct gv_board {
	struct gv_strv phases; /* the columns */
	struct gv_board_row *rows;
	size_t n;
};

/*
 * Add a column, or a row (returns its number), at any time. Columns beyond GV_COLUMNS_MAX and duplicates are dropped.
 */
void gv_board_add_phase(struct gv_board *b, const char *phase);
size_t gv_board_add_row(struct gv_board *b, const char *name);
void gv_board_release(struct gv_board *b);

/* The cell begins a step now. */
void gv_board_step(struct gv_board *b, size_t row, enum gv_board_step step, int64_t now_ms);
/* The cell begins a phase now. A phase without a column is a follow-up. */
void gv_board_begin(struct gv_board *b, size_t row, const char *phase, int64_t now_ms);
/* The cell ended a phase. The verdict may change its outcome later. */
void gv_board_end(struct gv_board *b, size_t row, const char *phase, bool passed, double seconds);
/* The cell has its verdict, and final outcomes, which may differ from the earlier ones. */
void gv_board_done(struct gv_board *b, size_t row, const struct gv_cell_result *cell);

/*
 * Append at most `rows` lines of at most `columns` characters. When there are more cells than lines, finished cells are
 * left out first, and the last line gives counts. `note`, if not NULL, is one more line at the end.
 */
void gv_board_text(const struct gv_board *b, int64_t now_ms, size_t columns, size_t rows, bool color, const char *note,
		   struct gv_str *out);

#endif
