/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "docker/inner.h"
#include "resolve/dirs.h"
#include "tests/fake/httpd.h"
#include "tests/tap.h"
#include "tests/unit/lab/cells.h"
#include "tests/unit/putfile.h"
#include "tests/unit/vectors.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/str.h"

/*
 * A fake daemon reports the age of volumes that outlive cells, and which limits it has. Volumes unused for a week are
 * removed.
 */
static bool podman;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct gv_docker *elsewhere; /* this one refuses a bind, because it does not see our files */
static struct gv_str removed = GV_STR_INIT(4096), put = GV_STR_INIT(4096);
static struct gv_str auth = GV_STR_INIT(4096); /* what the last pull said of the user */
static const char *containers;                 /* instead of the usual ones */
static char *mark;                             /* the tar of a mark, not by our own writer of tars */
static size_t mark_len;
static char *mark_time; /* its ten digits */

/* The daemon says that a name without a host means this registry. */
#define EVIL_INDEX "\"IndexServerAddress\":\"https://victim.example/v1/\""

struct volume {
	const char *name, *created;
	int64_t used; /* in days ago; -1: no mark */
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
		gv_str_addf(&s, "%s{\"Name\":\"%s\",\"CreatedAt\":\"%s\",\"Labels\":{\"dev.gover.cache\":\"k\"}}",
			    i > 0 ? "," : "", volumes[i].name, volumes[i].created);
	gv_str_add(&s, "]}");
	reply(c, 200, gv_str_text(&s));
}

/*
 * Fillers of three other govers. Two have ended, one after it put the mark and one before; the third is on another
 * machine.
 */
static void
reply_containers(struct httpd_conn *c)
{
	static const char form[] =
	    "{\"Id\":\"%s\",\"Labels\":{\"dev.gover.filler\":\"%s\",\"dev.gover.owner\":\"boot:1:1\","
	    "\"dev.gover.deadline\":\"%s\"}}";
	gv_autostr struct gv_str s = GV_STR_INIT(8192);

	if (containers != NULL) {
		reply(c, 200, containers);
		return;
	}
	gv_autofree char *later = gv_xasprintf("%lld", (long long)time(NULL) + 1000);

	gv_str_addc(&s, '[');
	gv_str_addf(&s, form, "whole", "gover-cache-g-1", "1000");
	gv_str_addc(&s, ',');
	gv_str_addf(&s, form, "dead", "gover-cache-h-1", "1000");
	gv_str_addc(&s, ',');
	gv_str_addf(&s, form, "dead2", "gover-cache-written", "1000");
	gv_str_addc(&s, ',');
	gv_str_addf(&s, form, "alive", "gover-cache-i-1", later);
	gv_str_addc(&s, ',');
	gv_str_addf(&s, form, "odd", "gover-cache-j-1", "2001-01-01");
	gv_str_addc(&s, ']');
	reply(c, 200, gv_str_text(&s));
}

static void
reply_mark(struct httpd_conn *c, const char *target)
{
	const char *holder = strstr(target, "/containers/") + 12, *v = strstr(target, "path=/v") + strlen("path=");
	char digits[24];
	int64_t days = -1;

	/* The filler of the sweep mounts the old volumes in the order of the list, or in reverse. */
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
	snprintf(digits, sizeof(digits), "%010lld", (long long)time(NULL) - days * 24 * 3600);
	memcpy(mark_time, digits, 10);
	httpd_reply(c, 200, "", mark, mark_len);
}

static void
daemon_handler(struct httpd_conn *c, const struct httpd_request *r, void *arg)
{
	const char *at = r->target;

	(void)arg;
	pthread_mutex_lock(&lock);
	if (strcmp(r->method, "DELETE") == 0) {
		gv_str_addf(&removed, "%.*s ", (int)strcspn(strrchr(at, '/') + 1, "?"), strrchr(at, '/') + 1);
		reply(c, 204, "");
	} else if (strcmp(at, "/version") == 0) {
		reply(c, 200,
		      podman ? "{\"ApiVersion\":\"1.41\",\"Components\":[{\"Name\":\"Podman Engine\"}]}"
			     : "{\"ApiVersion\":\"1.41\"}");
	} else if (strstr(at, "/libpod/info") != NULL) {
		reply(c, 200, "{\"host\":{\"cgroupControllers\":[\"cpu\",\"pids\"],\"security\":{\"rootless\":true}}}");
	} else if (strstr(at, "/info") != NULL) {
		reply(c, 200,
		      strstr(gv_platform_host(), "arm64") != NULL
			  ? "{\"OSType\":\"linux\",\"Architecture\":\"aarch64\"," EVIL_INDEX "}"
			  : "{\"OSType\":\"linux\",\"Architecture\":\"x86_64\"," EVIL_INDEX "}");
	} else if (strstr(at, "/images/create") != NULL) {
		gv_str_clear(&auth);
		gv_str_add(&auth, httpd_header(r, "X-Registry-Auth"));
		reply(c, 500, "{\"message\":\"no such image\"}");
	} else if (strstr(at, "%2Fx") != NULL) {
		reply(c, 404, "{\"message\":\"no such image\"}");
	} else if (strcmp(r->method, "PUT") == 0) {
		reply(c, 200, "");
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
		if (elsewhere != NULL && strstr(r->body, "\"Type\":\"bind\"") != NULL) {
			pthread_mutex_lock(&elsewhere->lock);
			elsewhere->base.info.remote = true;
			pthread_mutex_unlock(&elsewhere->lock);
			reply(c, 400, "{\"message\":\"bind source path does not exist: /x\"}");
		} else {
			reply(c, 201, "{\"Id\":\"new\"}");
		}
	} else {
		reply(c, 200, "{}");
	}
	pthread_mutex_unlock(&lock);
}

