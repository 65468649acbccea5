/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/paths.h"
#include "docker/inner.h"
#include "net/retry.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/sig.h"
#include "util/text.h"

#define LOST_S    5 /* time limit of calls to an engine that stopped answering */
#define TICK_MS   250
#define SILENCE_S 60 /* the agent sends something every ten seconds */
#define SLACK_S   60 /* the agent ends by itself at its deadline; after this it hangs */

static void
remove_container(struct gv_docker_cell *c)
{
	gv_autofree char *path = NULL;
	struct gv_err ignored = GV_ERR_INIT;

	gv_unix_duplex_free(c->attach);
	c->attach = NULL;
	if (c->container == NULL)
		return;
	path = gv_xasprintf("/containers/%s?force=1&v=1", c->container);
	/* If this fails, the container ends by itself, and a later run removes it after its deadline. */
	if (gv_api_call(
		&c->api,
		&(struct gv_api_request){
		    .method = "DELETE", .path = path, .also = 404, .cleanup = true, .idle_s = c->lost ? LOST_S : 0 },
		NULL, NULL, &ignored) < 0)
		gv_err_clear(&ignored);
}

static void
take_down(struct gv_docker_cell *c)
{
	if (!c->kept && c->api.conn != NULL) {
		remove_container(c);
		gv_docker_remove_volumes(c);
	}
	gv_unix_duplex_free(c->attach);
	gv_api_close(&c->api);
	gv_frames_release(&c->frames);
	gv_strv_release(&c->volumes);
	free(c->container);
	free(c->plan);
	free(c->name);
	free(c->base.id);
	free(c);
}

static void *
removal_thread(void *arg)
{
	take_down(arg);
	return NULL;
}

/*
 * An engine needs a quarter of a second to remove a container, longer than for anything else here. A thread waits for
 * it.
 */
void
gv_docker_destroy(struct gv_cell *cell)
{
	struct gv_docker_cell *c = (struct gv_docker_cell *)cell;
	struct gv_docker *d = (struct gv_docker *)cell->engine;
	bool alone = c->kept || c->container == NULL;
	pthread_t thread;

	if (!c->kept)
		gv_ledger_sweep(&c->ledger, cell->engine->scratch);
	gv_ledger_release(&c->ledger);
	if (!alone) {
		pthread_mutex_lock(&d->lock);
		alone = pthread_create(&thread, NULL, removal_thread, c) != 0;
		if (!alone) {
			d->removals = gv_xreallocarray(d->removals, d->n_removals + 1, sizeof(thread));
			d->removals[d->n_removals++] = thread;
		}
		pthread_mutex_unlock(&d->lock);
	}
	if (alone)
		take_down(c);
}

