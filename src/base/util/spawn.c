/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/auto.h"
#include "util/fs.h"
#include "util/sig.h"

#define FDS_MAX (1 << 20) /* all are tried when there is neither close_range(2) nor /proc */

#ifndef SYS_close_range
#define SYS_close_range 436 /* the same on every architecture; Linux 5.9 */
#endif
#define CLOSE_RANGE_AT_EXEC (1u << 2) /* CLOSE_RANGE_CLOEXEC of linux/close_range.h, Linux 5.11 */

extern char **environ;

/* The child writes this to the pipe when it cannot run the program. */
struct failure {
	int sys;
	enum { AT_DIRECTORY, AT_PREPARE, AT_EXEC } where;
};

/* Mark the descriptors listed in /proc/self/fd. No opendir(3), because it allocates. Returns false without /proc. */
static bool
mark_listed(void)
{
	struct entry {
		uint64_t ino;
		int64_t off;
		uint16_t len;
		unsigned char type;
		char name[];
	};
	_Alignas(8) char buf[2048];
	int dir = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n;

	if (dir < 0)
		return false;
	while ((n = syscall(SYS_getdents64, dir, buf, sizeof(buf))) > 0) {
		for (long at = 0; at < n;) {
			const struct entry *e = (const struct entry *)(buf + at);
			int fd = 0;

			for (const char *p = e->name; *p >= '0' && *p <= '9'; p++)
				fd = fd * 10 + (*p - '0');
			if (fd > STDERR_FILENO)
				fcntl(fd, F_SETFD, FD_CLOEXEC);
			at += e->len;
		}
	}
	return true;
}

/* Let the exec close everything above 2. We cannot close it now: fail() still needs the pipe. */
static void
close_at_exec(void)
{
	if (syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_AT_EXEC) == 0 || mark_listed())
		return;
	for (int fd = 3; fd < FDS_MAX; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void
set_descriptors(const struct gv_spawn *s, int null)
{
	int want[3] = { s->in, s->out, s->err };

	/* First move our own 0, 1 and 2 out of the way, because the child may get them in another order. */
	for (int i = 0; i < 3; i++) {
		if (want[i] == GV_SPAWN_NULL)
			want[i] = null;
		else if (want[i] >= 0 && want[i] < 3 && want[i] != i)
			want[i] = fcntl(want[i], F_DUPFD_CLOEXEC, 3);
	}
	for (int i = 0; i < 3; i++) {
		if (want[i] == i)
			fcntl(i, F_SETFD, 0);
		else if (want[i] >= 0)
			dup2(want[i], i);
	}
	close_at_exec();
	for (size_t i = 0; i < s->n_keep; i++)
		fcntl(s->keep[i], F_SETFD, 0);
}

static void
set_signals(const struct gv_spawn *s, pid_t parent, int tell)
{
	sigset_t none;

	/* Otherwise the program would ignore the signals that nohup or a shell's "&" made us ignore. */
	for (int sig = 1; s->session && sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (s->ends_with_us) {
		prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
		/* The parent may have ended before the prctl(2). */
		if (getppid() != parent) {
			close(tell);
			_exit(127);
		}
	}
}

static _Noreturn void
fail(int tell, int where)
{
	struct failure f = { .sys = errno, .where = where };

	while (write(tell, &f, sizeof(f)) < 0 && errno == EINTR)
		;
	_exit(127);
}

/* Runs in the child: only async-signal-safe calls. */
static _Noreturn void
become(const struct gv_spawn *s, int null, int tell, pid_t parent)
{
	if (s->session)
		setsid();
	set_descriptors(s, null);
	set_signals(s, parent, tell);
	if (s->dir != NULL && chdir(s->dir) < 0)
		fail(tell, AT_DIRECTORY);
	if (s->prepare != NULL && !s->prepare(s->arg))
		fail(tell, AT_PREPARE);
	if (s->envp != NULL)
		environ = (char **)(uintptr_t)s->envp;
	execvp(s->argv[0], s->argv);
	fail(tell, AT_EXEC);
}

static int
failed(const struct gv_spawn *s, const struct failure *f, struct gv_err *err)
{
	errno = f->sys;
	switch (f->where) {
	case AT_DIRECTORY:
		return gv_err_sys(err, GV_EFAIL, "cannot change to '%s'", s->dir);
	case AT_PREPARE:
		return gv_err_sys(err, GV_EFAIL, "%s", s->prepare_what);
	case AT_EXEC:
		break;
	}
	return gv_err_sys(err, GV_EFAIL, "cannot run '%s'", s->argv[0]);
}

/* Open /dev/null above 2, even if our own 0 is closed: set_descriptors() does not overwrite it there. */
static int
open_null(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC), high = fd >= 0 && fd < 3 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : fd;

	if (high != fd)
		close(fd);
	return high;
}

int
gv_spawn_start(pid_t *pid, const struct gv_spawn *s, struct gv_err *err)
{
	gv_autofd int null = open_null(), heard = -1, tell = -1;
	struct failure f;
	pid_t parent = getpid(), child;
	int fds[2];
	ssize_t n;

	if (null < 0 || pipe2(fds, O_CLOEXEC) < 0)
		return gv_err_sys(err, GV_EIO, "cannot start '%s'", s->argv[0]);
	heard = fds[0];
	/* Above 2, where set_descriptors() does not overwrite it. */
	tell = fcntl(fds[1], F_DUPFD_CLOEXEC, 3);
	close(fds[1]);
	if (tell < 0)
		return gv_err_sys(err, GV_EIO, "cannot start '%s'", s->argv[0]);
	child = fork();
	if (child < 0)
		return gv_err_sys(err, GV_EIO, "cannot start '%s'", s->argv[0]);
	if (child == 0)
		become(s, null, tell, parent);
	close(gv_steal_fd(&tell));
	while ((n = read(heard, &f, sizeof(f))) < 0 && errno == EINTR)
		;
	if (n != (ssize_t)sizeof(f)) {
		*pid = child;
		return 0;
	}
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return failed(s, &f, err);
}

int
gv_spawn_wait(pid_t pid, int *status, struct gv_err *err)
{
	int st = 0;

	for (;;) {
		/* The terminal sends Ctrl-C to the child too, but a SIGTERM reaches only us. */
		if (gv_sig_caught() == SIGTERM)
			kill(pid, SIGTERM);
		if (waitpid(pid, &st, 0) == pid)
			break;
		if (errno != EINTR)
			return gv_err_sys(err, GV_EIO, "cannot wait for process %ld", (long)pid);
	}
	*status = WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
	return 0;
}

int
gv_spawn_run(const struct gv_spawn *s, int *status, struct gv_err *err)
{
	pid_t pid;

	return gv_spawn_start(&pid, s, err) < 0 ? -1 : gv_spawn_wait(pid, status, err);
}

int
gv_spawn_input(const void *data, size_t len, struct gv_err *err)
{
	gv_autofd int fd = memfd_create("gover-input", MFD_CLOEXEC);

	if (fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot make an in-memory file");
	if (gv_fs_write_all(fd, data, len, err) < 0)
		return -1;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return gv_err_sys(err, GV_EIO, "cannot rewind an in-memory file");
	return gv_steal_fd(&fd);
}
