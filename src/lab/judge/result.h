/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_RESULT_H
#define GV_JUDGE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The result of a validation as plain data. judge/assemble.c makes it, or report/read.c from a JSON report (merge,
 * convert, baseline). Nobody else changes it (judge/build.h), and every report is written from it. All strings are
 * owned. Text from the project may hold any bytes but NUL, and each report writer cleans it for its own format. A
 * string may be NULL, which means "".
 */
enum gv_verdict {
	GV_COMPATIBLE,
	GV_INCOMPATIBLE, /* the project's fault on this version */
	GV_INCONCLUSIVE, /* infrastructure: nothing is known */
	GV_UNAVAILABLE,  /* no such SDK for this platform */
	GV_CELL_SKIPPED, /* not run, or not to its end; the cause says why: "only", "fail-fast", "interrupted" */
};

enum gv_outcome { GV_PASS, GV_FAIL, GV_FLAKY, GV_SKIPPED, GV_UNKNOWN /* "inconclusive" */ };

/*
 * Why a phase or a cell ended as it did; the rows of judge/causes.def. Results hold the name as a string, because the
 * report of a newer gover may have a cause that we do not know.
 */
enum gv_cause {
#define GV_CAUSE(id, name, text) GV_CAUSE_##id,
#include "judge/causes.def"
#undef GV_CAUSE
};

#define GV_EXIT_NONE (-1) /* struct gv_phase_result.exit of a phase that is not a process */

struct gv_diag {
	char *file;         /* relative to the module directory */
	unsigned line, col; /* 0: unknown */
	char *message;
};

/* A package that was tested, or one failed test of it, as far as the output of `go test` tells. */
struct gv_test_result {
	char *package;
	char *name;              /* "TestX/sub"; "" is the package itself */
	enum gv_outcome outcome; /* pass, fail, skipped (no test files) */
	double seconds;
	char *message; /* what it printed, cut; "[build failed]" */
};

struct gv_phase_result {
	char *phase; /* "precheck", "build", "vet", "test", "race", "cross", and follow-ups ("test-again") */
	enum gv_outcome outcome;
	char *cause; /* name of judge/causes.def, "" when passed; "nothing-tested" also on a pass */
	char *line;  /* the deciding line, or "" */
	char *hint;  /* "'slices' was added in Go 1.21", or "" */
	struct gv_diag *diags;
	size_t n_diags;
	struct gv_test_result *tests;
	size_t n_tests;
	int exit; /* GV_EXIT_NONE: no process */
	double seconds;
	uint64_t peak_rss; /* bytes, 0 unknown */
	char *log;         /* head and tail of the output */
};

struct gv_cell_result {
	char *id;        /* "go1.22.3", with /platform, :tags, @env and moduledir where there are several */
	char *moduledir; /* "." or "sub/mod" */
	char *version;   /* "1.22.3" */
	char *goversion; /* what the go command in the cell said: "go1.22.3"; "" when it never ran */
	char *platform;  /* "linux/amd64" */
	char *tags;      /* comma list or "" */
	char *env;       /* "K=V,..." or "" */
	char *note;      /* what readers must know: files that the cell's copy lacks; or "" */
	char *options;   /* other options that shaped the cell, as a shell reads them: "--phase build", or "" */
	enum gv_verdict verdict;
	char *cause; /* that of the phase that decided; why, for a skipped cell */
	struct gv_phase_result *phases;
	size_t n_phases;
};

struct gv_run_result {
	char *gover;        /* version of gover */
	char *module;       /* module path, "" without go.mod */
	char *go_directive; /* "1.21", "" when there is none */
	char *engine, *engine_version;
	char *started; /* "2026-11-24T15:09:00Z", or "" */
	struct gv_cell_result *cells;
	size_t n_cells;
};

/* Free the contents, not the struct itself. */
void gv_run_result_release(struct gv_run_result *r);
void gv_cell_result_release(struct gv_cell_result *c);
/* Free a vector of `n` and what it holds. */
void gv_diags_free(struct gv_diag *diags, size_t n);
void gv_tests_free(struct gv_test_result *tests, size_t n);

/* The phase of that name, or NULL. */
const struct gv_phase_result *gv_cell_result_phase(const struct gv_cell_result *c, const char *name);

/* "" for NULL. */
static inline const char *
gv_result_text(const char *s)
{
	return s != NULL ? s : "";
}

/* The cell's id, or its version if it has no id; borrowed. */
const char *gv_cell_result_name(const struct gv_cell_result *c);

const char *gv_verdict_name(enum gv_verdict v); /* "compatible", ... "skipped" */
const char *gv_outcome_name(enum gv_outcome o); /* "pass", "fail", "flaky", "skipped", "inconclusive" */
/* False when there is none of that name. */
bool gv_verdict_parse(enum gv_verdict *v, const char *name);
bool gv_outcome_parse(enum gv_outcome *o, const char *name);

const char *gv_cause_name(enum gv_cause cause);          /* "std-api-missing" */
bool gv_cause_is(const char *name, enum gv_cause cause); /* NULL means "" */
/* What the cause of that name means, for people; NULL when there is no such name. */
const char *gv_cause_text(const char *name);

/* Whether cells were left out because of a signal. */
bool gv_run_is_interrupted(const struct gv_run_result *r);

/*
 * The lowest version whose cells are all compatible, at least one of which tested something; or NULL. Cells of cause
 * "only" do not count. A higher version may still be incompatible. Borrowed from `r`.
 */
const char *gv_run_min_compatible(const struct gv_run_result *r);

/*
 * The exit status: 130 if the run was interrupted; else 1 if a cell is incompatible; else 3 if a cell is inconclusive
 * or unavailable, or if no cell tested anything (there are no cells, all were skipped, or there are no tests); else 0.
 */
int gv_run_exit(const struct gv_run_result *r);

#endif
