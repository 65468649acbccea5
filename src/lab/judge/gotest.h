/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_GOTEST_H
#define GV_JUDGE_GOTEST_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/finding.h"
#include "util/str.h"

/*
 * The output of `go test` in two parts: what the go command itself printed, such as why something could not be built,
 * and what test binaries printed, which may be anything. If a block of lines ends with "ok" or "FAIL", a package and a
 * time, it comes from a test binary; but "# package" and the compiler's lines that belong to it come from the go
 * command, even within such a block.
 */
struct gv_gotest {
	struct gv_str go;     /* lines of the go command */
	struct gv_str output; /* lines of test binaries, with the package lines that end them */
	char *no_tests;       /* the first "?  PACKAGE [no test files]" line, or NULL */
	bool tested;          /* a package had tests */
};

#define GV_GOTEST_MAX 5000
/*
 * Split plain text, see gv_gotest_plain(). Adds tests and packages to `finding`, which has at most GV_GOTEST_MAX.
 * gv_gotest_release() frees what `g` then holds.
 */
void gv_gotest_split(struct gv_gotest *g, const char *text, struct gv_finding *finding);
void gv_gotest_release(struct gv_gotest *g);

/*
 * Turn the output of `go test -json` or `go build -json` into plain text: the text of each "output" and "build-output"
 * event, and each line that is not an event. NULL when `text` holds no event; caller frees.
 */
char *gv_gotest_plain(const char *text);

#endif
