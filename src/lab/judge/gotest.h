/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_GOTEST_H
#define GV_JUDGE_GOTEST_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/finding.h"
#include "util/str.h"

/*
 * What `go test` printed, taken apart: the go command's own words, which say why something could not be built, and what
 * test binaries printed, which may say anything. A stretch of lines that ends in "ok" or "FAIL", a package and a time
 * comes from a test binary, except for compiler output ("# package" and the lines that belong to it), which go prints
 * in between.
 */
struct gv_gotest {
	struct gv_str go;     /* lines of the go command */
	struct gv_str output; /* lines of test binaries, with the package lines that end them */
	char *no_tests;       /* the first "?  PACKAGE [no test files]" line, or NULL */
	bool tested;          /* a package had tests */
};

#define GV_GOTEST_MAX 5000
/* `text` is plain; tests are added to `finding` (at most GV_GOTEST_MAX). The caller frees what *g holds. */
void gv_gotest_split(struct gv_gotest *g, const char *text, struct gv_finding *finding);
void gv_gotest_release(struct gv_gotest *g);

/*
 * `go test -json` (and `go build -json`) as the text that it would have been: "output" and "build-output" events give
 * their text, other events nothing, lines that are no events stay. NULL when `text` holds no event; caller frees.
 */
char *gv_gotest_plain(const char *text);

#endif
