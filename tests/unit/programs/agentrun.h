/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_UNIT_PROGRAMS_AGENTRUN_H
#define GV_TESTS_UNIT_PROGRAMS_AGENTRUN_H

/* Runs the real gover-agent on small shell phases and reads its answer. The test must set `agent` and `work`. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cell/frames.h"
#include "cell/plan.h"
#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/spawn.h"
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

/* Start the agent with `frame` on its stdin. Read its answer from `*fd`. */
static pid_t
start(const char *frame, int *fd)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofd int in = gv_spawn_input(frame, strlen(frame), &err);
	int pipe_fd[2];
	pid_t pid;

	tap_need(in >= 0, "a plan");
	tap_need(pipe2(pipe_fd, O_CLOEXEC) == 0, "a pipe");
	fflush(stdout);
	pid = fork();
	tap_need(pid >= 0, "a process");
	if (pid == 0) {
		dup2(in, STDIN_FILENO);
		dup2(pipe_fd[1], STDOUT_FILENO);
		execl(agent, agent, "--cell", "test", (char *)NULL);
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

/* The part of an agent's answer that has arrived: all frames, one on each line. */
struct answer {
	int fd;
	struct gv_frames f;
	struct gv_str text;
	int rc; /* negative: the stream is broken */
};

/* Read until `text` arrives; NULL: to the end. */
static void
answer_until(struct answer *a, const char *text)
{
	struct gv_err err = GV_ERR_INIT;
	char buf[4096], *json;
	size_t len;
	ssize_t n;

	while (a->rc >= 0 && (text == NULL || strstr(gv_str_text(&a->text), text) == NULL) &&
	       (n = read(a->fd, buf, sizeof(buf))) > 0) {
		gv_frames_feed(&a->f, buf, (size_t)n);
		while ((a->rc = gv_frames_next(&a->f, &json, &len, &err)) > 0) {
			gv_str_addn(&a->text, json, len);
			gv_str_addc(&a->text, '\n');
			free(json);
		}
	}
}

/* Read the rest and return the whole answer, which ends in "broken" when the stream is broken. Caller frees. */
static char *
answer_end(struct answer *a)
{
	struct gv_err err = GV_ERR_INIT;

	answer_until(a, NULL);
	if (a->rc < 0 || gv_frames_inside(&a->f))
		gv_str_add(&a->text, "broken");
	gv_frames_release(&a->f);
	close(a->fd);
	return gv_str_finish(&a->text, &err);
}

static char *
read_frames(int fd)
{
	struct answer a = { .fd = fd, .text = GV_STR_INIT(16 << 20) };

	return answer_end(&a);
}

/* Start the agent with this plan, and release the plan. */
static pid_t
start_plan(struct gv_plan *p, int *fd)
{
	struct gv_err err = GV_ERR_INIT;
	size_t len;
	gv_autofree char *text = gv_plan_frame(p, &len, &err);

	tap_need(text != NULL, "a plan: %s", err.msg);
	gv_plan_release(p);
	return start(text, fd);
}

static char *
run(struct gv_plan *p, int *status)
{
	int fd;
	pid_t pid = start_plan(p, &fd);
	char *answer = read_frames(fd);

	*status = wait_for(pid);
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

/* The number after "KEY": that follows the first `in`; -1 when there is none. */
static long long
number(const char *answer, const char *in, const char *key)
{
	const char *at = strstr(answer, in);

	at = at != NULL ? strstr(at, key) : NULL;
	return at != NULL ? strtoll(at + strlen(key) + 2, NULL, 10) : -1;
}

/* Whether the process whose pid follows `before` in the answer no longer exists. */
static bool
gone(const char *answer, const char *before)
{
	const char *at = strstr(answer, before);
	pid_t pid = at != NULL ? (pid_t)strtol(at + strlen(before), NULL, 10) : 0;

	return pid > 1 && kill(pid, 0) < 0 && errno == ESRCH;
}

#endif
