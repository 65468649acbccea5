/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/supply.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "resolve/dirs.h"
#include "resolve/installed.h"
#include "store/manifest.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/sig.h"
#include "validate/modview.h"
#include "validate/run.h"

#define TICK_MS 250 /* how long a worker sleeps before it checks for signals */

/* The number of that version's SDK, which is added if it is not listed yet. */
static size_t
add_sdk(struct gv_run_state *s, const char *version)
{
	struct gv_supplies *all = &s->supplies;
	size_t i;

	for (i = 0; i < all->n_sdks; i++)
		if (strcmp(all->sdks[i].version, version) == 0)
			return i;
	all->sdks = gv_xreallocarray(all->sdks, all->n_sdks + 1, sizeof(*all->sdks));
	all->sdks[all->n_sdks++] = (struct gv_sdk){ .version = version,
						    .goroot = gv_dirs_sdk(s->r->dirs, version, NULL) };
	return i;
}

static size_t
add_supply(struct gv_run_state *s, size_t cell)
{
	const struct gv_matrix_cell *c = &s->r->matrix->cells[cell];
	struct gv_supplies *all = &s->supplies;
	size_t sdk = add_sdk(s, c->version), i;

	for (i = 0; i < all->n; i++)
		if (all->all[i].sdk == sdk && all->all[i].module == c->module)
			return i;
	all->all = gv_xreallocarray(all->all, all->n + 1, sizeof(*all->all));
	all->all[all->n++] = (struct gv_supply){ .sdk = sdk, .cell = cell, .module = c->module };
	return i;
}

void
gv_supply_list(struct gv_run_state *s)
{
	const struct gv_matrix *m = s->r->matrix;
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&s->supplies.lock, NULL);
	pthread_cond_init(&s->supplies.changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	s->supplies.of = gv_xcalloc(m->n, sizeof(size_t));
	for (size_t i = 0; i < m->n; i++)
		if (m->cells[i].wanted)
			s->supplies.of[i] = add_supply(s, i);
}

void
gv_supply_release(struct gv_supplies *all)
{
	for (size_t i = 0; i < all->n_sdks; i++) {
		free(all->sdks[i].fault);
		free(all->sdks[i].goroot);
		free(all->sdks[i].key);
	}
	for (size_t i = 0; i < all->n; i++) {
		gv_fetched_release(&all->all[i].fetched);
		free(all->all[i].modules);
		free(all->all[i].modules_key);
	}
	free(all->sdks);
	free(all->all);
	free(all->of);
	pthread_cond_destroy(&all->changed);
	pthread_mutex_destroy(&all->lock);
}

/* Wake all who wait for a change. The caller holds the lock. */
static void
changed(struct gv_supplies *all)
{
	all->turn++;
	pthread_cond_broadcast(&all->changed);
}

/* End the run; the first reason counts. The caller holds the lock. */
static void
fail(struct gv_supplies *all, const struct gv_err *err)
{
	if (!all->failed)
		all->err = *err;
	all->failed = all->stop = true;
	changed(all);
}

/* Names the content of an SDK; NULL without a manifest. Caller frees. */
static char *
sdk_key(const struct gv_dirs *d, const char *version)
{
	gv_autofree char *name = gv_xasprintf("go%s", version);
	struct gv_manifest m = { 0 };
	struct gv_err ignored = GV_ERR_INIT;
	char *key;

	if (gv_manifest_read(&m, d->manifests, name, false, &ignored) < 0)
		return NULL;
	key = gv_xasprintf("sdk %s %s %s", m.version, m.platform, m.h1);
	gv_manifest_release(&m);
	return key;
}

static int
bring_sdk(const struct gv_run_state *s, struct gv_sdk *sdk, struct gv_err *err)
{
	if (s->r->sdk(s->r->arg, sdk->version, err) < 0) {
		if (err->code != GV_ENOTFOUND && err->code != GV_ENET)
			return -1;
		sdk->code = err->code;
		sdk->fault = gv_xstrdup(err->msg);
	}
	sdk->key = sdk_key(s->r->dirs, sdk->version);
	return 0;
}

/* The next SDK that no thread brings yet. The caller holds the lock. */
static struct gv_sdk *
next_sdk(const struct gv_supplies *all)
{
	for (size_t i = 0; i < all->n_sdks && !all->stop; i++)
		if (all->sdks[i].state == GV_SDK_AWAITED)
			return &all->sdks[i];
	return NULL;
}

/* Bring an SDK. The caller holds the lock, which is released meanwhile. */
static void
settle_sdk(struct gv_run_state *s, struct gv_sdk *sdk)
{
	struct gv_supplies *all = &s->supplies;
	struct gv_err err = GV_ERR_INIT;
	int rc;

	sdk->state = GV_SDK_COMING;
	pthread_mutex_unlock(&all->lock);
	rc = bring_sdk(s, sdk, &err);
	pthread_mutex_lock(&all->lock);
	if (rc < 0) {
		fail(all, &err);
	} else {
		sdk->state = GV_SDK_SETTLED;
		changed(all);
	}
}

static void *
sdk_thread(void *arg)
{
	struct gv_run_state *s = arg;
	struct gv_sdk *sdk;

	pthread_mutex_lock(&s->supplies.lock);
	while ((sdk = next_sdk(&s->supplies)) != NULL)
		settle_sdk(s, sdk);
	pthread_mutex_unlock(&s->supplies.lock);
	return NULL;
}

