/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/clean.h"
#include "ui/meter.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/text.h"

#define NAME_MAX_   36  /* characters of a cell's name */
#define STATE_WIDTH 19  /* "fetch modules 0:05" */
#define PHASE_WIDTH 11  /* "flaky 1:07" */
#define TEXT_MAX    200 /* bytes of one field */

#define GREEN  "32"
#define RED    "31"
#define YELLOW "33"
#define CYAN   "36"
#define DIM    "2"

/* A line that ends at the edge of the screen. */
struct pen {
	struct gv_str *out;
	size_t left; /* columns */
	bool color;
};

/* The most columns that a character takes: outside ASCII it may be two. */
static size_t
width_of(unsigned cp)
{
	return cp < 0x80 ? 1 : 2;
}

/* `text` in `width` columns (0: as many as it has), in the colour `sgr` (NULL: none); it is cleaned and cut. */
static void
put(struct pen *pen, const char *text, size_t width, const char *sgr)
{
	gv_autostr struct gv_str clean = GV_STR_INIT(8 * TEXT_MAX);
	size_t used = 0, limit = width > 0 && width < pen->left ? width : pen->left;
	const char *s;
	bool paint = pen->color && sgr != NULL && text[0] != '\0' && limit > 0;

	gv_clean_line(&clean, text, TEXT_MAX);
	if (paint)
		gv_str_addf(pen->out, "\x1b[%sm", sgr);
	for (s = gv_str_text(&clean); *s != '\0';) {
		unsigned cp = 0;
		size_t n = gv_utf8_decode(s, strlen(s), &cp), columns = width_of(cp);

		/* One blank stays between two fields. */
		if (used + columns > limit - (width > 0 && limit == width))
			break;
		gv_str_addn(pen->out, s, n);
		s += n;
		used += columns;
	}
	if (paint)
		gv_str_add(pen->out, "\x1b[0m");
	for (; used < limit && width > 0; used++)
		gv_str_addc(pen->out, ' ');
	pen->left -= used;
}

static void
end_line(struct pen *pen)
{
	/* Nothing on the screen ends in blanks. */
	while (pen->out->len > 0 && pen->out->buf[pen->out->len - 1] == ' ')
		pen->out->buf[--pen->out->len] = '\0';
	gv_str_addc(pen->out, '\n');
}

void
gv_board_add_phase(struct gv_board *b, const char *phase)
{
	if (b->phases.n < GV_COLUMNS_MAX && !gv_strv_has(&b->phases, phase))
		gv_strv_add(&b->phases, phase);
}

size_t
gv_board_add_row(struct gv_board *b, const char *name)
{
	b->rows = gv_xreallocarray(b->rows, b->n + 1, sizeof(*b->rows));
	b->rows[b->n] = (struct gv_board_row){ .name = gv_xstrdup(name) };
	return b->n++;
}

void
gv_board_release(struct gv_board *b)
{
	for (size_t i = 0; i < b->n; i++) {
		free(b->rows[i].name);
		free(b->rows[i].cause);
	}
	free(b->rows);
	gv_strv_release(&b->phases);
	memset(b, 0, sizeof(*b));
}

static struct gv_board_phase *
find_phase(struct gv_board *b, size_t row, const char *phase)
{
	for (size_t i = 0; i < b->phases.n; i++)
		if (strcmp(b->phases.v[i], phase) == 0)
			return &b->rows[row].phases[i];
	return NULL;
}

void
gv_board_step(struct gv_board *b, size_t row, enum gv_board_step step, int64_t now_ms)
{
	b->rows[row].step = step;
	b->rows[row].began_ms = now_ms;
}

void
gv_board_begin(struct gv_board *b, size_t row, const char *phase, int64_t now_ms)
{
	struct gv_board_phase *p = find_phase(b, row, phase);

	b->rows[row].step = p != NULL ? GV_BOARD_RUNNING : GV_BOARD_REPEATING;
	if (p != NULL)
		*p = (struct gv_board_phase){ .state = GV_BOARD_NOW, .began_ms = now_ms };
}

void
gv_board_end(struct gv_board *b, size_t row, const char *phase, bool passed, double seconds)
{
	struct gv_board_phase *p = find_phase(b, row, phase);

	if (p != NULL)
		*p = (struct gv_board_phase){ .state = GV_BOARD_OVER,
					      .outcome = passed ? GV_PASS : GV_FAIL,
					      .seconds = seconds };
}

void
gv_board_done(struct gv_board *b, size_t row, const struct gv_cell_result *cell)
{
	struct gv_board_row *r = &b->rows[row];

	r->step = GV_BOARD_DONE;
	r->verdict = cell->verdict;
	free(r->cause);
	r->cause = gv_xstrdup(gv_result_text(cell->cause));
	for (size_t i = 0; i < b->phases.n; i++)
		if (r->phases[i].state == GV_BOARD_NOW)
			r->phases[i].state = GV_BOARD_TO_DO;
	for (size_t i = 0; i < cell->n_phases; i++) {
		struct gv_board_phase *p = find_phase(b, row, gv_result_text(cell->phases[i].phase));

		if (p != NULL)
			*p = (struct gv_board_phase){ .state = GV_BOARD_OVER,
						      .outcome = cell->phases[i].outcome,
						      .seconds = cell->phases[i].seconds };
	}
}

