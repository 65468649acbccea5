/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_RESULT_H
#define GV_VALIDATE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The result of a validation as plain data: the runner fills it, every report is written from it, and the JSON report reads
 * back into it (merge, convert, baseline). All strings are owned; text from the project may hold any bytes but NUL, and each report
 * writer cleans it for its own format. A string that nobody set may be NULL and means "".
 */
enum gv_verdict {
	GV_COMPATIBLE,
	GV_INCOMPATIBLE, /* the project's fault on this version */
	GV_INCONCLUSIVE, /* infrastructure: nothing is known */
	GV_UNAVAILABLE,  /* no such SDK for this platform */
	GV_CELL_SKIPPED, /* not run, or not to its end; the class says why: "only", "fail-fast", "interrupted" */
};

enum gv_outcome { GV_PASS, GV_FAIL, GV_FLAKY, GV_SKIPPED, GV_UNKNOWN /* "inconclusive" */ };

#define GV_EXIT_NONE (-1) /* struct gv_phase_result.exit of a phase that is not a process */

struct gv_diag {
	char *file;          /* relative to the module directory */
	unsigned line, col;  /* 0: unknown */
	char *message;
};

/* A package that was tested, or one failed test of it, as far as the output of `go test` tells. */
struct gv_test_result {
	char *package;
	char *name;              /* "TestX/sub"; "" is the package itself */
	enum gv_outcome outcome; /* pass, fail, skipped (no test files) */
	double seconds;
	char *message;           /* what it printed, cut; "[build failed]" */
};

struct gv_phase_result {
	char *phase;            /* "precheck", "build", "vet", "test", "race", "cross", and follow-ups ("test-again") */
	enum gv_outcome outcome;
	char *class_;           /* classes of the table in validate/patterns.def, "" when passed; "nothing-tested" also on a pass */
	char *line;             /* the deciding line, or "" */
	char *hint;             /* "'slices' was added in Go 1.21", or "" */
	struct gv_diag *diags;
	size_t n_diags;
	struct gv_test_result *tests;
	size_t n_tests;
	int exit;               /* GV_EXIT_NONE: no process */
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
	char *note;             /* what a reader has to know to judge it: files that the cell's copy lacks; or "" */
	char *options;          /* what else was asked for and shaped the cell, as a shell reads it: "--phase build", or "" */
	enum gv_verdict verdict;
	char *class_;           /* of the phase that decided; of a skipped cell the reason */
	struct gv_phase_result *phases;
	size_t n_phases;
};

struct gv_run_result {
	char *gover;            /* version of gover */
	char *module;           /* module path, "" without go.mod */
	char *go_directive;     /* "1.21", "" when there is none */
	char *engine, *engine_version;
	char *started;          /* "2026-11-24T15:09:00Z", or "" */
	struct gv_cell_result *cells;
	size_t n_cells;
};

void gv_run_result_free(struct gv_run_result *r);
/* Each returns the new, zeroed element; pointers to earlier elements of the same vector end. */
struct gv_cell_result *gv_run_result_add(struct gv_run_result *r);
struct gv_phase_result *gv_cell_result_add(struct gv_cell_result *c);
struct gv_diag *gv_phase_result_add_diag(struct gv_phase_result *p);
struct gv_test_result *gv_phase_result_add_test(struct gv_phase_result *p);
void gv_cell_result_free(struct gv_cell_result *c);   /* what it holds, not `c` */
void gv_phase_result_free(struct gv_phase_result *p); /* what it holds, not `p` */

/* The phase of that name, or NULL. */
struct gv_phase_result *gv_cell_phase(const struct gv_cell_result *c, const char *name);

/* Replace an owned string by a copy of `value`; NULL is "". */
void gv_result_set(char **field, const char *value);

/* "" for NULL. */
static inline const char *
gv_result_text(const char *s)
{
	return s != NULL ? s : "";
}

/* Its id, or at least its version; borrowed. */
const char *gv_cell_name(const struct gv_cell_result *c);

const char *gv_verdict_name(enum gv_verdict v);  /* "compatible", ... "skipped" */
const char *gv_outcome_name(enum gv_outcome o);  /* "pass", "fail", "flaky", "skipped", "inconclusive" */
bool gv_verdict_parse(enum gv_verdict *v, const char *name);
bool gv_outcome_parse(enum gv_outcome *o, const char *name);

/* Whether cells were left out because of a signal. */
bool gv_run_is_interrupted(const struct gv_run_result *r);

/*
 * The lowest version all of whose cells are compatible and tested something, or NULL; cells of class "only" do not count; verdicts need not be monotonic, so a
 * higher version may still be incompatible. Borrowed from `r`.
 */
const char *gv_run_min_compatible(const struct gv_run_result *r);

/*
 * 130 interrupted, else 1 any incompatible cell, else 3 any inconclusive or unavailable, else 0. When no cell tested anything (there is none, all
 * were skipped, or tests were asked for and none exists) it is 3, never 0.
 */
int gv_run_exit(const struct gv_run_result *r);

#endif
