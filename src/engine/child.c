/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/auto.h"
#include "util/clock.h"
#include "util/sig.h"

#define TICK_MS 250 /* how often an interrupt is asked for */
#define SLACK_S 30  /* the agent ends by itself at its deadline; later it hangs */
#define STOP_MS 2000

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/*
 * In the child, which a Ctrl-C at the terminal must not reach: only who asked for the cell ends it. Only async-signal-safe calls:
 * other threads may have held any lock at the fork.
 */
static _Noreturn void
become(char *const argv[], char *const envp[], const int *keep, size_t n_keep, const struct gv_cgroup *g,
       const int fds[3])
{
	static const char no_group[] = "cannot enter the control group of the cell\n";
	sigset_t none;

	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	for (int i = 0; i < 3; i++)
		dup2(fds[i], i);
	for (size_t i = 0; i < n_keep; i++)
		fcntl(keep[i], F_SETFD, 0);
	if (g != NULL && !gv_cgroup_join(g)) {
		if (write(STDERR_FILENO, no_group, sizeof(no_group) - 1) < 0)
			_exit(127);
		_exit(126);
	}
	execve(argv[0], argv, envp);
	_exit(127);
}

int
gv_child_start(struct gv_child *c, char *const argv[], char *const envp[], const int *keep, size_t n_keep,
	       const struct gv_cgroup *g, unsigned seconds, struct gv_err *err)
{
	gv_autofd int null = open("/dev/null", O_RDWR | O_CLOEXEC), out0 = -1, out1 = -1, err0 = -1, err1 = -1;
	int out[2], err_pipe[2];
	pid_t pid;

	if (null < 0 || pipe2(out, O_CLOEXEC) < 0)
		return gv_err_sys(err, GV_EIO, "cannot start '%s'", argv[0]);
	out0 = out[0];
	out1 = out[1];
	if (pipe2(err_pipe, O_CLOEXEC) < 0)
		return gv_err_sys(err, GV_EIO, "cannot start '%s'", argv[0]);
	err0 = err_pipe[0];
	err1 = err_pipe[1];
	pid = fork();
	if (pid < 0)
		return gv_err_sys(err, GV_EIO, "cannot start '%s'", argv[0]);
	if (pid == 0)
		become(argv, envp, keep, n_keep, g, (const int[]){ null, out1, err1 });
	*c = (struct gv_child){
		.pid = pid,
		.out = gv_steal_fd(&out0),
		.err = gv_steal_fd(&err0),
		.deadline_ms = gv_clock_ms() + ((int64_t)seconds + SLACK_S) * 1000,
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
	size_t max = sizeof(c->said) - 1, drop;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		close_fd(&c->err);
		return;
	}
	drop = c->said_len + (size_t)n > max ? c->said_len + (size_t)n - max : 0;
	memmove(c->said, c->said + drop, c->said_len - drop);
	c->said_len -= drop;
	memcpy(c->said + c->said_len, buf, (size_t)n);
	c->said_len += (size_t)n;
	c->said[c->said_len] = '\0';
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
		return gv_err_set(err, GV_EFAIL, "the cell went on after its deadline");
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
		return gv_err_set(err, GV_EFORMAT, "the agent's answer was cut");
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
		/* What nobody read is dropped. */
		gv_frames_free(&c->frames);
	}
	while (c->pid > 0) {
		pid_t pid = waitpid(c->pid, &c->status, WNOHANG);

		if (pid == c->pid)
			c->pid = 0;
		else if (gv_sig_check(err) < 0)
			return -1;
		else if (gv_clock_ms() > c->deadline_ms)
			return gv_err_set(err, GV_EFAIL, "the cell went on after its deadline");
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
		/* Its last words must not block it. */
		while (c->out >= 0 && read(c->out, buf, sizeof(buf)) > 0)
			;
		if (gv_clock_ms() > hard_ms)
			kill(c->pid, SIGKILL);
		usleep(1000);
	}
}

void
gv_child_free(struct gv_child *c)
{
	gv_child_stop(c, SIGKILL);
	close_fd(&c->out);
	close_fd(&c->err);
	gv_frames_free(&c->frames);
}
