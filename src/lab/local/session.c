/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "local/session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "engine/terminal.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/sig.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* the same on every architecture; Linux 5.3 */
#endif

#define TICK_MS  250 /* how often we check for a signal and for a new size of the terminal */
#define BLIND_MS 20  /* how often we check for the end of the program, without pidfd */
#define STOP_MS  2000
#define LATE_MAX (128 << 10) /* bytes read after the end: more than pipes and terminals hold */

/* Copies bytes from one descriptor to another. */
struct pump {
	int from, to; /* -1: unused, or ended */
	bool out;     /* towards the user */
	char buf[4096];
	size_t at, len; /* buf[at..at + len) waits to be written */
};

struct session {
	pid_t pid;
	int pidfd;
	int master; /* our side of the program's terminal; -1: none */
	struct gv_terminal terminal;
	struct pump pumps[3];
	size_t late; /* bytes that the program wrote, counted once it has ended */
	int ends[3]; /* the program's 0, 1 and 2, closed here after its start; or GV_SPAWN_SHARE */
	struct gv_cgroup *cgroup;
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int
make_terminal(struct session *s, struct gv_err *err)
{
	struct termios like;
	char name[64];
	int slave;

	s->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (s->master < 0 || grantpt(s->master) < 0 || unlockpt(s->master) < 0 ||
	    ptsname_r(s->master, name, sizeof(name)) != 0 || (slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0)
		return gv_err_sys(err, GV_EIO, "cannot make a terminal for the cell");
	if (tcgetattr(STDIN_FILENO, &like) == 0)
		tcsetattr(slave, TCSANOW, &like);
	if (gv_terminal_resized(&s->terminal))
		ioctl(slave, TIOCSWINSZ, &s->terminal.size);
	fcntl(s->master, F_SETFL, O_NONBLOCK);
	s->pumps[0] = (struct pump){ .from = STDIN_FILENO, .to = s->master };
	s->pumps[1] = (struct pump){ .from = s->master, .to = STDOUT_FILENO, .out = true };
	s->ends[0] = slave;
	s->ends[1] = fcntl(slave, F_DUPFD_CLOEXEC, 3);
	if (isatty(STDERR_FILENO))
		s->ends[2] = fcntl(slave, F_DUPFD_CLOEXEC, 3);
	return 0;
}

/* Make a pipe for descriptor `n` instead of the user's terminal. */
static int
make_pipe(struct session *s, int n, struct gv_err *err)
{
	int fd[2], ours = n == 0 ? 1 : 0;

	if (pipe2(fd, O_CLOEXEC) < 0)
		return gv_err_sys(err, GV_EIO, "cannot make a pipe for the cell");
	fcntl(fd[ours], F_SETFL, O_NONBLOCK);
	s->ends[n] = fd[1 - ours];
	s->pumps[n] = n == 0 ? (struct pump){ .from = STDIN_FILENO, .to = fd[1] }
			     : (struct pump){ .from = fd[0], .to = n, .out = true };
	return 0;
}

static bool
prepare(void *arg)
{
	const struct session *s = arg;

	return (s->master < 0 || ioctl(STDIN_FILENO, TIOCSCTTY, 0) == 0) &&
	       (s->cgroup == NULL || gv_cgroup_join(s->cgroup));
}

static int
start(struct session *s, const struct gv_spawn *what, struct gv_err *err)
{
	struct gv_spawn spawn = *what;
	int rc = 0;

	if (gv_terminal_is_there())
		rc = make_terminal(s, err);
	else
		for (int i = 0; i < 3 && rc == 0; i++)
			if (isatty(i))
				rc = make_pipe(s, i, err);
	if (rc < 0)
		return -1;
	spawn.in = s->ends[0];
	spawn.out = s->ends[1];
	spawn.err = s->ends[2];
	spawn.session = spawn.ends_with_us = true;
	spawn.prepare = prepare;
	spawn.arg = s;
	spawn.prepare_what = "cannot enter the cell's control group or terminal";
	if (gv_spawn_start(&s->pid, &spawn, err) < 0)
		return -1;
	s->pidfd = (int)syscall(SYS_pidfd_open, s->pid, 0u);
	for (int i = 0; i < 3; i++)
		close_fd(&s->ends[i]);
	return 0;
}

/* End a pump, because its source or its reader has ended. */
static void
end_pump(const struct session *s, struct pump *p)
{
	if (p->from > STDERR_FILENO && p->from != s->master)
		close(p->from);
	if (p->to > STDERR_FILENO && p->to != s->master)
		close(p->to);
	p->from = p->to = -1;
	p->len = 0;
}

static void
fill(struct session *s, struct pump *p)
{
	ssize_t n = read(p->from, p->buf, sizeof(p->buf));

	p->at = 0;
	p->len = n > 0 ? (size_t)n : 0;
	s->late += p->out ? p->len : 0;
	/* EIO: no process has the terminal any more. */
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		end_pump(s, p);
}

static void
drain(const struct session *s, struct pump *p)
{
	ssize_t n = write(p->to, p->buf + p->at, p->len);

	if (n >= 0) {
		p->at += (size_t)n;
		p->len -= (size_t)n;
	} else if (errno != EINTR && errno != EAGAIN) {
		end_pump(s, p);
	}
}

/* Copy what is ready, and wait for it at most `ms`. False if nothing of the program's output moved. */
static bool
move(struct session *s, int ms)
{
	struct pollfd p[4];
	bool came = false;

	for (int i = 0; i < 3; i++) {
		const struct pump *q = &s->pumps[i];

		p[i] = q->len > 0 ? (struct pollfd){ .fd = q->to, .events = POLLOUT }
				  : (struct pollfd){ .fd = q->from, .events = POLLIN };
	}
	p[3] = (struct pollfd){ .fd = s->pidfd, .events = POLLIN };
	if (poll(p, 4, ms) <= 0)
		return false;
	for (int i = 0; i < 3; i++) {
		struct pump *q = &s->pumps[i];

		if (q->from < 0 || p[i].revents == 0)
			continue;
		came = came || q->out;
		if (q->len > 0)
			drain(s, q);
		else
			fill(s, q);
	}
	return came;
}

/* Ask the program and its job to end; after two seconds, kill them. */
static void
stop(struct session *s)
{
	int64_t hard_ms = gv_clock_ms() + STOP_MS;

	kill(-s->pid, SIGHUP);
	kill(-s->pid, SIGTERM);
	while (waitpid(s->pid, NULL, WNOHANG) == 0) {
		if (gv_clock_ms() > hard_ms)
			kill(-s->pid, SIGKILL);
		move(s, BLIND_MS);
	}
}

static bool
has_output(const struct session *s)
{
	bool waits = false;

	for (int i = 0; i < 3; i++)
		waits = waits || (s->pumps[i].out && s->pumps[i].len > 0);
	return waits;
}

/*
 * The program has ended. Copy the rest of its output, however slow the reader is. A process that it left behind may
 * write for ever, so copy no more than pipes and terminals can hold.
 */
static int
finish(struct session *s, struct gv_err *err)
{
	s->late = 0;
	while (s->late < LATE_MAX || has_output(s)) {
		bool waits = has_output(s);

		if (gv_sig_check(err) < 0)
			return -1;
		if (!move(s, waits ? TICK_MS : 0) && !waits)
			break;
	}
	/* The signal that ended the program may have reached gover, too. */
	return gv_sig_check(err);
}

/* Copy until the program has ended and its output is written. If a reader goes away, only that direction ends. */
static int
relay(struct session *s, int *status, struct gv_err *err)
{
	int st = 0;

	signal(SIGPIPE, SIG_IGN);
	while (waitpid(s->pid, &st, WNOHANG) == 0) {
		if (gv_sig_check(err) < 0) {
			stop(s);
			return -1;
		}
		if (s->master >= 0 && gv_terminal_resized(&s->terminal))
			ioctl(s->master, TIOCSWINSZ, &s->terminal.size);
		move(s, s->pidfd >= 0 ? TICK_MS : BLIND_MS);
	}
	end_pump(s, &s->pumps[0]);
	close_fd(&s->pidfd);
	*status = WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
	return finish(s, err);
}

int
gv_session_run(const struct gv_spawn *what, struct gv_cgroup *g, int *status, struct gv_err *err)
{
	struct session s = {
		.pidfd = -1, .master = -1, .ends = { GV_SPAWN_SHARE, GV_SPAWN_SHARE, GV_SPAWN_SHARE }, .cgroup = g
	};
	int rc;

	for (int i = 0; i < 3; i++)
		s.pumps[i].from = s.pumps[i].to = -1;
	rc = start(&s, what, err);
	if (rc == 0) {
		if (s.master >= 0)
			gv_terminal_raw(&s.terminal);
		rc = relay(&s, status, err);
		signal(SIGPIPE, SIG_DFL);
		gv_terminal_restore(&s.terminal);
	}
	for (int i = 0; i < 3; i++) {
		end_pump(&s, &s.pumps[i]);
		close_fd(&s.ends[i]);
	}
	close_fd(&s.pidfd);
	close_fd(&s.master);
	return rc;
}
