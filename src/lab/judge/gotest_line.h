/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_GOTEST_LINE_H
#define GV_JUDGE_GOTEST_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/result.h"

/*
 * One line of `go test` (cmd/go/internal/test, testing):
 *
 *	ok  	PACKAGE	0.004s	coverage: 80.0% of statements
 *	ok  	PACKAGE	(cached) [no tests to run]
 *	FAIL	PACKAGE	0.003s
 *	FAIL	PACKAGE [build failed]
 *	?   	PACKAGE	[no test files]
 *	    --- FAIL: TestX/sub (0.00s)
 */
enum gv_gotest_kind {
	GV_LINE_OTHER,
	GV_LINE_TEST, /* "--- FAIL: NAME (TIME)", also PASS and SKIP, which -v prints */
	GV_LINE_PACKAGE,
	GV_LINE_FRAME, /* "=== RUN", "PASS", "FAIL": belongs to no test's output */
};

struct gv_gotest_line {
	enum gv_gotest_kind kind;
	enum gv_outcome outcome;
	const char *name, *note; /* package or test; "[build failed]" */
	size_t name_len, note_len;
	double seconds;
	bool ran;   /* a test binary ran: the line has a time */
	bool empty; /* no test files, or no tests to run */
};

/* Fill `l` from a line of `len` bytes, without its line end. Name and note are borrowed from the line. */
void gv_gotest_line(struct gv_gotest_line *l, const char *line, size_t len);

#endif
