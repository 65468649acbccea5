/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/runner.h"

#include <pthread.h>

#include "judge/assemble.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/sig.h"
#include "validate/cellrun.h"
#include "validate/cure.h"

#define JOBS_MAX 64

/* The threads that run the cells; `lock` guards what follows it. */
struct crew {
	struct gv_run_state *s;
	pthread_mutex_t lock;
	bool *taken; /* by cell */
	bool stop;   /* fail-fast, or interrupted: no new cell begins */
	bool interrupted;
	struct gv_err err;
};

struct watched {
	struct gv_run_state *s;
	size_t cell;
};

static void
on_phase_start(void *arg, const char *phase)
{
	struct watched *w = arg;

	gv_run_tell(w->s, &(struct gv_run_event){ .kind = GV_RUN_PHASE_BEGIN,
						  .cell = w->cell,
						  .what = &w->s->r->matrix->cells[w->cell],
						  .phase = phase });
}

static void
on_phase_end(void *arg, const struct gv_collected_phase *phase)
{
	struct watched *w = arg;

	gv_run_tell(w->s, &(struct gv_run_event){ .kind = GV_RUN_PHASE_END,
						  .cell = w->cell,
						  .what = &w->s->r->matrix->cells[w->cell],
						  .phase = phase->name,
						  .end = phase });
}

static void
on_kept(void *arg, const char *id)
{
	struct watched *w = arg;

	gv_run_tell(w->s,
		    &(struct gv_run_event){
			.kind = GV_RUN_KEPT, .cell = w->cell, .what = &w->s->r->matrix->cells[w->cell], .phase = id });
}

/* Run cell `i`, or say why it cannot run. -1 after a signal. */
static int
run_cell(struct gv_run_state *s, size_t i, struct gv_err *err)
{
	struct gv_cell_result *cell = &s->out->cells[i];
	const struct gv_sdk *sdk = gv_run_sdk(s, i);
	struct watched w = { s, i };
	struct gv_collect_watch watch = { on_phase_start, on_phase_end, &w };
	struct gv_cellrun_in in = { .engine = s->r->engine,
				    .spec = gv_run_spec(s, i),
				    .fetched = &gv_run_supply(s, i)->fetched,
				    .watch = &watch,
				    .kept = on_kept,
				    .kept_arg = &w };
	struct gv_run_event e = { .cell = i, .what = &s->r->matrix->cells[i], .result = cell };

	if (sdk->code != GV_OK) {
		gv_assemble_unusable(cell, &(struct gv_cell_obstacle){
					       .verdict = sdk->code == GV_ENOTFOUND ? GV_UNAVAILABLE : GV_INCONCLUSIVE,
					       .cause = GV_CAUSE_NETWORK,
					       .reason = sdk->fault,
					       .hint = "" });
	} else {
		e.kind = GV_RUN_CELL_BEGIN;
		gv_run_tell(s, &e);
		if (gv_cellrun(cell, &in, err) < 0) {
			gv_assemble_skip(cell, GV_CAUSE_INTERRUPTED);
			return -1;
		}
	}
	e.kind = GV_RUN_CELL_END;
	gv_run_tell(s, &e);
	return 0;
}

/* Take the first cell that can start. `*left`: some cell has not begun. The caller holds the lock. */
static bool
find_cell(struct crew *crew, size_t *i, bool *left)
{
	const struct gv_matrix *m = crew->s->r->matrix;

	*left = false;
	for (*i = 0; *i < m->n && !crew->stop; ++*i) {
		if (!m->cells[*i].wanted || crew->taken[*i])
			continue;
		*left = true;
		if (gv_supply_is_ready(crew->s, *i)) {
			crew->taken[*i] = true;
			return true;
		}
	}
	return false;
}

static void
interrupt(struct crew *crew, const struct gv_err *err)
{
	pthread_mutex_lock(&crew->lock);
	if (!crew->interrupted)
		crew->err = *err;
	crew->interrupted = crew->stop = true;
	pthread_mutex_unlock(&crew->lock);
}

