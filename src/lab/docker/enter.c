/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "docker/inner.h"
#include "engine/hostfiles.h"
#include "engine/terminal.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/sig.h"

#define ENTER_S (24 * 3600) /* after this, any gover may remove the container */
#define TICK_MS 250

/* This terminal and the container's. */
struct session {
	struct gv_docker_cell *c;
	struct gv_unix_duplex *d;
	struct gv_mux mux;
	bool terminal; /* the container has one */
	bool input;    /* stdin has not ended */
	char typed[4096];
	size_t typed_at, typed_len; /* what the container has not taken yet */
	struct gv_terminal user;
};

/* Tell the container the terminal's size after a change. */
static void
follow_size(struct session *s)
{
	gv_autofree char *path = NULL;
	struct gv_err ignored = GV_ERR_INIT;

	if (!s->terminal || !gv_terminal_resized(&s->user))
		return;
	path = gv_xasprintf("/containers/%s/resize?h=%u&w=%u", s->c->container, s->user.size.ws_row,
			    s->user.size.ws_col);
	/* A failure affects only the display. */
	if (gv_api_call(&s->c->api, &(struct gv_api_request){ .method = "POST", .path = path }, NULL, NULL, &ignored) <
	    0)
		gv_err_clear(&ignored);
}

static int
write_out(struct session *s, const char *data, size_t len, struct gv_err *err)
{
	const char *piece = NULL;
	size_t n = 0;
	int stream;

	if (s->terminal)
		return gv_fs_write_all(STDOUT_FILENO, data, len, err);
	while ((stream = gv_mux_next(&s->mux, &data, &len, &piece, &n)) > 0)
		if (gv_fs_write_all(stream == 1 ? STDOUT_FILENO : STDERR_FILENO, piece, n, err) < 0)
			return -1;
	return stream < 0 ? gv_err_set(err, GV_EFORMAT, "the engine's stream of the cell is malformed") : 0;
}

/* Print the container's output. Returns 1 to go on, 0 at its end, -1 on failure. */
static int
from_cell(struct session *s, struct gv_err *err)
{
	char buf[16384];
	long n;

	while ((n = gv_unix_duplex_read(s->d, buf, sizeof(buf), err)) > 0)
		if (write_out(s, buf, (size_t)n, err) < 0)
			return -1;
	return n == GV_UNIX_AGAIN ? 1 : (int)n;
}

/* Read what the user typed. Called only when the container took everything before. */
static void
read_typed(struct session *s)
{
	ssize_t n = read(STDIN_FILENO, s->typed, sizeof(s->typed));

	if (n < 0 && errno == EINTR)
		return;
	s->typed_at = 0;
	s->typed_len = n > 0 ? (size_t)n : 0;
	if (n > 0)
		return;
	s->input = false;
	gv_unix_duplex_shut(s->d);
}

/* Send what the user typed. Never wait: a program that does not read its stdin may still print and end. */
static int
to_cell(struct session *s, struct gv_err *err)
{
	while (s->typed_len > 0) {
		long n = gv_unix_duplex_send(s->d, s->typed + s->typed_at, s->typed_len, err);

		if (n < 0)
			return n == GV_UNIX_AGAIN ? 0 : -1;
		s->typed_at += (size_t)n;
		s->typed_len -= (size_t)n;
	}
	return 0;
}

static int
relay(struct session *s, struct gv_err *err)
{
	for (;;) {
		bool full = s->typed_len > 0;
		struct pollfd p[2] = { { .fd = gv_unix_duplex_fd(s->d), .events = full ? POLLIN | POLLOUT : POLLIN },
				       { .fd = s->input && !full ? STDIN_FILENO : -1, .events = POLLIN } };
		int rc = from_cell(s, err);

		if (rc <= 0)
			return rc;
		if (gv_sig_check(err) < 0)
			return -1;
		follow_size(s);
		if (poll(p, 2, TICK_MS) <= 0)
			continue;
		if (p[1].revents != 0)
			read_typed(s);
		if (to_cell(s, err) < 0)
			return -1;
	}
}