/* Settle the installed SDKs first, so that their cells start in the matrix's order. Returns how many are missing. */
static size_t
settle_installed(struct gv_run_state *s)
{
	struct gv_supplies *all = &s->supplies;
	size_t missing = 0;

	pthread_mutex_lock(&all->lock);
	for (size_t i = 0; i < all->n_sdks && !all->stop; i++)
		if (gv_installed(s->r->dirs, all->sdks[i].version))
			settle_sdk(s, &all->sdks[i]);
		else
			missing++;
	pthread_mutex_unlock(&all->lock);
	return missing;
}

/* Make the directory of modules that the cells see. */
static int
find_modules(struct gv_run_state *s, struct gv_supply *it, struct gv_err *err)
{
	struct gv_modset set = { 0 };

	if (gv_modset_find(&set, s->r->project, s->dirs.modcache, err) < 0)
		return -1;
	it->modules = gv_modview_make(s->dirs.views, s->dirs.modcache, &set, err);
	it->modules_key = gv_steal_ptr(&set.key);
	gv_modset_release(&set);
	return it->modules != NULL ? 0 : -1;
}

static int
bring_modules(struct gv_run_state *s, struct gv_supply *it, struct gv_err *err)
{
	struct gv_cellspec_in in = gv_run_spec(s, it->cell);
	int rc;

	if (s->supplies.sdks[it->sdk].code != GV_OK)
		return 0; /* its cells do not run */
	if (it->module->vendored || it->module->path[0] == '\0') {
		it->fetched = (struct gv_fetched){ .log = gv_xstrdup("") };
		return find_modules(s, it, err);
	}
	if (gv_sig_check(err) < 0)
		return -1;
	gv_run_tell(s, &(struct gv_run_event){ .kind = GV_RUN_FETCH, .cell = it->cell, .what = in.cell });
	rc = gv_modules_fetch(&it->fetched, s->r->host, &in, err);
	gv_run_tell(s, &(struct gv_run_event){ .kind = GV_RUN_FETCHED, .cell = it->cell, .what = in.cell });
	return rc < 0 ? -1 : find_modules(s, it, err);
}

/* The next supply to bring, whose SDK is settled. `*left`: some supply is not ready. The caller holds the lock. */
static struct gv_supply *
next_supply(const struct gv_supplies *all, bool *left)
{
	*left = false;
	for (size_t i = 0; i < all->n && !all->stop; i++) {
		if (all->all[i].ready)
			continue;
		*left = true;
		if (all->sdks[all->all[i].sdk].state == GV_SDK_SETTLED)
			return &all->all[i];
	}
	return NULL;
}

static void *
module_thread(void *arg)
{
	struct gv_run_state *s = arg;
	struct gv_supplies *all = &s->supplies;
	struct gv_supply *it;
	bool left;

	pthread_mutex_lock(&all->lock);
	while ((it = next_supply(all, &left)) != NULL || left) {
		struct gv_err err = GV_ERR_INIT;
		int rc;

		if (it == NULL) {
			pthread_cond_wait(&all->changed, &all->lock);
			continue;
		}
		pthread_mutex_unlock(&all->lock);
		rc = bring_modules(s, it, &err);
		pthread_mutex_lock(&all->lock);
		if (rc < 0) {
			fail(all, &err);
		} else {
			it->ready = true;
			changed(all);
		}
	}
	pthread_mutex_unlock(&all->lock);
	return NULL;
}

static bool
begin_thread(struct gv_run_state *s, void *(*run)(void *))
{
	struct gv_supplies *all = &s->supplies;
	bool good = pthread_create(&all->threads[all->n_threads], NULL, run, s) == 0;

	all->n_threads += good;
	return good;
}

void
gv_supply_begin(struct gv_run_state *s)
{
	size_t missing = settle_installed(s), n = missing < GV_STORE_AT_ONCE ? missing : GV_STORE_AT_ONCE;

	_Static_assert(GV_STORE_AT_ONCE + 1 <= GV_SUPPLY_THREADS, "threads for SDKs and one for modules");
	while (n > 0 && begin_thread(s, sdk_thread))
		n--;
	/* Without threads, bring everything before the first cell. */
	if (missing > 0 && s->supplies.n_threads == 0)
		sdk_thread(s);
	if (!begin_thread(s, module_thread))
		module_thread(s);
}

int
gv_supply_end(struct gv_run_state *s, struct gv_err *err)
{
	struct gv_supplies *all = &s->supplies;

	pthread_mutex_lock(&all->lock);
	all->stop = true;
	changed(all);
	pthread_mutex_unlock(&all->lock);
	while (all->n_threads > 0)
		pthread_join(all->threads[--all->n_threads], NULL);
	gv_modview_sweep(s->dirs.views);
	if (all->failed)
		*err = all->err;
	return all->failed ? -1 : 0;
}

bool
gv_supply_is_ready(struct gv_run_state *s, size_t cell)
{
	bool ready;

	pthread_mutex_lock(&s->supplies.lock);
	ready = gv_run_supply(s, cell)->ready && !s->supplies.failed;
	pthread_mutex_unlock(&s->supplies.lock);
	return ready;
}

unsigned long
gv_supply_turn(struct gv_run_state *s)
{
	unsigned long turn;

	pthread_mutex_lock(&s->supplies.lock);
	turn = s->supplies.turn;
	pthread_mutex_unlock(&s->supplies.lock);
	return turn;
}

bool
gv_supply_wait(struct gv_run_state *s, unsigned long turn)
{
	struct gv_supplies *all = &s->supplies;
	struct timespec until;
	bool worth;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += TICK_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&all->lock);
	if (all->turn == turn && !all->failed)
		pthread_cond_timedwait(&all->changed, &all->lock, &until);
	worth = !all->failed;
	pthread_mutex_unlock(&all->lock);
	return worth;
}
