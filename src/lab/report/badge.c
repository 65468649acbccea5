/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "report/model.h"
#include "report/writers.h"
#include "util/auto.h"
#include "version/version.h"

/* A badge for https://shields.io/badges/endpoint-badge: the compatible minor versions as ranges, "1.18, 1.23–1.24". */
#define MINOR_MAX 1000

enum minor_state { MINOR_UNTESTED, MINOR_GOOD, MINOR_BAD };

static void
fill(unsigned char state[MINOR_MAX], const struct gv_run_result *r)
{
	memset(state, MINOR_UNTESTED, MINOR_MAX);
	for (size_t i = 0; i < r->n_cells; i++) {
		const struct gv_cell_result *c = &r->cells[i];
		int minor = gv_version_minor(c->version);

		if (minor < 0 || minor >= MINOR_MAX || c->verdict == GV_CELL_SKIPPED)
			continue;
		if (c->verdict != GV_COMPATIBLE)
			state[minor] = MINOR_BAD;
		else if (state[minor] == MINOR_UNTESTED && !gv_cause_is(c->cause, GV_CAUSE_NOTHING_TESTED))
			state[minor] = MINOR_GOOD;
	}
}

/* A range of compatible minors goes on across untested ones; an incompatible minor ends it. */
static void
ranges(struct gv_str *out, const unsigned char state[MINOR_MAX])
{
	int first = -1, last = -1;

	for (int i = 0; i <= MINOR_MAX; i++) {
		enum minor_state s = i < MINOR_MAX ? (enum minor_state)state[i] : MINOR_BAD;

		if (s == MINOR_GOOD) {
			first = first < 0 ? i : first;
			last = i;
		} else if (s == MINOR_BAD && first >= 0) {
			gv_str_addf(out, "%s1.%d", out->len > 0 ? ", " : "", first);
			if (last > first)
				gv_str_addf(out,
					    "\xe2\x80\x93"
					    "1.%d",
					    last);
			first = -1;
		}
	}
}

int
gv_write_badge(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err)
{
	gv_autostr struct gv_str message = GV_STR_INIT(4096);
	unsigned char state[MINOR_MAX];
	struct gv_jsonout j;
	const char *color;

	(void)err;
	fill(state, r);
	ranges(&message, state);
	if (message.len == 0)
		color = gv_model_count(r, GV_INCOMPATIBLE) > 0 ? "red" : "lightgrey";
	else
		color = gv_run_exit(r) == 0 ? "brightgreen" : "yellow";
	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_int(&j, "schemaVersion", 1);
	gv_jsonout_str(&j, "label", "go");
	gv_jsonout_str(&j, "message",
		       message.len > 0                          ? gv_str_text(&message)
		       : gv_model_count(r, GV_INCOMPATIBLE) > 0 ? "none"
								: "not tested");
	gv_jsonout_str(&j, "color", color);
	gv_jsonout_close(&j, '}');
	gv_jsonout_take(&j, out);
	return 0;
}
