/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/spawn.h"

#define TIME_MS 60000 /* a timeout that only a failing test reaches */

/* What `script` prints when it is started with `s`, or "failed: ..." when it cannot be. The caller frees. */
static char *
answer(struct gv_spawn s, const char *script, const char *input)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_said said;

	s.argv = (char *const[]){ (char[]){ "/bin/sh" }, (char[]){ "-c" }, (char *)(uintptr_t)script, NULL };
	if (gv_spawn_ask(&said, s, input, 4096, TIME_MS, &err) < 0)
		return gv_xasprintf("failed: %s", err.msg);
	return said.out;
}

/* Prints the numbers of the shell's open descriptors. */
static const char list[] = "for fd in /proc/self/fd/*; do [ ! -e $fd ] || printf '%s ' ${fd##*/}; done";

static void
test_descriptors(void)
{
	int low = open("/etc/passwd", O_RDONLY), high = fcntl(low, F_DUPFD, 400),
	    kept = fcntl(low, F_DUPFD_CLOEXEC, 100);
	gv_autofree char *a = answer((struct gv_spawn){ 0 }, list, NULL), *b = NULL;

	/* The shell opens a directory for the glob, but has closed it when [ -e ] tests it. */
	ok(strcmp(a, "0 1 2 ") == 0, "a program gets descriptors 0, 1 and 2 only: %s", a);
	b = answer((struct gv_spawn){ .keep = &kept, .n_keep = 1 }, list, NULL);
	ok(strcmp(b, "0 1 100 2 ") == 0 || strcmp(b, "0 1 2 100 ") == 0,
	   "a program also gets the descriptors in keep: %s", b);
	close(low);
	close(high);
	close(kept);
}

/* Any of our 0, 1 and 2 may become any of the program's, in any order. */
static void
test_order(void)
{
	struct gv_err err = GV_ERR_INIT;
	int fds[2], status = -1, saved[2] = { dup(STDIN_FILENO), dup(STDERR_FILENO) };
	char buf[8] = "";

	if (pipe(fds) < 0)
		abort();
	/* Our 0 becomes its 2, and our 2 its 0. */
	dup2(fds[1], STDIN_FILENO);
	dup2(fds[0], STDERR_FILENO);
	ok(gv_spawn_run(&(struct gv_spawn){ .argv = (char *const[]){ (char[]){ "/bin/sh" }, (char[]){ "-c" },
								     (char[]){ "echo yes >&2; exit 3" }, NULL },
					    .in = STDERR_FILENO,
					    .out = GV_SPAWN_NULL,
					    .err = STDIN_FILENO },
			&status, &err) == 0 &&
	       status == 3,
	   "the exit status is reported");
	dup2(saved[0], STDIN_FILENO);
	dup2(saved[1], STDERR_FILENO);
	close(fds[1]);
	ok(read(fds[0], buf, 4) == 4 && strcmp(buf, "yes\n") == 0, "our 0 and 2 can be swapped in the program");
	close(fds[0]);
	close(saved[0]);
	close(saved[1]);
}

/* Our caller may have closed our 0. The program must get its input and /dev/null all the same. */
static void
test_closed(void)
{
	int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 100);
	gv_autofree char *a = NULL;

	close(STDIN_FILENO);
	a = answer((struct gv_spawn){ .err = GV_SPAWN_NULL }, "readlink /proc/self/fd/0", "input");
	dup2(saved, STDIN_FILENO);
	close(saved);
	ok(strstr(a, "gover-input") != NULL, "a program gets its input even if our 0 is closed: %.40s", a);
}

static bool
refuse(void *arg)
{
	errno = *(int *)arg;
	return false;
}

static void
test_failures(void)
{
	struct gv_err err = GV_ERR_INIT;
	char *missing[] = { (char[]){ "/nowhere/program" }, NULL }, *name[] = { (char[]){ "true" }, NULL };
	int status = -1, why = EPERM;
	pid_t pid;

	ok(gv_spawn_start(&pid, &(struct gv_spawn){ .argv = missing }, &err) < 0 && err.code == GV_EFAIL &&
	       err.sys == ENOENT && strstr(err.msg, "cannot run '/nowhere/program'") != NULL,
	   "a missing program is an error: %s", err.msg);
	gv_err_clear(&err);
	ok(gv_spawn_start(&pid, &(struct gv_spawn){ .argv = name, .dir = "/nowhere" }, &err) < 0 &&
	       strstr(err.msg, "cannot change to '/nowhere'") != NULL,
	   "a missing directory is an error: %s", err.msg);
	gv_err_clear(&err);
	ok(gv_spawn_start(&pid,
			  &(struct gv_spawn){ .argv = name, .prepare = refuse, .arg = &why, .prepare_what = "no way" },
			  &err) < 0 &&
	       err.sys == EPERM && strstr(err.msg, "no way") != NULL,
	   "a failing prepare function is an error: %s", err.msg);
	gv_err_clear(&err);
	ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "a failed start leaves no child");
	ok(gv_spawn_run(&(struct gv_spawn){ .argv = name, .envp = (char *[]){ (char[]){ "PATH=/nowhere" }, NULL } },
			&status, &err) < 0,
	   "a name is searched for on the program's PATH, not on ours");
}

