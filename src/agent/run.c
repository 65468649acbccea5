/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "agent/run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/family.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/spawn.h"

#define GRACE_MS 5000 /* between SIGQUIT and SIGKILL, because dumping thousands of goroutines takes time */
#define DRAIN_MS 2000 /* then close the pipes, which a process that hangs in the kernel may still hold */

enum stage { RUNNING, QUITTING, KILLED, ENDED };

struct run {
	struct agent_cell *cell;
	struct agent_output *out;
	struct agent_end *end;
	struct agent_usage usage;
	pid_t leader;
	int fd[2]; /* the command's stdout and stderr; -1 when closed */
	enum stage stage;
	uint64_t next_ms;   /* when the stage ends */
	uint64_t sample_ms; /* when to sample memory next */
	uint64_t peak;      /* bytes, of all samples */
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int
agent_run_init(struct agent_cell *cell, struct gv_err *err)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	umask(022);
	if (sigprocmask(SIG_SETMASK, &set, NULL) < 0 ||
	    (cell->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
		return gv_err_sys(err, GV_EIO, "cannot set up signals");
	return 0;
}

/* Runs in the child, before the exec. */
static bool
set_limits(void *arg)
{
	const struct gv_plan *plan = ((const struct agent_cell *)arg)->plan;
	const struct rlimit none = { 0, 0 }, procs = { plan->watch_pids, plan->watch_pids };

	setrlimit(RLIMIT_CORE, &none);
	/* Since Linux 5.14 the kernel counts this per user namespace, so it works for a cell with its own. */
	if (agent_family_is_init() && plan->uid == 0 && plan->watch_pids > 0)
		setrlimit(RLIMIT_NPROC, &procs);
	return true;
}

/* When a command cannot be run, do what a shell does: print why and report exit status 127. */
static void
not_run(struct run *r, const char *why)
{
	gv_autofree char *text = gv_xasprintf("gover-agent: %s\n", why);

	agent_output_add(r->out, 2, text, strlen(text));
	r->end->exit = 127;
	r->stage = ENDED;
}

static int
start(struct run *r, char *const argv[], struct gv_err *err)
{
	const struct gv_plan *plan = r->cell->plan;
	struct gv_spawn s = {
		.argv = argv,
		.envp = plan->env.n > 0 ? plan->env.v : (char *[]){ NULL },
		.dir = plan->dir,
		.in = GV_SPAWN_NULL,
		.session = true,
		.prepare = set_limits,
		.arg = r->cell,
		.prepare_what = "cannot limit the command",
	};
	int out[2] = { -1, -1 }, err_pipe[2] = { -1, -1 }, rc = -1;

	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err_pipe, O_CLOEXEC) < 0) {
		gv_err_sys(err, GV_EIO, "cannot start '%s'", argv[0]);
	} else {
		s.out = out[1];
		s.err = err_pipe[1];
		rc = gv_spawn_start(&r->leader, &s, err);
	}
	close_fd(&out[1]);
	close_fd(&err_pipe[1]);
	if (rc < 0) {
		close_fd(&out[0]);
		close_fd(&err_pipe[0]);
		if (err->code != GV_EFAIL)
			return -1;
		not_run(r, err->msg);
		gv_err_clear(err);
		return 0;
	}
	r->fd[0] = out[0];
	r->fd[1] = err_pipe[0];
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err_pipe[0], F_SETFL, O_NONBLOCK);
	return 0;
}

static void
kill_all(struct run *r)
{
	agent_family_signal(SIGKILL);
	r->stage = KILLED;
	r->next_ms = UINT64_MAX;
}

/* End the whole cell. */
static void
end_cell(struct run *r, const char *why)
{
	if (r->cell->over == NULL)
		r->cell->over = why;
	if (r->stage < KILLED)
		kill_all(r);
}

static void
on_exit_status(struct run *r, int status)
{
	r->end->exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	r->end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	agent_family_end(&r->usage);
	r->stage = ENDED;
	r->next_ms = (uint64_t)gv_clock_ms() + DRAIN_MS;
}

