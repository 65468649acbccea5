/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_PHASE_H
#define GV_JUDGE_PHASE_H

#include "judge/finding.h"

/*
 * From what the go command printed to a cause, the line that decides, diagnostics and a hint. All patterns are in one
 * table, judge/patterns.def. judge/symbols.h knows which Go added a symbol.
 */
struct gv_phase_output {
	/* "fetch", "build", "vet", "test", "race", "cross", "debug"; follow-ups as "test-again" */
	const char *phase;
	const char *text; /* stdout and stderr as they arrived, head and tail; may be from `go test -json` */
	int exit, signal;
	bool timeout, oom;
	const char *version;   /* the Go tested: "1.22.3" */
	const char *module;    /* module path of the project, or NULL */
	const char *moduledir; /* absolute, in the cell; printed paths are relative to it; or NULL */
	const char *goroot;    /* absolute, the SDK in the cell; or NULL */
};

/*
 * Fill outcome, cause, line, hint, diags and tests of an empty finding. A phase that passed may have a cause, too:
 * nothing-tested. Lines show `moduledir` and `goroot` as $SRC and $GOROOT, so that the same fault reads the same on
 * every version. The caller releases the finding.
 */
void gv_classify(const struct gv_phase_output *in, struct gv_finding *out);

/*
 * Fill an empty finding for the phase "precheck": it fails if `version` is older than `go_directive`, the version in
 * the go line of go.mod or go.work ("" or NULL: none). The caller releases the finding.
 */
void gv_precheck(const char *version, const char *go_directive, struct gv_finding *out);

#endif
