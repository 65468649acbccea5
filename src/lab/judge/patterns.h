/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_PATTERNS_H
#define GV_JUDGE_PATTERNS_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/result.h"

/*
 * The table of patterns, judge/patterns.def, and its matcher. Text is bytes. PCRE2's match limit bounds the work,
 * whatever the text is; a row that reaches the limit does not match.
 */
/* Who printed it. */
enum gv_printed {
	GV_BY_FETCH = 1,
	GV_BY_BUILD = 2,
	GV_BY_VET = 4,
	GV_BY_TEST = 8,
	GV_BY_DEBUG = 16,
	GV_BY_OUTPUT = 32, /* not the go command, but a test binary */
	GV_BY_ANY = 31,
};

enum gv_fault { GV_FAULT_PROJECT, GV_FAULT_INFRA };

enum gv_guard {
	GV_GUARD_NONE,
	GV_GUARD_STD_DIRECTORY, /* group 1 is a standard package of a later Go; this Go has only its directory */
	GV_GUARD_STD_PACKAGE,   /* group 1 is a standard package of a later Go */
	GV_GUARD_STD_SYMBOL,    /* pkg, type and sym name something that a later Go added to the standard library */
	GV_GUARD_LATER_GODEBUG, /* group 1 is a GODEBUG setting that a later Go has */
	GV_GUARD_COMPILER,      /* the nearest "# " line above, if any, is not vet's "# [package]" */
	/* the nearest "# " line above is "# package", on a Go (1.22) whose vet adds "# [package]" if there are tests */
	GV_GUARD_LONE_HEADER,
	GV_GUARD_VET_HEADER, /* the nearest "# " line above is vet's "# [package]" */
	GV_GUARD_CRASH,      /* goroutine stacks follow, and the test binary did not end by itself */
	GV_GUARD_CUT_OFF,    /* the test binary did not end by itself */
};

/* Which line decides: the one that matched, the next, or the last one above that says something. */
enum gv_take { GV_TAKE_LINE, GV_TAKE_NEXT, GV_TAKE_ABOVE };

/* Where the hint comes from. */
enum gv_hint {
	GV_HINT_NONE,
	GV_HINT_SENTENCE, /* the row's own sentence */
	/* judge/hint.c computes these from the match */
	GV_HINT_DIRECTIVE, /* the Go that has the directive of group 1 */
	GV_HINT_GODEBUG,   /* the Go that has the setting of group 1 */
	GV_HINT_PACKAGE,   /* the Go that has the package of group 1, and who needs it */
	GV_HINT_SYMBOL,    /* the Go that has pkg, type and sym, and who needs them */
	/* the Go that has the built-in of group 1 or the language of the line, or the module that does not compile */
	GV_HINT_COMPILE,
	GV_HINT_SURROUNDINGS, /* what the tests look for and a cell does not have */
	GV_HINT_NO_MODULE,    /* how to make the go.mod, or the line of go.work, that is missing */
};

/* The hint if a cell lacks a module. If the fetch of the modules failed, what it printed replaces this hint. */
#define GV_UNFETCHED "the module was not there when the network was cut; 'go mod tidy' may be due"

struct gv_pattern {
	enum gv_cause cause;
	unsigned printed; /* bits of enum gv_printed */
	enum gv_fault fault;
	enum gv_guard guard;
	enum gv_take take;
	const char *regex;
	enum gv_hint hint;
	const char *sentence; /* for GV_HINT_SENTENCE; {1} to {3} are groups of the match */
};

extern const struct gv_pattern gv_patterns[];
extern const size_t gv_patterns_len;

/* A piece of the text; absent groups have len 0. */
struct gv_span {
	const char *s;
	size_t len;
};

struct gv_match {
	const struct gv_pattern *pattern;
	size_t start, end;       /* the whole match, offsets in the text */
	struct gv_span group[4]; /* 1..3 by number; 0 is the match */
	struct gv_span pkg, type, sym;
};

/*
 * Find the next match of row `i` in `text`, which has `len` bytes, at or after `from`; false if there is none. `m`
 * borrows from `text`.
 */
bool gv_pattern_next(size_t i, const char *text, size_t len, size_t from, struct gv_match *m);

/* Copy a span to `out`, which has `size` bytes, as a string; false and "" when it is empty or does not fit. */
bool gv_span_copy(char *out, size_t size, struct gv_span span);

#endif