static void
on_signals(struct run *r)
{
	struct signalfd_siginfo si;
	int status = 0;

	while (read(r->cell->signals, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		/* As PID 1 we ignore signals from the cell's processes. A sender outside our namespace has pid 0. */
		if (si.ssi_signo != SIGCHLD && (!agent_family_is_init() || si.ssi_pid == 0))
			end_cell(r, "interrupted");
	}
	if (r->stage < ENDED && agent_family_reap(r->leader, &status, &r->usage) == 1)
		on_exit_status(r, status);
}

static void
on_output(struct run *r, int i)
{
	char buf[64 << 10];
	ssize_t n = read(r->fd[i], buf, sizeof(buf));

	if (n > 0)
		agent_output_add(r->out, i + 1, buf, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		close_fd(&r->fd[i]);
}

static void
on_time(struct run *r)
{
	switch (r->stage) {
	case RUNNING:
		r->end->timeout = true;
		agent_family_quit(r->leader);
		r->stage = QUITTING;
		r->next_ms = (uint64_t)gv_clock_ms() + GRACE_MS;
		break;
	case QUITTING:
		kill_all(r);
		break;
	case KILLED:
		break;
	case ENDED:
		close_fd(&r->fd[0]);
		close_fd(&r->fd[1]);
		break;
	}
}

static void
say(struct run *r, const char *text)
{
	agent_output_add(r->out, 2, text, strlen(text));
}

/*
 * Sample memory for the report. Where no cgroup limits it, this also enforces the limit: like the kernel, it kills the
 * biggest process. However many processes there are, sampling takes at most a twentieth of the time.
 */
static void
sample(struct run *r)
{
	const struct gv_plan *plan = r->cell->plan;
	uint64_t began = (uint64_t)gv_clock_ms(), period, cost;
	struct agent_sample s;

	agent_family_sample(&s);
	if (s.rss > r->peak)
		r->peak = s.rss;
	if (plan->watch_memory > 0 && s.rss > plan->watch_memory && s.biggest > 0) {
		r->end->oom = true;
		kill(s.biggest, SIGKILL);
	}
	if (plan->watch_pids > 0 && s.threads > plan->watch_pids + 1 && r->stage < KILLED) {
		say(r, "gover: more processes and threads than the limit: Resource temporarily unavailable\n");
		kill_all(r);
	}
	cost = (uint64_t)gv_clock_ms() - began;
	period = plan->watch_memory > 0 ? 50 : 200;
	r->sample_ms = began + cost + (cost * 20 > period ? cost * 20 : period);
}

static int
wait_ms(const struct run *r, uint64_t now)
{
	uint64_t next = r->next_ms;

	if (r->stage < KILLED && r->cell->deadline_ms < next)
		next = r->cell->deadline_ms;
	if (r->stage < ENDED && r->sample_ms < next)
		next = r->sample_ms;
	if (next <= now)
		return 0;
	return next - now > INT_MAX ? INT_MAX : (int)(next - now);
}

static void
step(struct run *r)
{
	struct pollfd p[4] = {
		{ .fd = r->fd[0], .events = POLLIN },
		{ .fd = r->fd[1], .events = POLLIN },
		{ .fd = r->cell->signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO }, /* POLLERR: our reader is gone */
	};
	uint64_t now;

	if (poll(p, 4, wait_ms(r, (uint64_t)gv_clock_ms())) < 0 && errno != EINTR)
		end_cell(r, "interrupted");
	for (int i = 0; i < 2; i++)
		if (r->fd[i] >= 0 && p[i].revents != 0)
			on_output(r, i);
	if (p[2].revents != 0)
		on_signals(r);
	if (p[3].revents != 0)
		end_cell(r, "interrupted");
	agent_frame_alive();
	now = (uint64_t)gv_clock_ms();
	if (r->stage < KILLED && now >= r->cell->deadline_ms) {
		r->end->timeout = true;
		end_cell(r, "deadline");
	}
	if (now >= r->next_ms)
		on_time(r);
	if (r->stage < ENDED && now >= r->sample_ms)
		sample(r);
}

int
agent_run(struct agent_cell *cell, char *const argv[], unsigned timeout_s, struct agent_output *out,
	  struct agent_end *end, struct gv_err *err)
{
	uint64_t began = (uint64_t)gv_clock_ms(), kills = agent_cgroup_oom_kills(&cell->cgroup);
	struct run r = { .cell = cell, .out = out, .end = end, .fd = { -1, -1 } };

	*end = (struct agent_end){ 0 };
	r.next_ms = began + (uint64_t)timeout_s * 1000;
	r.sample_ms = began + 20;
	if (start(&r, argv, err) < 0)
		return -1;
	while (r.stage != ENDED || r.fd[0] >= 0 || r.fd[1] >= 0)
		step(&r);
	agent_output_finish(out);
	if (agent_cgroup_oom_kills(&cell->cgroup) > kills)
		end->oom = true;
	end->wall_ms = (uint64_t)gv_clock_ms() - began;
	end->cpu_ms = r.usage.cpu_us / 1000;
	end->peak_rss = r.peak > r.usage.max_rss ? r.peak : r.usage.max_rss;
	if (end->peak_rss > cell->peak_rss)
		cell->peak_rss = end->peak_rss;
	cell->oom = cell->oom || end->oom;
	return 0;
}
