/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/docker.h"
#include "engine/tar.h"
#include "resolve/dirs.h"
#include "tests/fake/httpd.h"
#include "tests/tap.h"
#include "tests/unit/cells.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/str.h"

/*
 * What a daemon tells: of the age of volumes that outlive cells, which are removed after a week, and of what it can limit. It is one
 * of our own, which says what we like.
 */
static bool podman;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct gv_str removed = GV_STR_INIT(4096), put = GV_STR_INIT(4096);

struct volume {
	const char *name, *created;
	int64_t used; /* days ago, -1: no mark */
};

static const struct volume volumes[] = {
	{ "gover-cache-a-1", "2020-01-01T10:00:00Z", 8 },
	{ "gover-cache-b-1", "2020-01-01T10:00:00.123456789+02:00", 6 },
	{ "gover-cache-c-1", "2020-01-01T10:00:00Z", -1 },
	{ "gover-cache-d", "2020-01-01T10:00:00Z", 30 },
	{ "gover-cache-e-1", "2999-01-01T10:00:00Z", -1 },
	{ "gover-cache-f-1", "yesterday", 100 },
};

static void
reply(struct httpd_conn *c, int status, const char *text)
{
	httpd_reply(c, status, "Content-Type: application/json\r\n", text, strlen(text));
}

static void
reply_volumes(struct httpd_conn *c)
{
	gv_autostr struct gv_str s = GV_STR_INIT(8192);

	gv_str_add(&s, "{\"Volumes\":[");
	for (size_t i = 0; i < GV_ARRAY_LEN(volumes); i++)
		gv_str_addf(&s, "%s{\"Name\":\"%s\",\"CreatedAt\":\"%s\",\"Labels\":{\"dev.gover.cache\":\"k\"}}", i > 0 ? "," : "",
			    volumes[i].name, volumes[i].created);
	gv_str_add(&s, "]}");
	reply(c, 200, gv_str_text(&s));
}

/* Fillers of govers that are gone: one had put the mark, one had not, and one lives somewhere else. */
static void
reply_containers(struct httpd_conn *c)
{
	static const char form[] = "{\"Id\":\"%s\",\"Labels\":{\"dev.gover.filler\":\"%s\",\"dev.gover.owner\":\"boot:1:1\","
				   "\"dev.gover.deadline\":\"%lld\"}}";
	gv_autostr struct gv_str s = GV_STR_INIT(8192);

	gv_str_addc(&s, '[');
	gv_str_addf(&s, form, "whole", "gover-cache-g-1", 1000LL);
	gv_str_addc(&s, ',');
	gv_str_addf(&s, form, "dead", "gover-cache-h-1", 1000LL);
	gv_str_addc(&s, ',');
	gv_str_addf(&s, form, "dead2", "gover-cache-written", 1000LL);
	gv_str_addc(&s, ',');
	gv_str_addf(&s, form, "alive", "gover-cache-i-1", (long long)time(NULL) + 1000);
	gv_str_addc(&s, ']');
	reply(c, 200, gv_str_text(&s));
}

static void
reply_mark(struct httpd_conn *c, const char *target)
{
	const char *holder = strstr(target, "/containers/") + 12, *v = strstr(target, "path=/v") + strlen("path=");
	gv_autostr struct gv_str tar = GV_STR_INIT(64 << 10);
	gv_autofree char *text = NULL;
	int64_t days = -1;

	/* The filler of the sweep mounts what is old, in the order of the list or turned. */
	if (strncmp(holder, "whole", 5) == 0)
		days = 0;
	else if (strncmp(holder, "new", 3) == 0)
		for (size_t i = 0; i < GV_ARRAY_LEN(volumes); i++) {
			gv_autofree char *mount = gv_xasprintf("\"%s\",\"Target\":\"/v%c\"", volumes[i].name, v[2]);

			if (strstr(gv_str_text(&put), mount) != NULL)
				days = volumes[i].used;
		}
	if (days < 0) {
		reply(c, 404, "{\"message\":\"no such file\"}");
		return;
	}
	text = gv_xasprintf("used %lld\n", (long long)time(NULL) - days * 24 * 3600);
	gv_tar_file(&tar, ".gover-complete", 0444, text, strlen(text));
	gv_tar_end(&tar);
	httpd_reply(c, 200, "", tar.buf, tar.len);
}

