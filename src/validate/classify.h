/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_CLASSIFY_H
#define GV_VALIDATE_CLASSIFY_H

#include "validate/result.h"

/*
 * From what the go command printed to a class, the line that decides, diagnostics and a hint.
 * The patterns (PCRE2) are one table, validate/patterns.def; symbols ("added in Go 1.N") come from validate/symbols.h.
 */
struct gv_phase_output {
	const char *phase;      /* "fetch", "build", "vet", "test", "race", "cross", "debug"; follow-ups as "test-again" */
	const char *text;       /* stdout and stderr as they came, head and tail; `go test -json` is fine too */
	int exit, signal;
	bool timeout, oom;
	const char *version;    /* the Go tested: "1.22.3" */
	const char *module;     /* module path of the project, or NULL */
	const char *moduledir;  /* absolute; the directory paths are relative to, inside the cell; or NULL */
	const char *goroot;     /* absolute; the SDK inside the cell, or NULL */
};

/*
 * Fills outcome, class_, line, hint, diags, tests and exit of `out`, a passing phase's too (nothing-tested), and `phase` when it is
 * not set. Deciding lines say $SRC and $GOROOT for `moduledir` and `goroot`, so that the same fault reads the same on every version.
 */
void gv_classify(const struct gv_phase_output *in, struct gv_phase_result *out);

/* The phase "precheck": the version against the go line of go.mod or go.work, "" or NULL when there is none. */
void gv_precheck(const char *version, const char *go_directive, struct gv_phase_result *out);

/*
 * The cell as a whole, after all phases and follow-ups (validate/followup.h): a failed build decides vet's class; a vet finding that
 * `go test` reports is vet's; a test that passed when it was repeated is flaky; a failed precheck makes the cell incompatible
 * (below-declared) whatever the rest says; infrastructure is inconclusive. Sets verdict and class_ of `cell`, and may change
 * class_, line, hint and outcome of its phases. A cell without phases is left alone.
 */
void gv_classify_cell(struct gv_cell_result *cell);

#endif
