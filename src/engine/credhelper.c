/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/ops.h"
#include "json/json.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/sig.h"

#define ANSWER_MAX (64u << 10)
#define WAIT_MS    60000 /* it may ask the user to unlock something */
#define TICK_MS    250

extern char **environ;

/* A pipe that holds the server's name, to be read to its end; its descriptor, or -1. No one writes to a helper that may be gone. */
static int
question(const char *server, struct gv_err *err)
{
	size_t len = strlen(server);
	int fds[2];
	bool good;

	if (len > PIPE_BUF)
		return gv_err_set(err, GV_ETOOBIG, "the name of a registry is longer than %d bytes", PIPE_BUF);
	if (pipe2(fds, O_CLOEXEC) < 0)
		return gv_err_sys(err, GV_EIO, "cannot make a pipe");
	good = write(fds[1], server, len) == (ssize_t)len;
	close(fds[1]);
	if (good)
		return fds[0];
	close(fds[0]);
	return gv_err_sys(err, GV_EIO, "cannot write to a pipe");
}

/* "PROGRAM get": its process, and in `*out` what it prints. */
static pid_t
start(char *program, const char *server, int *out, struct gv_err *err)
{
	char get[] = "get", *argv[] = { program, get, NULL };
	gv_autofd int in = question(server, err), print = -1;
	posix_spawn_file_actions_t fa;
	int fds[2], failure;
	pid_t pid;

	if (in < 0)
		return -1;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return gv_err_sys(err, GV_EIO, "cannot make a pipe");
	print = fds[1];
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&fa, print, STDOUT_FILENO);
	failure = posix_spawn(&pid, program, &fa, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	if (failure == 0) {
		*out = fds[0];
		return pid;
	}
	close(fds[0]);
	errno = failure;
	return gv_err_sys(err, GV_EFAIL, "cannot run '%s'", program);
}

/* All it says within WAIT_MS, up to `size`: the length, or -1. */
static ssize_t
listen_to(int fd, const char *program, char *answer, size_t size, struct gv_err *err)
{
	int64_t until = gv_clock_ms() + WAIT_MS;
	size_t len = 0;

	while (len < size) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int ready = poll(&p, 1, TICK_MS);
		ssize_t n;

		if (gv_sig_check(err) < 0)
			return -1;
		if (gv_clock_ms() > until)
			return gv_err_set(err, GV_EFAIL, "'%s' does not answer", program);
		if (ready <= 0)
			continue;
		n = read(fd, answer + len, size - len);
		if (n == 0)
			return (ssize_t)len;
		if (n < 0 && errno != EINTR)
			return gv_err_sys(err, GV_EIO, "cannot read from '%s'", program);
		len += n > 0 ? (size_t)n : 0;
	}
	return gv_err_set(err, GV_ETOOBIG, "'%s' answers more than %zu bytes", program, size);
}

static int
parse(const char *program, const char *text, size_t len, struct gv_credentials *c, struct gv_err *err)
{
	gv_autojson struct gv_json j = { 0 };
	const char *user, *secret;

	if (gv_json_parse(&j, text, len, err) < 0 || gv_json_want_object(&j, err) < 0 ||
	    gv_json_str(&j, "Username", &user, err) < 0 || gv_json_str(&j, "Secret", &secret, err) < 0)
		return gv_err_wrap(err, "what '%s' answers", program);
	if (strcmp(user, "<token>") == 0) {
		c->token = gv_xstrdup(secret);
	} else {
		c->user = gv_xstrdup(user);
		c->secret = gv_xstrdup(secret);
	}
	return 0;
}

int
gv_credhelper_ask(const char *name, const char *server, struct gv_credentials *c, struct gv_err *err)
{
	gv_autofree char *file = gv_xasprintf("docker-credential-%s", name), *answer = gv_xcalloc(1, ANSWER_MAX),
			 *program = strchr(name, '/') == NULL ? gv_engine_program(file) : NULL;
	gv_autofd int out = -1;
	int status = 0;
	ssize_t n;
	pid_t pid;

	*c = (struct gv_credentials){ 0 };
	if (program == NULL) {
		gv_err_set(err, GV_EFAIL, "no program '%s', which has the credentials of '%s'", file, server);
		return gv_err_help(err, "install it, or take it out of Docker's config.json");
	}
	pid = start(program, server, &out, err);
	if (pid < 0)
		return -1;
	n = listen_to(out, program, answer, ANSWER_MAX - 1, err);
	if (n < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (n < 0)
		return -1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return parse(program, answer, (size_t)n, c, err);
	/* The words of the helpers' library, on standard output, for a server that is not there. */
	if (strncmp(answer, "credentials not found", 21) == 0)
		return 0;
	answer[strcspn(answer, "\n")] = '\0';
	return gv_err_set(err, GV_EFAIL, "'%s' has no credentials of '%s': %s", program, server, answer);
}
