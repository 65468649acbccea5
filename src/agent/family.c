/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "agent/family.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/num.h"

#define END_MS 5000 /* how long we wait for killed processes to end */

struct member {
	pid_t pid, ppid;
	uint64_t anon, shmem, threads;
	bool ours;
};

struct members {
	struct member *m;
	size_t n, cap;
};

static bool is_init;

void
agent_family_init(void)
{
	is_init = getpid() == 1;
	if (!is_init)
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

bool
agent_family_is_init(void)
{
	return is_init;
}

/* The number of a field. 0 when it is missing, as the memory of a kernel thread is. */
static uint64_t
field(const char *status, const char *name)
{
	const char *at = strstr(status, name);
	uint64_t n;

	if (at == NULL)
		return 0;
	at += strlen(name);
	return gv_num_prefix(at + strspn(at, " \t"), UINT64_MAX, &n) != NULL ? n : 0;
}

/*
 * /proc/PID/status has everything we need in one read. We search after its first line, because that holds the program's
 * name, which may look like a field.
 */
static bool
read_member(struct member *m, pid_t pid)
{
	char path[32], buf[4096];
	gv_autofd int fd = -1;
	const char *rest;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (n = read(fd, buf, sizeof(buf) - 1)) <= 0)
		return false;
	buf[n] = '\0';
	rest = strchr(buf, '\n');
	if (rest == NULL)
		return false;
	*m = (struct member){
		.pid = pid,
		.ppid = (pid_t)field(rest, "\nPPid:"),
		.anon = field(rest, "\nRssAnon:") * 1024,
		.shmem = field(rest, "\nRssShmem:") * 1024,
		.threads = field(rest, "\nThreads:"),
	};
	return true;
}

/*
 * Mark the descendants of this process. A parent may come after its child in /proc, so we repeat this until nothing
 * changes.
 */
static void
mark_ours(struct members *all)
{
	pid_t self = getpid();
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t i = 0; i < all->n; i++) {
			struct member *m = &all->m[i];

			if (m->ours)
				continue;
			m->ours = m->ppid == self;
			for (size_t k = 0; k < all->n && !m->ours; k++)
				m->ours = all->m[k].ours && all->m[k].pid == m->ppid;
			changed = changed || m->ours;
		}
	}
}

static void
list(struct members *all)
{
	gv_autodir DIR *d = opendir("/proc");
	struct dirent *e;
	struct member m;

	*all = (struct members){ 0 };
	while (d != NULL && (e = readdir(d)) != NULL) {
		uint64_t pid;

		if (gv_num_u64(e->d_name, INT_MAX, &pid) < 0 || (pid_t)pid == getpid() || !read_member(&m, (pid_t)pid))
			continue;
		m.ours = is_init;
		if (all->n == all->cap) {
			all->cap = all->cap == 0 ? 64 : all->cap * 2;
			all->m = gv_xreallocarray(all->m, all->cap, sizeof(m));
		}
		all->m[all->n++] = m;
	}
	if (!is_init)
		mark_ours(all);
}

void
agent_family_sample(struct agent_sample *s)
{
	struct members all;
	uint64_t biggest = 0, shared = 0;

	*s = (struct agent_sample){ 0 };
	list(&all);
	for (size_t i = 0; i < all.n; i++) {
		const struct member *m = &all.m[i];

		if (!m->ours)
			continue;
		s->threads += m->threads;
		s->rss += m->anon;
		if (m->shmem > shared)
			shared = m->shmem;
		if (m->anon + m->shmem > biggest) {
			biggest = m->anon + m->shmem;
			s->biggest = m->pid;
		}
	}
	s->rss += shared;
	free(all.m);
}

static bool
is_test_binary(pid_t pid)
{
	char path[32], exe[4096];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%ld/exe", (long)pid);
	n = readlink(path, exe, sizeof(exe));
	if (n > 10 && memcmp(exe + n - 10, " (deleted)", 10) == 0)
		n -= 10;
	return n > 5 && memcmp(exe + n - 5, ".test", 5) == 0;
}

void
agent_family_quit(pid_t leader)
{
	struct members all;
	bool found = false;

	list(&all);
	for (size_t i = 0; i < all.n; i++)
		if (all.m[i].ours && is_test_binary(all.m[i].pid)) {
			kill(all.m[i].pid, SIGQUIT);
			found = true;
		}
	free(all.m);
	/* Do not signal the go command too: it would end without printing the output of its tests (seen with 1.26). */
	if (!found)
		kill(-leader, SIGQUIT);
}

/* Send `sig` to all descendants. Returns their number. */
static size_t
signal_descendants(int sig)
{
	struct members all;
	size_t n = 0;

	list(&all);
	for (size_t i = 0; i < all.n; i++)
		if (all.m[i].ours) {
			kill(all.m[i].pid, sig);
			n++;
		}
	free(all.m);
	return n;
}

void
agent_family_signal(int sig)
{
	if (is_init) {
		kill(-1, sig);
		return;
	}
	/* Stop them until the count stays the same: then none has escaped by a fork. */
	if (sig == SIGKILL) {
		size_t before = 0, now;

		for (int i = 0; i < 50 && (now = signal_descendants(SIGSTOP)) != before; i++)
			before = now;
	}
	signal_descendants(sig);
}

static void
add_usage(struct agent_usage *u, const struct rusage *ru)
{
	uint64_t rss = (uint64_t)ru->ru_maxrss * 1024;

	u->cpu_us += (uint64_t)(ru->ru_utime.tv_sec + ru->ru_stime.tv_sec) * 1000000 +
		     (uint64_t)(ru->ru_utime.tv_usec + ru->ru_stime.tv_usec);
	if (rss > u->max_rss)
		u->max_rss = rss;
}

int
agent_family_reap(pid_t leader, int *status, struct agent_usage *u)
{
	int found = 0;

	for (;;) {
		struct rusage ru;
		int st;
		pid_t pid = wait4(-1, &st, WNOHANG, &ru);

		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			return found ? 1 : -1;
		if (pid == 0)
			return found;
		add_usage(u, &ru);
		if (pid == leader) {
			*status = st;
			found = 1;
		}
	}
}

bool
agent_family_end(struct agent_usage *u)
{
	int64_t give_up_ms = gv_clock_ms() + END_MS;
	useconds_t pause_us = 200;
	int status;

	while (agent_family_reap(0, &status, u) >= 0) {
		if (gv_clock_ms() > give_up_ms)
			return false;
		agent_family_signal(SIGKILL);
		usleep(pause_us);
		pause_us = pause_us < 20000 ? pause_us * 2 : pause_us;
	}
	return true;
}

void
agent_family_kill(void)
{
	struct agent_usage unused = { 0 };

	agent_family_end(&unused);
}