/* Wait for a cell that can start. False when there will be none. */
static bool
take_cell(struct crew *crew, size_t *i)
{
	for (;;) {
		unsigned long turn = gv_supply_turn(crew->s);
		struct gv_err err = GV_ERR_INIT;
		bool got, left;

		pthread_mutex_lock(&crew->lock);
		got = find_cell(crew, i, &left);
		pthread_mutex_unlock(&crew->lock);
		if (got || !left)
			return got;
		if (gv_sig_check(&err) < 0)
			interrupt(crew, &err);
		else if (!gv_supply_wait(crew->s, turn))
			return false;
	}
}

static void *
worker(void *arg)
{
	struct crew *crew = arg;
	struct gv_run_state *s = crew->s;
	size_t i;

	while (take_cell(crew, &i)) {
		struct gv_err err = GV_ERR_INIT;

		if (run_cell(s, i, &err) < 0)
			interrupt(crew, &err);
		pthread_mutex_lock(&crew->lock);
		if (s->r->opts->fail_fast && s->out->cells[i].verdict == GV_INCOMPATIBLE)
			crew->stop = true;
		pthread_mutex_unlock(&crew->lock);
	}
	return NULL;
}

/* Settle the cells that no worker took: skipped, or inconclusive if the error `broken` ended the run. */
static void
leave_rest(const struct crew *crew, const struct gv_err *broken)
{
	const struct gv_run_state *s = crew->s;
	bool interrupted = crew->interrupted || (broken != NULL && broken->code == GV_EINTR);

	for (size_t i = 0; i < s->out->n_cells; i++) {
		if (!s->r->matrix->cells[i].wanted || crew->taken[i])
			continue;
		if (broken == NULL || interrupted)
			gv_assemble_skip(&s->out->cells[i], interrupted ? GV_CAUSE_INTERRUPTED : GV_CAUSE_FAIL_FAST);
		else
			gv_assemble_unusable(&s->out->cells[i],
					     &(struct gv_cell_obstacle){ .verdict = GV_INCONCLUSIVE,
									 .cause = GV_CAUSE_INFRASTRUCTURE,
									 .reason = broken->msg,
									 .hint = broken->help });
	}
}

/* -1 after a signal, or after an error that ends the run. */
static int
run_cells(struct gv_run_state *s, struct gv_err *err)
{
	gv_autofree bool *taken = gv_xcalloc(s->r->matrix->n, sizeof(*taken));
	struct crew crew = { .s = s, .lock = PTHREAD_MUTEX_INITIALIZER, .taken = taken };
	pthread_t threads[JOBS_MAX];
	unsigned n = 0, jobs = s->r->opts->jobs > JOBS_MAX ? JOBS_MAX : s->r->opts->jobs;
	int rc;

	gv_supply_begin(s);
	while (n + 1 < jobs && pthread_create(&threads[n], NULL, worker, &crew) == 0)
		n++;
	worker(&crew);
	while (n > 0)
		pthread_join(threads[--n], NULL);
	pthread_mutex_destroy(&crew.lock);
	rc = gv_supply_end(s, err);
	leave_rest(&crew, rc < 0 ? err : NULL);
	if (crew.interrupted)
		*err = crew.err;
	return crew.interrupted ? -1 : rc;
}

int
gv_run(const struct gv_runner *r, struct gv_run_result *out, struct gv_err *err)
{
	struct gv_run_state s;
	int rc;

	gv_run_init(&s, r, out);
	gv_supply_list(&s);
	gv_run_tell(&s, &(struct gv_run_event){ .kind = GV_RUN_BEGIN, .run = out });
	rc = run_cells(&s, err);
	if (rc == 0)
		rc = gv_cure_all(&s, err);
	gv_supply_release(&s.supplies);
	gv_run_release(&s);
	return rc;
}
