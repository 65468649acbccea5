/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker.h"
#include "net/retry.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"

#define LOST_S    5 /* for calls to an engine that stopped answering */
#define TICK_MS   250
#define SILENCE_S 60 /* the agent says something every ten seconds */
#define SLACK_S   60 /* the agent ends by itself at its deadline; later it hangs */

static void
remove_container(struct gv_docker_cell *c)
{
	gv_autofree char *path = NULL;
	struct gv_err ignored = GV_ERR_INIT;

	gv_unix_close(c->attach);
	c->attach = NULL;
	if (c->container == NULL)
		return;
	path = gv_xasprintf("/containers/%s?force=1&v=1", c->container);
	/* One that stays behind ends by itself and is removed when its deadline is over. */
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
	gv_unix_close(c->attach);
	gv_api_close(&c->api);
	gv_frames_free(&c->frames);
	gv_strv_free(&c->volumes);
	free(c->container);
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

/* Removing a container takes an engine longer than anything else here, a quarter of a second; nobody has to wait for it. */
void
gv_docker_destroy(struct gv_cell *cell)
{
	struct gv_docker_cell *c = (struct gv_docker_cell *)cell;
	struct gv_docker *d = (struct gv_docker *)cell->engine;
	bool alone = c->kept || c->container == NULL;
	pthread_t thread;

	if (!c->kept)
		gv_record_sweep(&c->record);
	gv_record_free(&c->record);
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

/* A new volume belongs to root; only a process in the container can give it away. */
static char *
plan_text(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const struct gv_docker_mounts *ms,
	  struct gv_err *err)
{
	const struct gv_docker *d = (const struct gv_docker *)c->base.engine;
	struct gv_plan plan = spec->plan; /* shallow: the engine's own fields are added */
	gv_autostrv struct gv_strv own = GV_STRV_INIT;

	for (size_t i = 0; i < ms->n; i++)
		if (ms->m[i].volume != NULL && ms->m[i].writable)
			gv_strv_add(&own, ms->m[i].target);
	plan.watch_memory = d->limits_memory ? 0 : spec->memory_bytes;
	plan.watch_pids = d->limits_pids ? 0 : spec->pids;
	/* Without keep-id, root in a rootless container is the caller already. */
	c->from_root = own.n > 0 && (!d->base.info.rootless || d->keep_id);
	if (c->from_root) {
		plan.uid = d->base.info.uid;
		plan.gid = d->base.info.gid;
		plan.own = &own;
	}
	return gv_plan_text(&plan, err);
}

struct gv_docker_cell *
gv_docker_cell_new(struct gv_docker *d, char *id, struct gv_err *err)
{
	struct gv_docker_cell *c = gv_xcalloc(1, sizeof(*c));

	c->base = (struct gv_cell){ .engine = &d->base, .id = id };
	pthread_mutex_lock(&d->lock);
	c->name = gv_xasprintf("gover-%s-%u", id, d->n_cells++);
	pthread_mutex_unlock(&d->lock);
	c->record = (struct gv_record)GV_RECORD_INIT;
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
	char *plan = plan_text(c, spec, ms, err);

	if (plan == NULL)
		return -1;
	gv_strv_add(&argv,
		    spec->image != NULL && c->base.engine->info.remote ? GV_DOCKER_AGENT_DIR "/agent" : "/gover/agent");
	gv_strv_take(&argv, plan);
	return gv_docker_create(c, spec, ms, &(struct gv_docker_command){ .image = image, .argv = &argv, .dir = "/" },
				err);
}

/* So that it can be entered, and that the next gover here does not take it for one whose gover was killed. */
static int
write_record(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const struct gv_docker_mounts *ms,
	     const char *image, struct gv_err *err)
{
	struct gv_record *r = &c->record;

	r->engine = gv_xstrdup("docker");
	r->image = gv_xstrdup(image);
	r->memory_bytes = spec->memory_bytes;
	r->cpus_milli = spec->cpus_milli;
	r->pids = spec->pids;
	r->dir = gv_xstrdup(spec->plan.dir);
	for (size_t i = 0; i < spec->plan.env.n; i++)
		gv_strv_add(&r->env, spec->plan.env.v[i]);
	for (size_t i = 0; i < ms->n; i++) {
		gv_autofree char *volume = ms->m[i].volume != NULL ? gv_xasprintf("volume:%s", ms->m[i].volume) : NULL;

		gv_record_add_bind(r, volume != NULL ? volume : ms->m[i].source, ms->m[i].target, ms->m[i].writable);
	}
	return gv_record_create(r, c->base.engine->state, c->base.id, err);
}

static int
run(struct gv_docker_cell *c, struct gv_err *err)
{
	gv_autofree char *attach = gv_xasprintf("/containers/%s/attach?stream=1&stdout=1&stderr=1", c->container);
	gv_autofree char *start = gv_xasprintf("/containers/%s/start", c->container);

	/* Attached before the start, so that nothing is lost. */
	c->attach = gv_api_stream(&c->api, "POST", attach, err);
	if (c->attach == NULL)
		return -1;
	return gv_api_call(&c->api, &(struct gv_api_request){ .method = "POST", .path = start, .also = 304 }, NULL,
			   NULL, err);
}

/* The engine runs elsewhere after all (a virtual machine, Docker in Docker): it does not see a directory that is there. */
static bool
does_not_share(const struct gv_err *err)
{
	return strstr(err->msg, "bind source path does not exist") != NULL;
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
		rc = write_record(c, spec, &ms, image, err);
	gv_docker_mounts_free(&ms);
	return rc;
}

static struct gv_cell *
docker_start(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err)
{
	struct gv_docker *d = (struct gv_docker *)e;
	char *id = gv_record_id(spec->run, spec->name, err);
	struct gv_docker_cell *c = id != NULL ? gv_docker_cell_new(d, id, err) : NULL;
	int rc;

	if (c == NULL)
		return NULL;
	rc = prepare(c, spec, err);
	if (rc < 0 && !e->info.remote && does_not_share(err)) {
		gv_docker_remove_volumes(c);
		e->info.remote = true;
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

static void
keep_said(struct gv_docker_cell *c, const char *text, size_t len)
{
	size_t max = sizeof(c->said) - 1, drop;

	if (len > max) {
		text += len - max;
		len = max;
	}
	drop = c->said_len + len > max ? c->said_len + len - max : 0;
	memmove(c->said, c->said + drop, c->said_len - drop);
	c->said_len -= drop;
	memcpy(c->said + c->said_len, text, len);
	c->said_len += len;
	c->said[c->said_len] = '\0';
}

/* What came from the container goes to the frames: 1 something, 0 the end, -1. */
static int
take(struct gv_docker_cell *c, struct gv_err *err)
{
	const char *data = NULL, *piece = NULL;
	long n = gv_unix_take(c->attach, &data, err);
	size_t left = n > 0 ? (size_t)n : 0, len = 0;
	int stream;

	if (n == GV_UNIX_AGAIN && gv_clock_ms() - c->heard_ms > SILENCE_S * 1000)
		n = gv_err_set(err, GV_ENET, "nothing has come from the engine for %d seconds", SILENCE_S);
	if (n == 0 || n == -1)
		return (int)n;
	if (n == GV_UNIX_AGAIN)
		return gv_unix_wait(c->api.conn, TICK_MS, false, err) < 0 ? -1 : 1;
	c->heard_ms = gv_clock_ms();
	while ((stream = gv_mux_next(&c->mux, &data, &left, &piece, &len)) > 0) {
		if (stream == 1)
			gv_frames_feed(&c->frames, piece, len);
		else
			keep_said(c, piece, len);
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
			return gv_err_set(err, GV_EFAIL, "the cell went on after its deadline");
	}
	if (gv_frames_inside(&c->frames))
		return gv_err_set(err, GV_EFORMAT, "the agent's answer was cut");
	return 0;
}

static int
docker_read(struct gv_cell *cell, char **json, size_t *len, struct gv_err *err)
{
	struct gv_docker_cell *c = (struct gv_docker_cell *)cell;
	int rc = read_frame(c, json, len, err);

	if (rc < 0 && err->code != GV_EINTR) {
		c->lost = true;
		snprintf(c->said, sizeof(c->said), "%s", err->msg);
	}
	return rc;
}

/* Exit status and out-of-memory flag. Errors mean that the engine is gone. */
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

static int
docker_finish(struct gv_cell *cell, struct gv_cell_end *end, struct gv_err *err)
{
	struct gv_docker_cell *c = (struct gv_docker_cell *)cell;
	int rc = 0;

	*end = (struct gv_cell_end){ .exit = -1, .vanished = c->lost };
	while (!c->lost && (rc = take(c, err)) > 0) {
		/* Frames nobody read are dropped. */
		gv_frames_free(&c->frames);
		if (gv_clock_ms() > c->deadline_ms)
			return gv_err_set(err, GV_EFAIL, "the cell went on after its deadline");
	}
	if (rc < 0 && err->code == GV_EINTR)
		return -1;
	gv_unix_close(c->attach);
	c->attach = NULL;
	if (c->lost) {
		snprintf(end->detail, sizeof(end->detail), "%.*s", (int)sizeof(end->detail) - 1, c->said);
		return 0;
	}
	if (rc < 0 || ask_end(c, end, err) < 0) {
		if (err->code == GV_EINTR)
			return -1;
		c->lost = true;
		end->vanished = true;
		snprintf(end->detail, sizeof(end->detail), "%.*s", (int)sizeof(end->detail) - 1, err->msg);
		gv_err_clear(err);
		return 0;
	}
	if (end->exit != 0)
		snprintf(end->detail, sizeof(end->detail), "%.*s", (int)sizeof(end->detail) - 1, c->said);
	end->vanished = end->exit > 128 && !end->oom;
	return 0;
}

static int
docker_keep(struct gv_cell *cell, int64_t until, struct gv_err *err)
{
	struct gv_docker_cell *c = (struct gv_docker_cell *)cell;

	if (c->record.path == NULL)
		return gv_err_set(err, GV_EUSAGE, "the cell '%s' was not made to be kept", cell->id);
	if (gv_record_keep(&c->record, until, err) < 0)
		return -1;
	c->kept = true;
	return 0;
}

static void
docker_close(struct gv_engine *e)
{
	struct gv_docker *d = (struct gv_docker *)e;

	gv_docker_settle(d);
	gv_docker_let_go(d);
	gv_api_close(&d->api);
	gv_route_close(&d->route);
	pthread_mutex_destroy(&d->lock);
	free(d->image[0]);
	free(d->image[1]);
	free(d->owner);
	free(d->index);
	free(d);
}

const struct gv_engine_ops gv_docker_cell_ops = {
	.start = docker_start,
	.read = docker_read,
	.finish = docker_finish,
	.keep = docker_keep,
	.destroy = gv_docker_destroy,
	.enter = gv_docker_enter,
	.reap = gv_docker_reap,
	.close = docker_close,
};
