/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_TRIAL_H
#define GV_TESTS_TRIAL_H

#include "tests/unit/lab/fakeengine.h"
#include "validate/runner.h"

/*
 * A validation with engines handed in: a project, directories of its own, cells by number, and what was reported and asked
 * for meanwhile.
 *
 *	trial_init(&t, script, arg)  ->  trial_cell(), t.opts  ->  gv_run(&t.runner, ...)  ->  trial_release(&t)
 */
struct trial {
	struct fake engine, host; /* cells of the host fetch modules; they succeed unless t->fetch differs */
	void (*fetch)(const struct fake_seen *spec, struct fake_script *out);
	char *work; /* contains everything else */
	struct gv_dirs dirs;
	struct gv_module modules[2];
	struct gv_project project;
	struct gv_matrix_cell cells[8];
	struct gv_matrix matrix;
	struct gv_validate_opts opts;
	struct gv_runner runner;
	struct gv_strv events;    /* "fetch go1.22.3", "begin go1.22.3", "phase go1.22.3 build", "passed ...", ... */
	struct gv_strv asked_sdk; /* versions */
	enum gv_code sdk_code;    /* the error for an SDK in `sdk_missing` */
	const char *sdk_missing;
	/* This SDK only comes after that event, or a signal; after a minute it does not come at all (GV_EFAIL). */
	const char *sdk_slow, *sdk_until;
	const char *interrupt_at; /* the user presses Ctrl-C at this event */
	pthread_mutex_t lock;     /* guards events and asked_sdk while the run goes on */
	pthread_cond_t told;
	struct gv_run_result out;
};

/*
 * Start with modules "." and "sub", no cells, one job, phases build and test. `script` decides what the engine's cells
 * do.
 */
void trial_init(struct trial *t, void (*script)(void *arg, const struct fake_seen *spec, struct fake_script *out),
		void *arg);
/* Also releases `out`. */
void trial_release(struct trial *t);

/*
 * Add a wanted cell "goVERSION" or "goVERSION#sub" of the module with that number. Strings are borrowed; the caller may
 * change the returned cell.
 */
struct gv_matrix_cell *trial_cell(struct trial *t, const char *version, size_t module);

/* All events, one a line. Caller frees. */
char *trial_events(const struct trial *t);
/* The position of an event, -1 if it never came. */
int trial_when(const struct trial *t, const char *event);

/* A cell that passes: hello of the Go in its name, build, test, done. */
void trial_passes(const struct fake_seen *spec, struct fake_script *out);
/* The same, but the tests in `tests` fail ("TestA TestB"). */
void trial_fails(const struct fake_seen *spec, struct fake_script *out, const char *tests);

#endif