static void
daemon_handler(struct httpd_conn *c, const struct httpd_request *r, void *arg)
{
	const char *at = r->target;

	(void)arg;
	pthread_mutex_lock(&lock);
	if (strcmp(r->method, "DELETE") == 0) {
		gv_str_addf(&removed, "%s ", strrchr(at, '/') + 1);
		reply(c, 204, "");
	} else if (strcmp(at, "/version") == 0) {
		reply(c, 200, podman ? "{\"ApiVersion\":\"1.41\",\"Components\":[{\"Name\":\"Podman Engine\"}]}"
				     : "{\"ApiVersion\":\"1.41\"}");
	} else if (strstr(at, "/libpod/info") != NULL) {
		reply(c, 200, "{\"host\":{\"cgroupControllers\":[\"cpu\",\"pids\"],\"security\":{\"rootless\":true}}}");
	} else if (strstr(at, "/info") != NULL) {
		reply(c, 200, strstr(gv_platform_host(), "arm64") != NULL ? "{\"OSType\":\"linux\",\"Architecture\":\"aarch64\"}"
									  : "{\"OSType\":\"linux\",\"Architecture\":\"x86_64\"}");
	} else if (strstr(at, "/archive?") != NULL) {
		reply_mark(c, at);
	} else if (strstr(at, "/containers/json") != NULL) {
		reply_containers(c);
	} else if (strstr(at, "/volumes") != NULL) {
		if (strstr(at, "owner") != NULL)
			reply(c, 200, "{\"Volumes\":null}");
		else
			reply_volumes(c);
	} else if (strstr(at, "/containers/create") != NULL) {
		gv_str_clear(&put);
		gv_str_add(&put, r->body);
		reply(c, 201, "{\"Id\":\"new\"}");
	} else {
		reply(c, 200, "{}");
	}
	pthread_mutex_unlock(&lock);
}

/* Podman's answer to Docker's question leaves that out; Docker's own does not. */
static void
test_limits(const char *address)
{
	struct gv_engine *e = cells_open(address);
	struct gv_docker *d = (struct gv_docker *)e;

	ok(e != NULL && !e->info.rootless && d->limits_memory && d->limits_pids, "what Docker does not deny it limits");
	gv_engine_close(e);
	podman = true;
	e = cells_open(address);
	d = (struct gv_docker *)e;
	ok(e != NULL && e->info.rootless && d->keep_id, "Podman says in its own words that it is rootless");
	ok(e != NULL && !d->limits_memory && d->limits_pids, "and which control groups it has");
	gv_engine_close(e);
}

int
main(void)
{
	gv_autofree char *address = NULL;
	struct gv_engine *e;
	struct httpd *h;

	if (!cells_setup())
		return 1;
	address = gv_xasprintf("docker=unix://%s/d.sock", cells_work);
	h = httpd_start_unix(address + strlen("docker=unix://"), daemon_handler, NULL);
	e = h != NULL ? cells_open(address) : NULL;
	if (e == NULL)
		return 1;
	e->info.remote = true;
	gv_engine_reap(e);
	printf("# removed: %s\n", gv_str_text(&removed));
	ok(strstr(gv_str_text(&removed), "gover-cache-a-1 ") != NULL && strstr(gv_str_text(&removed), "gover-cache-d ") != NULL,
	   "volumes that nobody used for a week are removed");
	ok(strstr(gv_str_text(&removed), "gover-cache-c-1 ") != NULL, "and one that is old and was never whole");
	ok(strstr(gv_str_text(&removed), "gover-cache-b-1") == NULL, "not one that was used since");
	ok(strstr(gv_str_text(&removed), "gover-cache-e-1") == NULL && strstr(gv_str_text(&removed), "gover-cache-f-1") == NULL,
	   "nor a new one, nor one whose age is not told");
	ok(strstr(gv_str_text(&removed), "dead gover-cache-h-1 ") != NULL, "what a gover that is gone had not sent to the end");
	ok(strstr(gv_str_text(&removed), "whole ") != NULL && strstr(gv_str_text(&removed), "gover-cache-g-1") == NULL,
	   "what it had sent to the end stays");
	ok(strstr(gv_str_text(&removed), "dead2 ") != NULL && strstr(gv_str_text(&removed), "gover-cache-written") == NULL,
	   "and so does what cells write");
	ok(strstr(gv_str_text(&removed), "alive") == NULL && strstr(gv_str_text(&removed), "gover-cache-i-1") == NULL,
	   "nothing of a gover on another machine before its deadline");
	gv_engine_close(e);
	test_limits(address);
	httpd_stop(h);
	gv_str_free(&removed);
	gv_str_free(&put);
	cells_clean();
	return tap_done();
}