static void
put_state(struct pen *pen, const struct gv_board_row *r, int64_t now_ms)
{
	static const char *const steps[] = {
		[GV_BOARD_WAITING] = "waiting", [GV_BOARD_SDK] = "fetch SDK",    [GV_BOARD_MODULES] = "fetch modules",
		[GV_BOARD_RUNNING] = "run",     [GV_BOARD_REPEATING] = "repeat", [GV_BOARD_GODEBUG] = "try GODEBUG",
	};
	static const char *const verdicts[] = {
		[GV_COMPATIBLE] = GREEN,   [GV_INCOMPATIBLE] = RED, [GV_INCONCLUSIVE] = YELLOW,
		[GV_UNAVAILABLE] = YELLOW, [GV_CELL_SKIPPED] = DIM,
	};
	char text[64], elapsed[24];

	if (r->step == GV_BOARD_DONE) {
		put(pen, gv_verdict_name(r->verdict), STATE_WIDTH, verdicts[r->verdict]);
	} else if (r->step == GV_BOARD_WAITING) {
		put(pen, steps[r->step], STATE_WIDTH, DIM);
	} else {
		gv_meter_time(elapsed, sizeof(elapsed), (double)((now_ms - r->began_ms) / 1000));
		gv_text_cut(text, sizeof(text), "%s %s", steps[r->step], elapsed);
		put(pen, text, STATE_WIDTH, CYAN);
	}
}

/* "1.2s", "12s", "1:07" */
static void
duration(char *out, size_t size, double seconds)
{
	if (seconds < 9.95)
		snprintf(out, size, "%.1fs", seconds);
	else if (seconds < 59.5)
		snprintf(out, size, "%.0fs", seconds);
	else
		gv_meter_time(out, size, seconds);
}

static void
put_phase(struct pen *pen, const struct gv_board_phase *p, int64_t now_ms)
{
	static const struct {
		const char *text, *sgr;
	} outcomes[] = {
		[GV_PASS] = { "pass", GREEN },        [GV_FAIL] = { "fail", RED },
		[GV_FLAKY] = { "flaky", YELLOW },     [GV_SKIPPED] = { "skipped", DIM },
		[GV_UNKNOWN] = { "unknown", YELLOW },
	};
	char text[64], time[24];

	if (p->state == GV_BOARD_TO_DO) {
		put(pen, "", PHASE_WIDTH, NULL);
	} else if (p->state == GV_BOARD_NOW) {
		gv_meter_time(time, sizeof(time), (double)((now_ms - p->began_ms) / 1000));
		put(pen, time, PHASE_WIDTH, CYAN);
	} else if (p->outcome == GV_SKIPPED || p->outcome == GV_UNKNOWN) {
		put(pen, outcomes[p->outcome].text, PHASE_WIDTH, outcomes[p->outcome].sgr);
	} else {
		duration(time, sizeof(time), p->seconds);
		gv_text_cut(text, sizeof(text), "%s %s", outcomes[p->outcome].text, time);
		put(pen, text, PHASE_WIDTH, outcomes[p->outcome].sgr);
	}
}

static size_t
name_width(const struct gv_board *b)
{
	size_t width = 0;

	for (size_t i = 0; i < b->n; i++)
		if (strlen(b->rows[i].name) > width)
			width = strlen(b->rows[i].name);
	return (width < NAME_MAX_ ? width : NAME_MAX_) + 2;
}

static void
add_header(const struct gv_board *b, struct pen pen)
{
	put(&pen, "", name_width(b), NULL);
	put(&pen, "state", STATE_WIDTH, DIM);
	for (size_t i = 0; i < b->phases.n; i++)
		put(&pen, b->phases.v[i], PHASE_WIDTH, DIM);
	end_line(&pen);
}

static void
add_row(const struct gv_board *b, const struct gv_board_row *r, int64_t now_ms, struct pen pen)
{
	put(&pen, r->name, name_width(b), NULL);
	put_state(&pen, r, now_ms);
	for (size_t i = 0; i < b->phases.n; i++)
		put_phase(&pen, &r->phases[i], now_ms);
	put(&pen, gv_result_text(r->cause), 0, NULL);
	end_line(&pen);
}

static void
add_more(const struct gv_board *b, size_t hidden, struct pen pen)
{
	gv_autostr struct gv_str text = GV_STR_INIT(TEXT_MAX);
	size_t done = 0, verdicts[GV_CELL_SKIPPED + 1] = { 0 };

	for (size_t i = 0; i < b->n; i++)
		if (b->rows[i].step == GV_BOARD_DONE) {
			done++;
			verdicts[b->rows[i].verdict]++;
		}
	gv_str_addf(&text, "... and %zu more; %zu of %zu done", hidden, done, b->n);
	for (enum gv_verdict v = GV_INCOMPATIBLE; v <= GV_CELL_SKIPPED; v++)
		if (verdicts[v] > 0)
			gv_str_addf(&text, ", %zu %s", verdicts[v], gv_verdict_name(v));
	put(&pen, gv_str_text(&text), 0, NULL);
	end_line(&pen);
}

/* The first of `shown` rows to show: finished cells at the top are left out first. */
static size_t
first_row(const struct gv_board *b, size_t shown)
{
	size_t first = 0;

	while (first + shown < b->n && b->rows[first].step == GV_BOARD_DONE)
		first++;
	return first;
}

void
gv_board_text(const struct gv_board *b, int64_t now_ms, size_t columns, size_t rows, bool color, const char *note,
	      struct gv_str *out)
{
	struct pen pen = { .out = out, .left = columns, .color = color };
	size_t left = rows - (note != NULL && rows > 0), shown = b->n, first = 0;

	if (left < 3) /* a header, a row and what was left out */
		shown = 0;
	else if (b->n + 1 > left)
		shown = left - 2;
	if (shown > 0) {
		first = first_row(b, shown);
		add_header(b, pen);
	}
	for (size_t i = first; i < first + shown; i++)
		add_row(b, &b->rows[i], now_ms, pen);
	if (shown < b->n && left > 0)
		add_more(b, b->n - shown, pen);
	if (note != NULL && rows > 0) {
		put(&pen, note, 0, YELLOW);
		end_line(&pen);
	}
}
