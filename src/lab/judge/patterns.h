/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_PATTERNS_H
#define GV_JUDGE_PATTERNS_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/result.h"

/*
 * The table of causes, judge/patterns.def, and its matcher. Text is bytes; a match costs bounded work whatever the
 * text is (PCRE2's match limit; a row that runs into it does not match).
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
	GV_GUARD_STD_DIRECTORY, /* group 1 is a standard package that a later Go has completely */
	GV_GUARD_STD_PACKAGE,   /* group 1 is a standard package of a later Go */
	GV_GUARD_STD_SYMBOL,    /* pkg, type and sym name something that a later Go added to the standard library */
	GV_GUARD_LATER_GODEBUG, /* group 1 is a GODEBUG setting that a later Go has */
	GV_GUARD_COMPILER,      /* the nearest "# package" line above is the compiler's */
	/* that, on a Go whose vet writes a second line "# [package]" for packages with tests, or none */
	GV_GUARD_LONE_HEADER,
	GV_GUARD_VET_HEADER, /* the nearest line above is vet's "# [package]" */
	GV_GUARD_CRASH,      /* goroutine stacks follow, and the test binary did not come to its end */
	GV_GUARD_CUT_OFF,    /* the latter alone */
};

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
	GV_HINT_COMPILE, /* the Go that has the built-in of group 1, or the language of the line; or the module that fails */
	GV_HINT_SURROUNDINGS, /* what the tests look for and a cell does not have */
	GV_HINT_NO_MODULE,    /* go.mod or go.work */
};

/* The hint of a module that a cell lacks. What the fetch of the modules printed may replace it. */
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

/* The next match of row `i` at or after `from`; false when there is none. Borrows from `text`. */
bool gv_pattern_next(size_t i, const char *text, size_t len, size_t from, struct gv_match *m);

/* Copy a span as a string; false (and "") when it is empty or does not fit. */
bool gv_span_copy(char *out, size_t size, struct gv_span span);

#endif