void
gv_docker_settle(struct gv_docker *d)
{
	pthread_t *threads;
	size_t n;

	pthread_mutex_lock(&d->lock);
	threads = d->removals;
	n = d->n_removals;
	d->removals = NULL;
	d->n_removals = 0;
	pthread_mutex_unlock(&d->lock);
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

/*
 * Make c->plan from the spec's plan and the engine's own fields. A new volume belongs to root, and only a process in
 * the container can give it to the user.
 */
static char *
plan_frame(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const struct gv_docker_mounts *ms, size_t *len,
	   struct gv_err *err)
{
	const struct gv_docker *d = (const struct gv_docker *)c->base.engine;
	struct gv_plan plan = spec->plan; /* shallow copy */
	gv_autostrv struct gv_strv own = GV_STRV_INIT;

	for (size_t i = 0; i < ms->n; i++)
		if (ms->m[i].volume != NULL && ms->m[i].writable)
			gv_strv_add(&own, ms->m[i].target);
	plan.watch_memory = d->limits_memory ? 0 : spec->memory_bytes;
	plan.watch_pids = d->limits_pids ? 0 : spec->pids;
	/* Without keep-id, root in a rootless container is already the caller. */
	c->from_root = own.n > 0 && (!d->base.info.rootless || d->keep_id);
	if (c->from_root) {
		plan.uid = d->base.info.uid;
		plan.gid = d->base.info.gid;
		plan.own = own;
	}
	return gv_plan_frame(&plan, len, err);
}

struct gv_docker_cell *
gv_docker_cell_new(struct gv_docker *d, char *id, struct gv_err *err)
{
	struct gv_docker_cell *c = gv_xcalloc(1, sizeof(*c));

	c->base = (struct gv_cell){ .engine = &d->base, .id = id };
	pthread_mutex_lock(&d->lock);
	c->name = gv_xasprintf("gover-%s-%u", id, d->n_cells++);
	c->remote = d->base.info.remote;
	pthread_mutex_unlock(&d->lock);
	c->ledger = (struct gv_ledger)GV_LEDGER_INIT;
	if (gv_api_again(&c->api, &d->api, &d->route.ep, err) < 0) {
		gv_docker_destroy(&c->base);
		return NULL;
	}
	return c;
}

int
gv_docker_create(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const struct gv_docker_mounts *ms,
		 const struct gv_docker_command *cmd, struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("/containers/create?name=%s", c->name);
	gv_autojson struct gv_json reply = { 0 };
	struct gv_jsonout body;
	const char *id;

	gv_docker_body(&body, c, spec, ms, cmd);
	if (gv_api_call(&c->api, &(struct gv_api_request){ .method = "POST", .path = path, .body = &body }, &reply,
			NULL, err) < 0 ||
	    gv_json_str(&reply, "Id", &id, err) < 0)
		return -1;
	c->container = gv_xstrdup(id);
	return 0;
}

static int
create(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const struct gv_docker_mounts *ms, const char *image,
       struct gv_err *err)
{
	gv_autostrv struct gv_strv argv = GV_STRV_INIT;
	bool brought = spec->image != NULL && c->remote;

	free(c->plan);
	c->plan = plan_frame(c, spec, ms, &c->plan_len, err);
	if (c->plan == NULL)
		return -1;
	gv_strv_add(&argv, brought ? GV_DOCKER_AGENT_DIR "/agent" : GV_CELL_AGENT);
	gv_strv_add(&argv, "--cell");
	gv_strv_add(&argv, c->base.id);
	return gv_docker_create(
	    c, spec, ms, &(struct gv_docker_command){ .image = image, .argv = &argv, .dir = "/", .input = true }, err);
}

/* Record the cell, so that the user can enter it and the next gover does not remove it as a leftover. */
static int
write_ledger(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const struct gv_docker_mounts *ms,
	     const char *image, struct gv_err *err)
{
	struct gv_ledger *r = &c->ledger;

	r->engine = gv_xstrdup(c->base.engine->info.name);
	r->image = gv_xstrdup(image);
	r->memory_bytes = spec->memory_bytes;
	r->cpus_milli = spec->cpus_milli;
	r->pids = spec->pids;
	r->dir = gv_xstrdup(spec->plan.dir);
	for (size_t i = 0; i < spec->plan.env.n; i++)
		gv_strv_add(&r->env, spec->plan.env.v[i]);
	for (size_t i = 0; i < ms->n; i++) {
		gv_autofree char *volume = ms->m[i].volume != NULL ? gv_xasprintf("volume:%s", ms->m[i].volume) : NULL;

		gv_ledger_add_bind(r, volume != NULL ? volume : ms->m[i].source, ms->m[i].target, ms->m[i].writable);
	}
	return gv_ledger_create(r, c->base.engine->state, c->base.id, err);
}

static int
run(struct gv_docker_cell *c, struct gv_err *err)
{
	gv_autofree char *attach = gv_xasprintf("/containers/%s/attach?stream=1&stdin=1&stdout=1&stderr=1",
						c->container);
	gv_autofree char *start = gv_xasprintf("/containers/%s/start", c->container);

	/* Attach before the start, so that no output is lost. */
	c->attach = gv_api_upgrade(&c->api, attach, err);
	if (c->attach == NULL ||
	    gv_api_call(&c->api, &(struct gv_api_request){ .method = "POST", .path = start, .also = 304 }, NULL, NULL,
			err) < 0)
		return -1;
	return gv_unix_duplex_write(c->attach, c->plan, c->plan_len, err);
}

/*
 * Whether the error shows that the engine does not see our files (a virtual machine, Docker in Docker): it misses a
 * directory that exists here.
 */
static bool
does_not_share(const struct gv_err *err)
{
	return strstr(err->msg, "bind source path does not exist") != NULL;
}

/* Treat the engine as remote, for this cell and later ones. */
static void
set_remote(struct gv_docker_cell *c)
{
	struct gv_docker *d = (struct gv_docker *)c->base.engine;

	pthread_mutex_lock(&d->lock);
	d->base.info.remote = true;
	pthread_mutex_unlock(&d->lock);
	c->remote = true;
}

static int
prepare(struct gv_docker_cell *c, const struct gv_cell_spec *spec, struct gv_err *err)
{
	struct gv_docker *d = (struct gv_docker *)c->base.engine;
	struct gv_docker_mounts ms = { 0 };
	const char *image = gv_docker_image(d, &c->api, spec, err);
	int rc = -1;

	if (image != NULL && gv_docker_places(c, spec, image, &ms, err) == 0)
		rc = create(c, spec, &ms, image, err);
	if (rc == 0 && spec->keep)
		rc = write_ledger(c, spec, &ms, image, err);
	gv_docker_mounts_release(&ms);
	return rc;
}

struct gv_cell *
gv_docker_start(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err)
{
	struct gv_docker *d = (struct gv_docker *)e;
	char *id = gv_ledger_id(spec->run, spec->name, err);
	struct gv_docker_cell *c = id != NULL ? gv_docker_cell_new(d, id, err) : NULL;
	int rc;

	if (c == NULL)
		return NULL;
	rc = prepare(c, spec, err);
	if (rc < 0 && !c->remote && does_not_share(err)) {
		gv_docker_remove_volumes(c);
		gv_err_clear(err);
		set_remote(c);
		rc = prepare(c, spec, err);
	}
	if (rc == 0)
		rc = run(c, err);
	if (rc < 0) {
		gv_docker_destroy(&c->base);
		return NULL;
	}
	c->heard_ms = gv_clock_ms();
	c->deadline_ms = c->heard_ms + ((int64_t)spec->plan.deadline_s + SLACK_S) * 1000;
	return &c->base;
}

static int
wait_input(struct gv_docker_cell *c, struct gv_err *err)
{
	struct pollfd p = { .fd = gv_unix_duplex_fd(c->attach), .events = POLLIN };

	poll(&p, 1, TICK_MS);
	return gv_sig_check(err) < 0 ? -1 : 1;
}

/* Pass output of the container to the frames. Returns 1 if there was some, 0 at the end, -1 on failure. */
static int
take(struct gv_docker_cell *c, struct gv_err *err)
{
	char buf[64 << 10];
	const char *data = buf, *piece = NULL;
	long n = gv_unix_duplex_read(c->attach, buf, sizeof(buf), err);
	size_t left = n > 0 ? (size_t)n : 0, len = 0;
	int stream;

	if (n == GV_UNIX_AGAIN && gv_clock_ms() - c->heard_ms > SILENCE_S * 1000)
		n = gv_err_set(err, GV_ENET, "the engine has sent nothing for %d seconds", SILENCE_S);
	if (n == 0 || n == -1)
		return (int)n;
	if (n == GV_UNIX_AGAIN)
		return wait_input(c, err);
	c->heard_ms = gv_clock_ms();
	while ((stream = gv_mux_next(&c->mux, &data, &left, &piece, &len)) > 0) {
		if (stream == 1)
			gv_frames_feed(&c->frames, piece, len);
		else
			gv_tail_add(&c->said, piece, len);
	}
	return stream < 0 ? gv_err_set(err, GV_EFORMAT, "the engine's stream of the cell is malformed") : 1;
}

static int
read_frame(struct gv_docker_cell *c, char **json, size_t *len, struct gv_err *err)
{
	for (;;) {
		int rc = gv_frames_next(&c->frames, json, len, err);

		if (rc != 0)
			return rc;
		rc = take(c, err);
		if (rc < 0)
			return -1;
		if (rc == 0)
			break;
		if (gv_clock_ms() > c->deadline_ms)
			return gv_err_set(err, GV_EFAIL, "the cell did not end at its deadline");
	}
	if (gv_frames_inside(&c->frames))
		return gv_err_set(err, GV_EFORMAT, "the agent's answer is incomplete");
	return 0;
}

int
gv_docker_read(struct gv_cell *cell, char **json, size_t *len, struct gv_err *err)
{
	struct gv_docker_cell *c = (struct gv_docker_cell *)cell;
	int rc = read_frame(c, json, len, err);

	if (rc < 0 && err->code != GV_EINTR) {
		c->lost = true;
		c->said = (struct gv_tail){ 0 };
		gv_tail_add(&c->said, err->msg, strlen(err->msg));
	}
	return rc;
}

/* Ask for the exit status and the out-of-memory flag. An error means that the engine is gone. */
static int
ask_end(struct gv_docker_cell *c, struct gv_cell_end *end, struct gv_err *err)
{
	gv_autofree char *wait = gv_xasprintf("/containers/%s/wait?condition=not-running", c->container);
	gv_autofree char *inspect = gv_xasprintf("/containers/%s/json", c->container);
	gv_autojson struct gv_json waited = { 0 }, info = { 0 };
	struct gv_json state;
	int64_t code = -1;

	if (gv_api_call(&c->api, &(struct gv_api_request){ .method = "POST", .path = wait }, &waited, NULL, err) < 0 ||
	    gv_json_int(&waited, "StatusCode", &code, err) < 0 ||
	    gv_api_call(&c->api, &(struct gv_api_request){ .method = "GET", .path = inspect }, &info, NULL, err) < 0 ||
	    gv_json_object(&info, "State", &state, err) < 0)
		return -1;
	end->exit = (int)code;
	if (gv_json_has(&state, "OOMKilled") && gv_json_bool(&state, "OOMKilled", &end->oom, err) < 0)
		return -1;
	return 0;
}

int
gv_docker_finish(struct gv_cell *cell, struct gv_cell_end *end, struct gv_err *err)
{
	struct gv_docker_cell *c = (struct gv_docker_cell *)cell;
	int rc = 0;

	*end = (struct gv_cell_end){ .exit = -1, .vanished = c->lost };
	while (!c->lost && (rc = take(c, err)) > 0) {
		/* Drop unread frames. */
		gv_frames_release(&c->frames);
		if (gv_clock_ms() > c->deadline_ms)
			return gv_err_set(err, GV_EFAIL, "the cell did not end at its deadline");
	}
	if (rc < 0 && err->code == GV_EINTR)
		return -1;
	gv_unix_duplex_free(c->attach);
	c->attach = NULL;
	if (c->lost) {
		gv_text_cut(end->detail, sizeof(end->detail), "%s", c->said.text);
		return 0;
	}
	if (rc < 0 || ask_end(c, end, err) < 0) {
		if (err->code == GV_EINTR)
			return -1;
		c->lost = true;
		end->vanished = true;
		gv_text_cut(end->detail, sizeof(end->detail), "%s", err->msg);
		gv_err_clear(err);
		return 0;
	}
	if (end->exit != 0)
		gv_text_cut(end->detail, sizeof(end->detail), "%s", c->said.text);
	end->vanished = end->exit > 128 && !end->oom;
	return 0;
}

int
gv_docker_keep(struct gv_cell *cell, int64_t until, struct gv_err *err)
{
	struct gv_docker_cell *c = (struct gv_docker_cell *)cell;

	if (c->ledger.path == NULL)
		return gv_err_set(err, GV_EUSAGE, "the cell '%s' was not made to be kept", cell->id);
	if (gv_ledger_keep(&c->ledger, until, err) < 0)
		return -1;
	c->kept = true;
	return 0;
}