/* Podman's reply to Docker's /info leaves this out; Docker's own does not. */
static void
test_limits(const char *address)
{
	struct gv_engine *e = cells_open(address);
	struct gv_docker *d = (struct gv_docker *)e;

	ok(e != NULL && !e->info.rootless && d->limits_memory && d->limits_pids,
	   "Docker has every limit that it does not deny");
	gv_engine_close(e);
	podman = true;
	e = cells_open(address);
	d = (struct gv_docker *)e;
	ok(e != NULL && e->info.rootless && d->keep_id, "Podman's own info shows that it is rootless");
	ok(e != NULL && !d->limits_memory && d->limits_pids, "and which control groups it has");
	gv_engine_close(e);
}

/* Several cells start at once. Each must notice that the engine is remote, by itself or from the first one. */
static void
test_elsewhere(const char *address)
{
	struct gv_engine *e = cells_open(address);
	struct gv_err err = GV_ERR_INIT;
	struct gv_cell_spec s;
	struct gv_cell *c;

	spec_init(&s, "late");
	spec_phase(&s, "x", "true");
	s.tools = false;
	elsewhere = (struct gv_docker *)e;
	c = gv_cell_start(e, &s, &err);
	ok(c != NULL && err.code == GV_OK && strstr(gv_str_text(&put), "\"Type\":\"bind\"") == NULL,
	   "a cell whose binds were refused gets volumes, also when another cell noticed first: %s", err.msg);
	if (c != NULL)
		gv_cell_destroy(c);
	elsewhere = NULL;
	spec_free(&s);
	gv_engine_close(e);
}

/* Whether the reaper of that engine removes a container with such a label. */
static bool
reaps(struct gv_engine *e, const char *owner, int64_t deadline)
{
	gv_autofree char *list = gv_xasprintf(
	    "[{\"Id\":\"theirs\",\"Labels\":{\"dev.gover.run\":\"1\",\"dev.gover.cell\":\"c\","
	    "\"dev.gover.owner\":\"%s\",\"dev.gover.deadline\":\"%lld\"}}]",
	    owner, (long long)deadline);

	gv_str_clear(&removed);
	containers = list;
	gv_engine_reap(e);
	containers = NULL;
	return strstr(gv_str_text(&removed), "theirs") != NULL;
}

/* A daemon is shared: by users, by CI jobs in pid namespaces of their own, by machines. */
static void
test_owners(const char *address)
{
	gv_autofree char *mine = NULL, *gone = NULL, *jobs = NULL, *users = NULL, *reused = NULL;
	struct gv_engine *e = cells_open(address);
	int64_t now = (int64_t)time(NULL), later = now + 1000;
	char boot[64] = "", ns[32] = "", clock[32] = "", state[32] = "";
	unsigned long long pid = 0, start = 0;

	tap_need(e != NULL, "an engine");
	mine = gv_xstrdup(((struct gv_docker *)e)->owner);
	tap_need(sscanf(mine, "%63[^:]:%31[^:]:%31[^:]:%31[^:]:%llu:%llu", boot, ns, clock, state, &pid, &start) == 6,
		 "an owner: %s", mine);
	gone = gv_xasprintf("%s:%s:%s:%s:%d:%llu", boot, ns, clock, state, 0x3fffffff, start);
	reused = gv_xasprintf("%s:%s:%s:%s:%llu:%llu", boot, ns, clock, state, pid, start + 1);
	jobs = gv_xasprintf("%s:4026530000:%s:%s:%d:%llu", boot, clock, state, 0x3fffffff, start);
	users = gv_xasprintf("%s:%s:%s:0123456789abcdef:%d:%llu", boot, ns, clock, 0x3fffffff, start);
	ok(pid == (unsigned long long)getpid() && !reaps(e, mine, later) && !reaps(e, mine, 1000),
	   "what a living gover has stays, whatever the clock says: %s", mine);
	ok(reaps(e, gone, later) && reaps(e, reused, later), "what one that is gone had is removed");
	ok(!reaps(e, jobs, later), "another pid namespace's is not ours to judge");
	ok(!reaps(e, users, later), "nor another state directory's, which may have kept it");
	ok(!reaps(e, jobs, now - 3600) && reaps(e, jobs, now - 2 * 24 * 3600), "until a day after its deadline");
	ok(!reaps(e, "", later) && !reaps(e, boot, later), "nor what names nobody");
	gv_engine_close(e);
}

