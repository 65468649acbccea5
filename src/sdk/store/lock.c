/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "util/auto.h"
#include "util/num.h"
#include "util/path.h"
#include "util/sig.h"

#define POLL_MS 50

/* 1: taken; 0: another process holds it; -1 with errno. */
static int
try_lock(int fd)
{
	char pid[32];
	int n;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK)
			return 0;
		if (errno != EINTR)
			return -1;
	}
	/* The pid is only for a message of waiting processes, so a full disk is no reason to fail. */
	n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, (size_t)n, 0) < 0)
		return 1;
	return 1;
}

/* The pid in the lock file, 0 when there is none. */
static long
owner(int fd)
{
	char text[32];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	uint64_t pid;

	text[n > 0 ? n : 0] = '\0';
	return gv_num_prefix(text, INT_MAX, &pid) != NULL ? (long)pid : 0;
}

static int
open_lock(const char *dir, const char *name)
{
	gv_autofree char *path = gv_path_join(dir, name);

	return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

int
gv_lock_take(struct gv_lock *l, const char *dir, const char *name, const struct gv_lock_waiting *waiting,
	     struct gv_err *err)
{
	gv_autofd int fd = open_lock(dir, name);
	bool told = false;
	int rc;

	if (fd < 0) {
		gv_err_sys(err, GV_EIO, "cannot open the lock '%s/%s'", dir, name);
		if (err->sys == EACCES || err->sys == EROFS)
			gv_err_help(
			    err, "installed versions still run; to install or remove one, the store must be writable");
		return -1;
	}
	/* Poll, because the interrupt signal may be delivered to another thread. */
	while ((rc = try_lock(fd)) == 0) {
		struct timespec ts = { .tv_nsec = POLL_MS * 1000000L };

		if (!told && waiting != NULL)
			waiting->say(waiting->arg, owner(fd));
		told = true;
		if (gv_sig_check(err) < 0)
			return -1;
		nanosleep(&ts, NULL);
	}
	if (rc < 0)
		return gv_err_sys(err, GV_EIO, "cannot lock '%s/%s'", dir, name);
	l->fd = gv_steal_fd(&fd);
	return 0;
}

bool
gv_lock_try(struct gv_lock *l, const char *dir, const char *name)
{
	gv_autofd int fd = open_lock(dir, name);

	if (fd < 0 || try_lock(fd) <= 0)
		return false;
	l->fd = gv_steal_fd(&fd);
	return true;
}

void
gv_lock_release(struct gv_lock *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}
