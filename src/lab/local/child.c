/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "local/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/auto.h"
#include "util/clock.h"
#include "util/sig.h"
#include "util/spawn.h"

#define TICK_MS 250 /* how often we check for an interrupt */
#define SLACK_S 30  /* the agent ends by itself at its deadline; after this it hangs */
#define STOP_MS 2000

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool
join_group(void *arg)
{
	return gv_cgroup_join(arg);
}

int
gv_child_start(struct gv_child *c, char *const argv[], const struct gv_plan *plan, const int *keep, size_t n_keep,
	       struct gv_cgroup *g, struct gv_err *err)
{
	gv_autofd int in = -1, out0 = -1, out1 = -1, err0 = -1, err1 = -1;
	gv_autofree char *frame = NULL;
	int out[2], err_pipe[2];
	struct gv_spawn s = {
		.argv = argv,
		.envp = (char *[]){ NULL },
		.keep = keep,
		.n_keep = n_keep,
		.session = true,
		.ends_with_us = true,
		.prepare = join_group,
		.arg = g,
		.prepare_what = "cannot enter the control group of the cell",
	};
	size_t len;
	pid_t pid;

	frame = gv_plan_frame(plan, &len, err);
	if (frame == NULL || (in = gv_spawn_input(frame, len, err)) < 0)
		return -1;
	if (pipe2(out, O_CLOEXEC) < 0)
		return gv_err_sys(err, GV_EIO, "cannot start '%s'", argv[0]);
	out0 = out[0];
	out1 = out[1];
	if (pipe2(err_pipe, O_CLOEXEC) < 0)
		return gv_err_sys(err, GV_EIO, "cannot start '%s'", argv[0]);
	err0 = err_pipe[0];
	err1 = err_pipe[1];
	s.in = in;
	s.out = out1;
	s.err = err1;
	if (gv_spawn_start(&pid, &s, err) < 0)
		return -1;
	*c = (struct gv_child){
		.pid = pid,
		.out = gv_steal_fd(&out0),
		.err = gv_steal_fd(&err0),
		.deadline_ms = gv_clock_ms() + ((int64_t)plan->deadline_s + SLACK_S) * 1000,
	};
	fcntl(c->out, F_SETFL, O_NONBLOCK);
	fcntl(c->err, F_SETFL, O_NONBLOCK);
	return 0;
}

static void
take_said(struct gv_child *c)
{
	char buf[1024];
	ssize_t n = read(c->err, buf, sizeof(buf));

	if (n > 0)
		gv_tail_add(&c->said, buf, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		close_fd(&c->err);
}

static void
take_frames(struct gv_child *c)
{
	char buf[64 << 10];
	ssize_t n = read(c->out, buf, sizeof(buf));

	if (n > 0)
		gv_frames_feed(&c->frames, buf, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		close_fd(&c->out);
}

/* Wait for something to read, at most a tick. */
static int
wait_input(struct gv_child *c, struct gv_err *err)
{
	struct pollfd p[2] = { { .fd = c->out, .events = POLLIN }, { .fd = c->err, .events = POLLIN } };

	if (gv_sig_check(err) < 0)
		return -1;
	if (gv_clock_ms() > c->deadline_ms)
		return gv_err_set(err, GV_EFAIL, "the cell did not end at its deadline");
	if (poll(p, 2, TICK_MS) < 0 && errno != EINTR)
		return gv_err_sys(err, GV_EIO, "cannot wait for the cell");
	if (c->out >= 0 && p[0].revents != 0)
		take_frames(c);
	if (c->err >= 0 && p[1].revents != 0)
		take_said(c);
	return 0;
}

static int
read_frame(struct gv_child *c, char **json, size_t *len, struct gv_err *err)
{
	for (;;) {
		int rc = gv_frames_next(&c->frames, json, len, err);

		if (rc != 0)
			return rc;
		if (c->out < 0)
			break;
		if (wait_input(c, err) < 0)
			return -1;
	}
	if (gv_frames_inside(&c->frames))
		return gv_err_set(err, GV_EFORMAT, "the agent's answer is incomplete");
	return 0;
}

int
gv_child_read(struct gv_child *c, char **json, size_t *len, struct gv_err *err)
{
	int rc = read_frame(c, json, len, err);

	c->broken = c->broken || (rc < 0 && err->code != GV_EINTR);
	return rc;
}

int
gv_child_finish(struct gv_child *c, struct gv_err *err)
{
	if (c->broken)
		gv_child_stop(c, SIGTERM);
	while (!c->broken && (c->out >= 0 || c->err >= 0)) {
		if (wait_input(c, err) < 0)
			return -1;
		/* Drop unread frames. */
		gv_frames_release(&c->frames);
	}
	while (c->pid > 0) {
		pid_t pid = waitpid(c->pid, &c->status, WNOHANG);

		if (pid == c->pid)
			c->pid = 0;
		else if (gv_sig_check(err) < 0)
			return -1;
		else if (gv_clock_ms() > c->deadline_ms)
			return gv_err_set(err, GV_EFAIL, "the cell did not end at its deadline");
		else
			usleep(1000);
	}
	return 0;
}

void
gv_child_stop(struct gv_child *c, int sig)
{
	int64_t hard_ms = gv_clock_ms() + STOP_MS;
	char buf[4096];

	if (c->pid <= 0)
		return;
	kill(c->pid, sig);
	while (c->pid > 0) {
		pid_t pid = waitpid(c->pid, &c->status, WNOHANG);

		if (pid == c->pid || (pid < 0 && errno != EINTR)) {
			c->pid = 0;
			break;
		}
		/* Read what it still writes, so that it does not block. */
		while (c->out >= 0 && read(c->out, buf, sizeof(buf)) > 0)
			;
		if (gv_clock_ms() > hard_ms)
			kill(c->pid, SIGKILL);
		usleep(1000);
	}
}

void
gv_child_release(struct gv_child *c)
{
	gv_child_stop(c, SIGKILL);
	close_fd(&c->out);
	close_fd(&c->err);
	gv_frames_release(&c->frames);
}
