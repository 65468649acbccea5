/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_UNIT_AGENTRUN_H
#define GV_TESTS_UNIT_AGENTRUN_H

/* The real gover-agent on small shell phases, and what it answers. `agent` and `work` are the test's to set. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/frames.h"
#include "engine/plan.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/str.h"

static char *agent, *work;

static void
phase(struct gv_plan *p, const char *name, unsigned timeout_s, const char *condition, const char *script)
{
	struct gv_plan_phase *ph = gv_plan_add(p, name, timeout_s, condition);

	gv_strv_add(&ph->argv, "sh");
	gv_strv_add(&ph->argv, "-c");
	gv_strv_add(&ph->argv, script);
}

static void
plan_init(struct gv_plan *p)
{
	*p = (struct gv_plan){ .deadline_s = 60, .dir = gv_xstrdup(work) };
	gv_strv_add(&p->env, "PATH=/usr/bin:/bin");
	gv_strv_add(&p->env, "EMPTY=");
	gv_strv_add(&p->env, "ODD=a b%c\nd");
}

static pid_t
start(const char *text, int *fd)
{
	int pipe_fd[2];
	pid_t pid;

	if (pipe2(pipe_fd, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		dup2(pipe_fd[1], STDOUT_FILENO);
		execl(agent, agent, text, (char *)NULL);
		_exit(127);
	}
	close(pipe_fd[1]);
	*fd = pipe_fd[0];
	return pid;
}

static int
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* All frames, one a line; "broken" when the stream is none. */
static char *
read_frames(int fd)
{
	struct gv_str all = GV_STR_INIT(16 << 20);
	struct gv_frames f = { 0 };
	struct gv_err err = GV_ERR_INIT;
	char buf[4096], *json;
	size_t len;
	ssize_t n;
	int rc = 0;

	while (rc >= 0 && (n = read(fd, buf, sizeof(buf))) > 0) {
		gv_frames_feed(&f, buf, (size_t)n);
		while ((rc = gv_frames_next(&f, &json, &len, &err)) > 0) {
			gv_str_addn(&all, json, len);
			gv_str_addc(&all, '\n');
			free(json);
		}
	}
	if (rc < 0 || gv_frames_inside(&f))
		gv_str_add(&all, "broken");
	gv_frames_free(&f);
	close(fd);
	return gv_str_finish(&all, &err);
}

static char *
run(struct gv_plan *p, int *status)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *text = gv_plan_text(p, &err);
	int fd;
	pid_t pid;
	char *answer;

	if (text == NULL)
		abort();
	pid = start(text, &fd);
	answer = read_frames(fd);
	*status = wait_for(pid);
	gv_plan_free(p);
	return answer;
}

static bool
has(const char *answer, const char *text)
{
	if (strstr(answer, text) != NULL)
		return true;
	printf("# missing: %s\n# in: %.3000s\n", text, answer);
	return false;
}

/* The number after "KEY": in the first frame that holds `in`; -1 when there is none. */
static long long
number(const char *answer, const char *in, const char *key)
{
	const char *at = strstr(answer, in);

	at = at != NULL ? strstr(at, key) : NULL;
	return at != NULL ? strtoll(at + strlen(key) + 2, NULL, 10) : -1;
}

/* The process whose number follows `before` in the answer: whether it is gone. */
static bool
gone(const char *answer, const char *before)
{
	const char *at = strstr(answer, before);
	pid_t pid = at != NULL ? (pid_t)strtol(at + strlen(before), NULL, 10) : 0;

	return pid > 1 && kill(pid, 0) < 0 && errno == ESRCH;
}

#endif
