/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/auto.h"
#include "util/sig.h"

extern char **environ;

/* Field `n` (from 1) of what follows the name, or NULL. */
static const char *
stat_field(const char *s, int n)
{
	for (; s != NULL && n > 0; n--) {
		s = strchr(s, ' ');
		s = s != NULL ? s + 1 : NULL;
	}
	return s;
}

int
gv_proc_read(struct gv_proc *p, pid_t pid, struct gv_err *err)
{
	char path[32], buf[1024];
	const char *open_paren, *close_paren, *ppid, *start;
	gv_autofd int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (n = read(fd, buf, sizeof(buf) - 1)) <= 0)
		return gv_err_sys(err, GV_ENOTFOUND, "no process %ld", (long)pid);
	buf[n] = '\0';
	/* The name may hold blanks and parentheses: the last ')' ends it. */
	open_paren = strchr(buf, '(');
	close_paren = strrchr(buf, ')');
	ppid = stat_field(close_paren, 2);
	start = stat_field(close_paren, 20);
	if (open_paren == NULL || start == NULL || close_paren < open_paren || *ppid < '0' || *ppid > '9' ||
	    *start < '0' || *start > '9')
		return gv_err_set(err, GV_EFORMAT, "'%s' has an unknown form", path);
	p->pid = pid;
	p->ppid = (pid_t)strtol(ppid, NULL, 10);
	p->start = strtoull(start, NULL, 10);
	snprintf(p->comm, sizeof(p->comm), "%.*s", (int)(close_paren - open_paren - 1), open_paren + 1);
	return 0;
}

int
gv_proc_run(char *const argv[], int *status, struct gv_err *err)
{
	pid_t pid;
	int wait_status, rc = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);

	if (rc != 0) {
		errno = rc;
		return gv_err_sys(err, GV_EIO, "cannot run '%s'", argv[0]);
	}
	while (waitpid(pid, &wait_status, 0) < 0) {
		if (errno != EINTR)
			return gv_err_sys(err, GV_EIO, "cannot wait for '%s'", argv[0]);
		/* Ctrl-C reaches both by itself, a kill only us. */
		if (gv_sig_caught() == SIGTERM)
			kill(pid, SIGTERM);
	}
	*status = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
	return 0;
}
