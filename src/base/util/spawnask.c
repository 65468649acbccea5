/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/sig.h"
#include "util/spawn.h"

#define TICK_MS 250 /* how often we check for a signal */

/* Our ends of the pipes for its stdout and stderr; -1: closed. */
struct ears {
	int out, err;
};

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Read once. Closes the descriptor at the end of the data. */
static ssize_t
hear(int *fd, char *buf, size_t size)
{
	ssize_t n = read(*fd, buf, size);

	if (n > 0)
		return n;
	if (n == 0 || errno != EINTR)
		close_end(fd);
	return 0;
}

/* Returns -1 when we must stop waiting: a signal or the timeout. */
static int
go_on(const char *name, int64_t until, struct gv_err *err)
{
	if (gv_sig_check(err) < 0)
		return -1;
	return gv_clock_ms() > until ? gv_err_set(err, GV_EFAIL, "'%s' does not answer", name) : 0;
}

static int
listen_to(struct ears *e, struct gv_said *said, const char *name, size_t max, int64_t until, struct gv_err *err)
{
	char buf[1024];

	while (e->out >= 0 || e->err >= 0) {
		struct pollfd p[2] = { { .fd = e->out, .events = POLLIN }, { .fd = e->err, .events = POLLIN } };
		int ready = poll(p, 2, TICK_MS);

		if (go_on(name, until, err) < 0)
			return -1;
		if (ready <= 0)
			continue;
		if (e->out >= 0 && p[0].revents != 0)
			said->len += (size_t)hear(&e->out, said->out + said->len, max + 1 - said->len);
		if (said->len > max)
			return gv_err_set(err, GV_ETOOBIG, "'%s' printed more than %zu bytes", name, max);
		if (e->err >= 0 && p[1].revents != 0)
			gv_tail_add(&said->tail, buf, (size_t)hear(&e->err, buf, sizeof(buf)));
	}
	return 0;
}

/* A program may close stdout and stderr and go on. Wait until it ends; gv_spawn_wait() then reads its status. */
static int
wait_end(pid_t pid, const char *name, int64_t until, struct gv_err *err)
{
	siginfo_t end = { 0 };

	while (waitid(P_PID, (id_t)pid, &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == 0) {
		if (go_on(name, until, err) < 0)
			return -1;
		poll(NULL, 0, 1);
	}
	return 0;
}

static int
ask(struct gv_said *said, struct gv_spawn *s, const char *input, size_t max, int timeout_ms, struct gv_err *err)
{
	gv_autofd int in = -1, out = -1, words = -1;
	struct ears e = { -1, -1 };
	int fds[2], rc;
	pid_t pid;

	if (input != NULL && (in = gv_spawn_input(input, strlen(input), err)) < 0)
		return -1;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return gv_err_sys(err, GV_EIO, "cannot start '%s'", s->argv[0]);
	e.out = fds[0];
	s->out = out = fds[1];
	s->in = in >= 0 ? in : GV_SPAWN_NULL;
	rc = 0;
	if (s->err != GV_SPAWN_SHARE && (rc = pipe2(fds, O_CLOEXEC)) == 0) {
		e.err = fds[0];
		s->err = words = fds[1];
	}
	rc = rc < 0 ? gv_err_sys(err, GV_EIO, "cannot start '%s'", s->argv[0]) : gv_spawn_start(&pid, s, err);
	close_end(&out);
	close_end(&words);
	if (rc == 0) {
		int64_t until = gv_clock_ms() + timeout_ms;
		struct gv_err ignored = GV_ERR_INIT;

		rc = listen_to(&e, said, s->argv[0], max, until, err);
		if (rc == 0)
			rc = wait_end(pid, s->argv[0], until, err);
		if (rc < 0)
			kill(pid, SIGKILL);
		if (gv_spawn_wait(pid, &said->status, rc < 0 ? &ignored : err) < 0)
			rc = -1;
	}
	close_end(&e.out);
	close_end(&e.err);
	return rc;
}

int
gv_spawn_ask(struct gv_said *said, struct gv_spawn s, const char *input, size_t max, int timeout_ms, struct gv_err *err)
{
	*said = (struct gv_said){ .out = gv_xcalloc(1, max + 2) };
	if (ask(said, &s, input, max, timeout_ms, err) == 0) {
		said->out[said->len] = '\0';
		return 0;
	}
	free(gv_steal_ptr(&said->out));
	return -1;
}