static void
test_surroundings(void)
{
	char *env[] = { (char[]){ "ONE=1" }, NULL };
	gv_autofree char *a = answer((struct gv_spawn){ .envp = env, .dir = "/usr" }, "echo $ONE$HOME $PWD", NULL),
			 *b = NULL, *c = NULL;

	ok(strcmp(a, "1 /usr\n") == 0, "a program gets its environment and directory");
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	b = answer((struct gv_spawn){ .session = true },
		   "ign=$(sed -n 's/SigIgn:.*\\(........\\)$/0x\\1/p' /proc/self/status); echo $((ign & 0x1001)); "
		   "[ $(cut -d' ' -f6 /proc/$$/stat) = $$ ] && echo leader",
		   NULL);
	ok(strcmp(b, "0\nleader\n") == 0, "a program in its own session does not ignore the signals that we ignore");
	signal(SIGHUP, SIG_DFL);
	c = answer((struct gv_spawn){ 0 }, "cat", "what it reads");
	ok(strcmp(c, "what it reads") == 0, "a program reads its input");
}

static void
test_ask(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_said said = { 0 };
	char *flood[] = { (char[]){ "yes" }, NULL }, *still[] = { (char[]){ "sleep" }, (char[]){ "1000" }, NULL };
	char *mute[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char[]){ "exec >&- 2>&-; exec sleep 1000" }, NULL };
	char *talk[] = { (char[]){ "sh" }, (char[]){ "-c" },
			 (char[]){ "seq 1000 >&2; echo the end >&2; echo out; exit 5" }, NULL };

	ok(gv_spawn_ask(&said, (struct gv_spawn){ .argv = flood }, NULL, 100, TIME_MS, &err) < 0 &&
	       err.code == GV_ETOOBIG && said.out == NULL,
	   "an endless output is an error: %s", err.msg);
	gv_err_clear(&err);
	ok(gv_spawn_ask(&said, (struct gv_spawn){ .argv = still }, NULL, 100, 1, &err) < 0 && err.code == GV_EFAIL,
	   "a program that prints nothing in time is an error: %s", err.msg);
	gv_err_clear(&err);
	ok(gv_spawn_ask(&said, (struct gv_spawn){ .argv = mute }, NULL, 100, 200, &err) < 0 && err.code == GV_EFAIL,
	   "a program that closes its output and goes on is an error: %s", err.msg);
	ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "these errors leave no child");
	gv_err_clear(&err);
	ok(gv_spawn_ask(&said, (struct gv_spawn){ .argv = talk }, NULL, 100, TIME_MS, &err) == 0 && said.status == 5 &&
	       strcmp(said.out, "out\n") == 0 && strstr(said.tail.text, "1000\nthe end\n") != NULL &&
	       said.tail.len < 2048,
	   "status, stdout and the end of stderr are reported");
	free(said.out);
}

/* A program with `ends_with_us` ends when its parent is killed. */
static void
test_ends_with_us(void)
{
	struct gv_err err = GV_ERR_INIT;
	char *argv[] = { (char[]){ "sleep" }, (char[]){ "1000" }, NULL }, end;
	int fds[2];
	pid_t pid, child;

	if (pipe(fds) < 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		/* The program holds the pipe open until it ends. */
		if (gv_spawn_start(
			&child, &(struct gv_spawn){ .argv = argv, .ends_with_us = true, .keep = &fds[1], .n_keep = 1 },
			&err) < 0)
			_exit(1);
		raise(SIGKILL);
	}
	close(fds[1]);
	ok(read(fds[0], &end, 1) == 0, "the program ends when its parent is killed");
	close(fds[0]);
	waitpid(pid, NULL, 0);
}

int
main(void)
{
	test_descriptors();
	test_order();
	test_closed();
	test_failures();
	test_surroundings();
	test_ask();
	test_ends_with_us();
	return tap_done();
}
