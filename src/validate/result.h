/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_RESULT_H
#define GV_VALIDATE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The result of a validation as plain data: the runner fills it, every report is written from it, and the JSON report reads
 * back into it (merge, convert, baseline). All strings are owned; text from the project may hold any bytes but NUL, and each report
 * writer cleans it for its own format.
 */
enum gv_verdict {
	GV_COMPATIBLE,
	GV_INCOMPATIBLE, /* the project's fault on this version */
	GV_INCONCLUSIVE, /* infrastructure: nothing is known */
	GV_UNAVAILABLE,  /* no such SDK for this platform */
	GV_CELL_SKIPPED, /* fail-fast, --only */
};

enum gv_outcome { GV_PASS, GV_FAIL, GV_FLAKY, GV_SKIPPED, GV_UNKNOWN /* "inconclusive" */ };

struct gv_diag {
	char *file;          /* relative to the module directory */
	unsigned line, col;  /* 0: unknown */
	char *message;
};

struct gv_phase_result {
	char *phase;            /* "precheck", "build", "vet", "test", "race", "cross" */
	enum gv_outcome outcome;
	char *class_;           /* classes of the table in validate/patterns.def, "" when passed; "nothing-tested" also on a pass */
	char *line;             /* the deciding line, or "" */
	char *hint;             /* "'slices' was added in Go 1.21", or "" */
	struct gv_diag *diags;
	size_t n_diags;
	int exit;
	double seconds;
	uint64_t peak_rss;      /* bytes, 0 unknown */
	char *log;              /* head and tail of the output */
};

struct gv_cell_result {
	char *id;               /* "go1.22.3", with /platform, :tags, @env and moduledir where there are several */
	char *moduledir;        /* "." or "sub/mod" */
	char *version;          /* "1.22.3" */
	char *goversion;        /* what the go command in the cell said: "go1.22.3"; "" when it never ran */
	char *platform;         /* "linux/amd64" */
	char *tags;             /* comma list or "" */
	char *env;              /* "K=V,..." or "" */
	enum gv_verdict verdict;
	char *class_;
	struct gv_phase_result *phases;
	size_t n_phases;
};

struct gv_run_result {
	char *gover;            /* version of gover */
	char *module;           /* module path, "" without go.mod */
	char *go_directive;     /* "1.21", "" when there is none */
	char *engine, *engine_version;
	struct gv_cell_result *cells;
	size_t n_cells;
};

void gv_run_result_free(struct gv_run_result *r);
struct gv_cell_result *gv_run_result_add(struct gv_run_result *r);
struct gv_phase_result *gv_cell_result_add(struct gv_cell_result *c);

const char *gv_verdict_name(enum gv_verdict v);  /* "compatible", ... "skipped" */
const char *gv_outcome_name(enum gv_outcome o);  /* "pass", "fail", "flaky", "skipped", "inconclusive" */

/* The lowest compatible version, or NULL; verdicts need not be monotonic. */
const char *gv_run_min_compatible(const struct gv_run_result *r);

/* 1 any incompatible cell, else 3 any inconclusive or unavailable, else 0; no cell tested is 3, never 0. */
int gv_run_exit(const struct gv_run_result *r);

#endif
