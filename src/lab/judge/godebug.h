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
 * from internal/godebugs of the SDKs). First all settings that the tested Go knows are set to their old values; when
 * the test then passes, halving finds those that it needs, one after the other. "None" is an answer.
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
	unsigned short rows[GV_GODEBUG_MAX];   /* of the table; with the needed ones, rows[0..n) make the test pass */
	unsigned short needed[GV_GODEBUG_MAX]; /* found so far */
	size_t n, n_needed;
	size_t lo, hi; /* length of the shortest beginning of rows that still does */
	enum gv_godebug_state state;
	bool found;
};

/* `minor`: the N of the tested Go 1.N. */
void gv_godebug_begin(struct gv_godebug_search *s, int minor);

/* The N of the Go 1.N that changed its default, with which it came at the latest; -1: no such setting. */
int gv_godebug_since(const char *name, size_t len);

/* The next value of GODEBUG to try ("a=1,b=0"), or false at the end. */
bool gv_godebug_next(const struct gv_godebug_search *s, struct gv_str *value);
void gv_godebug_tell(struct gv_godebug_search *s, bool passes);

/*
 * "passes with GODEBUG=panicnil=1, the default before Go 1.21", or that no setting changes it; `who` are "2 of 3 tests
 * pass", or NULL.
 */
void gv_godebug_hint(const struct gv_godebug_search *s, const char *who, struct gv_str *out);

/* Add the names of the top-level tests that failed, each once. */
void gv_godebug_failing(const struct gv_test_result *tests, size_t n, struct gv_strv *names);

/*
 * Whether a failed test phase of cell `i` is worth the search: the test really fails (not built, not flaky), the Go has
 * the settings (1.21), and the tests of no older version of the same project, platform, tags and environment fail as
 * well.
 */
bool gv_godebug_wanted(const struct gv_run_result *r, size_t i, const char *phase);

#endif
