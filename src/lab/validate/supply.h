/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_SUPPLY_H
#define GV_VALIDATE_SUPPLY_H

#include <pthread.h>
#include <stdbool.h>

#include "project/matrix.h"
#include "project/modset.h"
#include "util/err.h"
#include "validate/modules.h"

/*
 * What a cell needs: the SDK of its version, and the modules of its version and module. Threads bring these supplies
 * while other cells run, and a cell can start once its own supply is ready. Missing SDKs are installed in parallel.
 * Modules are fetched one set at a time: they go into one cache, and two fetches would load the same module twice.
 *
 *	gv_supply_list(s)                  list what the wanted cells need
 *	gv_supply_begin(s)                 threads begin
 *	gv_supply_is_ready(s, cell)        asked by the workers, who sleep in gv_supply_wait()
 *	gv_supply_end(s, err)              begin nothing new, wait for what runs
 *
 * Each version's SDK is asked for once. The modules of each version and module are fetched once, unless the SDK is
 * missing, the module is vendored, or there is no go.mod. If an SDK is not available (GV_ENOTFOUND, GV_ENET), or a
 * fetch fails, the supply is ready all the same and says why. Any other error ends the run. Events: FETCH, FETCHED.
 */
struct gv_run_state;

/* The SDK of one version. One thread writes it until `state` is SETTLED; then it is constant. */
struct gv_sdk {
	const char *version; /* borrowed from the matrix */
	enum { GV_SDK_AWAITED, GV_SDK_COMING, GV_SDK_SETTLED } state;
	enum gv_code code; /* GV_OK, GV_ENOTFOUND, GV_ENET */
	char *fault;       /* why it is not available; NULL: it is */
	char *goroot;      /* where it is, or would be */
	char *key;         /* names its content; NULL: unknown */
};

/* What the cells of one version and module share; constant once it is ready. */
struct gv_supply {
	size_t sdk;                     /* its number */
	size_t cell;                    /* the first in the matrix that needs it */
	const struct gv_module *module; /* borrowed from the matrix */
	struct gv_fetched fetched;
	char *modules;     /* directory that has them, and no others (modview.h) */
	char *modules_key; /* names its content */
	bool ready;
};

#define GV_SUPPLY_THREADS 5 /* GV_STORE_AT_ONCE for SDKs, and one for modules */

struct gv_supplies {
	struct gv_sdk *sdks;
	size_t n_sdks;
	struct gv_supply *all; /* ordered by the first cell that needs each */
	size_t n;
	size_t *of; /* for each wanted cell of the matrix: its supply */
	pthread_t threads[GV_SUPPLY_THREADS];
	size_t n_threads;
	pthread_mutex_t lock; /* guards the states, and what follows */
	pthread_cond_t changed;
	unsigned long turn; /* goes up with each change */
	bool stop;
	bool failed;
	struct gv_err err; /* why, when it failed */
};

/* List what the wanted cells need; bring nothing yet. */
void gv_supply_list(struct gv_run_state *s);
/* Free the contents, after gv_supply_end(). */
void gv_supply_release(struct gv_supplies *all);

/* Start the threads. Without threads, everything is brought before it returns. */
void gv_supply_begin(struct gv_run_state *s);
/*
 * Begin nothing new, and wait for what runs. If an error ended the run, return -1 and that error: GV_EINTR, GV_EIO,
 * GV_EFORMAT, or any of the sdk callback but GV_ENOTFOUND and GV_ENET.
 */
int gv_supply_end(struct gv_run_state *s, struct gv_err *err) GV_MUST_CHECK;

/* Whether a wanted cell can start. False for all after an error that ends the run. */
bool gv_supply_is_ready(struct gv_run_state *s, size_t cell);

/* The number of the last change. */
unsigned long gv_supply_turn(struct gv_run_state *s);
/*
 * Sleep until something changes after `turn`, but not long, so that the caller can check for signals. False after an
 * error that ends the run.
 */
bool gv_supply_wait(struct gv_run_state *s, unsigned long turn);

#endif
