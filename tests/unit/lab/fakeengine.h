/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_FAKEENGINE_H
#define GV_TESTS_FAKEENGINE_H

#include <pthread.h>

#include "engine/ops.h"

/*
 * An engine whose cells answer with the test's frames (JSON, see cell/plan.h). It runs nothing.
 *
 *	fake_init(&f, script, arg)  ->  pass &f.engine  ->  check f.seen, f.open, ...  ->  fake_release(&f)
 */

/* A cell that the test's subject started. */
struct fake_seen {
	char *name;
	struct gv_strv env;    /* from its plan */
	struct gv_strv phases; /* "NAME ARG ARG" each, without the program */
	bool keep;
};

/* What a cell does. */
struct fake_script {
	struct gv_strv frames;
	const char *refuse;     /* the cell cannot start, for this reason */
	const char *broken;     /* after the frames, reading fails for this reason */
	bool interrupt;         /* after the frames the user interrupts */
	bool unkeepable;        /* the engine cannot keep it */
	struct gv_cell_end end; /* its answer to gv_cell_finish() */
};

struct fake {
	struct gv_engine engine; /* first: an engine points to its struct fake */
	void (*script)(void *arg, const struct fake_seen *spec, struct fake_script *out);
	void *arg;
	unsigned gather; /* every cell waits up to ten seconds until this many are open; 0: none waits */
	pthread_mutex_t lock;
	pthread_cond_t gathered;
	struct fake_seen **seen; /* in the order of their starts, refused ones too */
	size_t n_seen;
	unsigned open, most_open; /* cells that were started and not destroyed */
	unsigned kept;
};

/* `script` is called from the thread that starts a cell, one at a time. */
void fake_init(struct fake *f, void (*script)(void *arg, const struct fake_seen *spec, struct fake_script *out),
	       void *arg);
void fake_release(struct fake *f);

/* The number of started cells whose name begins with it; the last such cell, or NULL. */
unsigned fake_count(const struct fake *f, const char *name);
const struct fake_seen *fake_find(const struct fake *f, const char *name);

/* Append a frame. `text` is put between JSON quotes unchanged: "a\\n". */
void fake_say(struct fake_script *s, const char *fmt, ...) GV_PRINTF(2, 3);
void fake_hello(struct fake_script *s, const char *goversion);
void fake_phase(struct fake_script *s, const char *phase, int exit, const char *text);
void fake_done(struct fake_script *s);

#endif