/* A daemon gets the password of the registry that the name of an image means, not that of one which it names itself. */
static void
test_credentials(const char *address)
{
	/* {"username":"ann","password":"hub","serveraddress":"https://index.docker.io/v1/"}, and of victim.example, by another program */
	static const char hub[] =
	    "eyJ1c2VybmFtZSI6ImFubiIsInBhc3N3b3JkIjoiaHViIiwic2VydmVyYWRkcmVzcyI6Imh0dHBzOi8vaW5kZXguZG9ja2VyLmlvL3YxLyJ9";
	static const char victim[] =
	    "eyJ1c2VybmFtZSI6ImJvYiIsInBhc3N3b3JkIjoidmljdGltIiwic2VydmVyYWRkcmVzcyI6InZpY3RpbS5leGFtcGxlIn0=";
	static const struct {
		bool podman;
		const char *image, *header, *what;
	} cases[] = {
		{ false, "team/x:1", hub, "a name without a host: Docker's registry, whatever the daemon says" },
		{ false, "docker.io/team/x:1", hub, "docker.io is the same" },
		{ false, "victim.example/x:1", victim, "a name with a host: that one's" },
		{ true, "team/x:1", "", "Podman decides what a name without a host means, so it gets nothing" },
		{ true, "victim.example/x:1", victim, "for a name with a host it gets that one's" },
	};

	put_file(
	    cells_work, "config.json",
	    "{\"auths\":{\"https://victim.example/v1/\":{\"auth\":\"Ym9iOnZpY3RpbQ==\"},\"https://index.docker.io/v1/\":{\"auth\":\"YW5uOmh1Yg==\"}}}",
	    0600);
	setenv("DOCKER_CONFIG", cells_work, 1);
	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_cell_spec s;
		struct gv_engine *e;
		struct gv_cell *c;

		podman = cases[i].podman;
		e = cells_open(address);
		tap_need(e != NULL, "an engine");
		gv_str_clear(&auth);
		spec_init(&s, "pull");
		s.image = cases[i].image;
		c = gv_cell_start(e, &s, &err);
		ok(c == NULL && strcmp(gv_str_text(&auth), cases[i].header) == 0, "%s: '%s'", cases[i].what,
		   gv_str_text(&auth));
		spec_free(&s);
		gv_engine_close(e);
	}
	podman = false;
	unsetenv("DOCKER_CONFIG");
}

int
main(void)
{
	gv_autofree char *address = NULL;
	struct gv_engine *e;
	struct httpd *h;

	mark = vectors_read("tests/data/docker/mark.tar", &mark_len);
	mark_time = memmem(mark, mark_len, "0000000000\n", 11);
	tap_need(mark_time != NULL, "the time in the mark");
	tap_need(cells_setup(), "a project, and the agent");
	address = gv_xasprintf("docker=unix://%s/d.sock", cells_work);
	h = httpd_start_unix(address + strlen("docker=unix://"), daemon_handler, NULL);
	tap_need(h != NULL, "a server on '%s'", address);
	e = cells_open(address);
	tap_need(e != NULL, "an engine");
	e->info.remote = true;
	gv_engine_reap(e);
	printf("# removed: %s\n", gv_str_text(&removed));
	ok(strstr(gv_str_text(&removed), "gover-cache-a-1 ") != NULL &&
	       strstr(gv_str_text(&removed), "gover-cache-d ") != NULL,
	   "volumes that nobody used for a week are removed");
	ok(strstr(gv_str_text(&removed), "gover-cache-c-1 ") != NULL, "and an old one that was never complete");
	ok(strstr(gv_str_text(&removed), "gover-cache-b-1") == NULL, "one that was used since stays");
	ok(strstr(gv_str_text(&removed), "gover-cache-e-1") == NULL &&
	       strstr(gv_str_text(&removed), "gover-cache-f-1") == NULL,
	   "a new one and one of unknown age stay, too");
	ok(strstr(gv_str_text(&removed), "dead gover-cache-h-1 ") != NULL,
	   "an incomplete volume of a gover that has ended is removed");
	ok(strstr(gv_str_text(&removed), "whole ") != NULL && strstr(gv_str_text(&removed), "gover-cache-g-1") == NULL,
	   "a complete one stays");
	ok(strstr(gv_str_text(&removed), "dead2 ") != NULL &&
	       strstr(gv_str_text(&removed), "gover-cache-written") == NULL,
	   "and so does a volume that cells write");
	ok(strstr(gv_str_text(&removed), "alive") == NULL && strstr(gv_str_text(&removed), "gover-cache-i-1") == NULL,
	   "containers of a gover on another machine stay until their deadline");
	ok(strstr(gv_str_text(&removed), "odd") == NULL && strstr(gv_str_text(&removed), "gover-cache-j-1") == NULL,
	   "a container whose deadline we cannot read stays");
	gv_engine_close(e);
	test_elsewhere(address);
	test_owners(address);
	test_credentials(address);
	test_limits(address);
	httpd_stop(h);
	gv_str_release(&removed);
	gv_str_release(&put);
	gv_str_release(&auth);
	free(mark);
	cells_clean();
	return tap_done();
}
