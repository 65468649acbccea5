/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_PHASE_H
#define GV_JUDGE_PHASE_H

#include "judge/finding.h"

/*
 * From what the go command printed to a class, the line that decides, diagnostics and a hint.
 * The patterns (PCRE2) are one table, judge/patterns.def; symbols ("added in Go 1.N") come from judge/symbols.h.
 */
struct gv_phase_output {
	/* "fetch", "build", "vet", "test", "race", "cross", "debug"; follow-ups as "test-again" */
	const char *phase;
	const char *text; /* stdout and stderr as they came, head and tail; `go test -json` is fine too */
	int exit, signal;
	bool timeout, oom;
	const char *version;   /* the Go tested: "1.22.3" */
	const char *module;    /* module path of the project, or NULL */
	const char *moduledir; /* absolute; the directory paths are relative to, inside the cell; or NULL */
	const char *goroot;    /* absolute; the SDK inside the cell, or NULL */
};

/*
 * Fill outcome, cause, line, hint, diags and tests of an empty finding, also for a phase that passed (nothing-tested).
 * Deciding lines say $SRC and $GOROOT for `moduledir` and `goroot`, so that the same fault reads the same on every
 * version.
 */
void gv_classify(const struct gv_phase_output *in, struct gv_finding *out);

/* The phase "precheck": the version against the go line of go.mod or go.work; "" or NULL if there is none. */
void gv_precheck(const char *version, const char *go_directive, struct gv_finding *out);

#endif
