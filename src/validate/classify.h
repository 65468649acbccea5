/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_CLASSIFY_H
#define GV_VALIDATE_CLASSIFY_H

#include "validate/result.h"

/*
 * From what the go command printed to a class, the line that decides, diagnostics and a hint.
 * The patterns (PCRE2) are one table, validate/patterns.def; symbols ("added in Go 1.N") come from validate/symbols.h.
 */
struct gv_phase_output {
	const char *phase;      /* "build", "vet", "test" ... */
	const char *text;       /* stdout and stderr as they came, head and tail */
	int exit, signal;
	bool timeout, oom;
	const char *version;    /* the Go tested: "1.22.3" */
	const char *module;     /* module path of the project */
	const char *moduledir;  /* the directory paths are relative to, inside the cell */
};

/* Fills outcome, class_, line, hint, diags of `out`; a passing phase too (nothing-tested). */
void gv_classify(const struct gv_phase_output *in, struct gv_phase_result *out);

/*
 * The cell as a whole, after all phases: a failed build decides vet's class; a vet finding that `go test` reports is vet's; a failed
 * precheck makes the cell incompatible (below-declared) whatever the rest says; infrastructure is inconclusive.
 */
void gv_classify_cell(struct gv_cell_result *cell);

#endif