static int
run(struct session *s, int *status, struct gv_err *err)
{
	gv_autofree char *attach = gv_xasprintf("/containers/%s/attach?stream=1&stdin=1&stdout=1&stderr=1",
						s->c->container);
	gv_autofree char *start = gv_xasprintf("/containers/%s/start", s->c->container);
	gv_autofree char *wait = gv_xasprintf("/containers/%s/wait?condition=not-running", s->c->container);
	gv_autojson struct gv_json reply = { 0 };
	int64_t code = 0;
	int rc;

	s->d = gv_api_upgrade(&s->c->api, attach, err);
	if (s->d == NULL ||
	    gv_api_call(&s->c->api, &(struct gv_api_request){ .method = "POST", .path = start }, NULL, NULL, err) < 0)
		return -1;
	if (s->terminal)
		gv_terminal_raw(&s->user);
	rc = relay(s, err);
	gv_terminal_restore(&s->user);
	if (rc < 0 ||
	    gv_api_call(&s->c->api, &(struct gv_api_request){ .method = "POST", .path = wait }, &reply, NULL, err) <
		0 ||
	    gv_json_int(&reply, "StatusCode", &code, err) < 0)
		return -1;
	*status = (int)code;
	return 0;
}

/* Mount what the kept cell had, and the host's programs where possible. */
static void
add_mounts(struct gv_docker_mounts *ms, const struct gv_docker *d, const struct gv_ledger *r)
{
	struct gv_hostfiles h = { 0 };
	bool tools = d->base.info.remote;

	for (size_t i = 0; i < r->n_binds; i++) {
		const struct gv_bind *b = &r->binds[i];
		bool volume = strncmp(b->source, "volume:", 7) == 0;

		gv_docker_mounts_add(ms, volume ? b->source + 7 : NULL, b->source, b->target, b->writable);
		tools = tools || strcmp(b->target, "/usr") == 0;
	}
	/* Our own image has no shell; the user's is expected to have one. */
	if (!tools && strncmp(r->image, "sha256:", 7) == 0)
		gv_hostfiles_tools(&h);
	for (size_t i = 0; i < h.n_binds; i++)
		gv_docker_mounts_add(ms, NULL, h.binds[i].source, h.binds[i].target, false);
	gv_hostfiles_release(&h);
}

static int
enter(struct gv_docker *d, const struct gv_ledger *r, const char *id, char *const argv[], int *status,
      struct gv_err *err)
{
	static char shell[] = "/bin/sh", run_name[] = "enter";
	char *const just_shell[] = { shell, NULL };
	gv_autofree char *name = gv_xasprintf("%s-%ld", id, (long)getpid());
	struct gv_docker_cell *c = gv_docker_cell_new(d, gv_xasprintf("enter-%s", name), err);
	struct gv_cell_spec spec = { .run = run_name,
				     .name = name,
				     .plan = { .deadline_s = ENTER_S },
				     .memory_bytes = r->memory_bytes,
				     .scratch_bytes = r->memory_bytes / 2,
				     .cpus_milli = r->cpus_milli,
				     .pids = r->pids };
	gv_autostrv struct gv_strv words = GV_STRV_INIT;
	struct gv_docker_mounts ms = { 0 };
	struct session s = { .c = c, .terminal = gv_terminal_is_there(), .input = true };
	struct gv_docker_command cmd = { .image = r->image, .argv = &words, .env = &r->env, .input = true };
	int rc;

	if (c == NULL)
		return -1;
	for (char *const *word = argv != NULL ? argv : just_shell; *word != NULL; word++)
		gv_strv_add(&words, *word);
	cmd.dir = r->dir != NULL ? r->dir : "/";
	cmd.terminal = s.terminal;
	add_mounts(&ms, d, r);
	rc = gv_docker_create(c, &spec, &ms, &cmd, err);
	gv_docker_mounts_release(&ms);
	if (rc == 0)
		rc = run(&s, status, err);
	gv_unix_duplex_free(s.d);
	gv_docker_destroy(&c->base);
	return rc;
}

int
gv_docker_enter(struct gv_engine *e, const char *id, char *const argv[], int *status, struct gv_err *err)
{
	struct gv_ledger r;
	int rc;

	if (gv_ledger_find(&r, e->state, id, err) < 0)
		return -1;
	if (r.image == NULL || r.engine == NULL || strcmp(r.engine, e->info.name) != 0) {
		rc = gv_err_set(err, GV_EUSAGE, "another engine made the cell '%s'", id);
	} else if (e->info.remote && argv == NULL && strncmp(r.image, "sha256:", 7) == 0) {
		gv_err_set(
		    err, GV_EUSAGE,
		    "cannot open a shell in cell '%s': its image has none, and the engine cannot mount this machine's",
		    id);
		rc = gv_err_help(err, "keep a cell whose image has a shell, with --image NAME");
	} else {
		rc = enter((struct gv_docker *)e, &r, id, argv, status, err);
	}
	gv_ledger_release(&r);
	return rc;
}
