/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_GODEBUG_H
#define GV_JUDGE_GODEBUG_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/result.h"
#include "util/str.h"
#include "util/strv.h"

/*
 * Which changed default of the Go runtime broke a test? GODEBUG settings bring old defaults back (data/godebugs.tsv,
 * from internal/godebugs of the SDKs). The search first gives all settings that the tested Go knows their old values.
 * If the test then passes, halving finds the settings that it needs, one after the other. "None" is an answer.
 *
 *	gv_godebug_begin(&s, minor);
 *	while (gv_godebug_next(&s, &value))
 *		gv_godebug_tell(&s, the test passes with GODEBUG=value);
 *	gv_godebug_hint(&s, NULL, &hint);
 *
 * Settings that the tested Go has removed are left out: it refuses to start with them.
 */
#define GV_GODEBUG_MAX 64 /* settings; a test checks that the table fits */

enum gv_godebug_state { GV_GODEBUG_ALL, GV_GODEBUG_NEEDED, GV_GODEBUG_HALVE, GV_GODEBUG_DONE };

struct gv_godebug_search {
	unsigned short rows[GV_GODEBUG_MAX];   /* of the table; rows[0..n) and the needed ones make the test pass */
	unsigned short needed[GV_GODEBUG_MAX]; /* found so far */
	size_t n, n_needed;
	size_t lo, hi; /* fewest of rows[0], rows[1] ... that make it pass: at least lo, at most hi */
	enum gv_godebug_state state;
	bool found; /* the test passes with all settings */
};

/* `minor`: the N of the tested Go 1.N. */
void gv_godebug_begin(struct gv_godebug_search *s, int minor);

/* The N of the Go 1.N that changed the default of a setting, whose name has `len` bytes; -1: no such setting. */
int gv_godebug_since(const char *name, size_t len);

/* Replace `value` by the next value of GODEBUG to try ("a=1,b=0"), or return false at the end. */
bool gv_godebug_next(const struct gv_godebug_search *s, struct gv_str *value);
/* Tell the search whether the test passes with that value. */
void gv_godebug_tell(struct gv_godebug_search *s, bool passes);

/*
 * Append the answer: "passes with GODEBUG=panicnil=1, the default before Go 1.21", or that no setting changes it. `who`
 * replaces "passes" ("2 of 3 failing tests pass"); NULL keeps it.
 */
void gv_godebug_hint(const struct gv_godebug_search *s, const char *who, struct gv_str *out);

/* Add the names of the top-level tests that failed, each once. */
void gv_godebug_failing(const struct gv_test_result *tests, size_t n, struct gv_strv *names);

/*
 * Whether the search is worth while for a test phase of cell `i`. The tests must run and fail (not flaky), the Go must
 * have such settings (1.21 or later), and tests must not fail on an older version with the same module, platform, tags
 * and environment.
 */
bool gv_godebug_wanted(const struct gv_run_result *r, size_t i, const char *phase);

#endif
