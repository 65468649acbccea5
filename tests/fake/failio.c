/* SPDX-License-Identifier: MIT */
/*
 * A library for LD_PRELOAD that lets a program fail at its N-th change of the file system:
 *
 *	FAILIO=kill:N     SIGKILL instead of the call
 *	FAILIO=enospc:N   the call fails with ENOSPC, and so do all later ones that need room: a full disk
 *	FAILIO=eio:N      the call fails with EIO, once
 *	FAILIO_LOG=FILE   gets a line for each counted call, so a test can find out how many there are
 *
 * It counts calls that create, write, move, remove, sync or change a file, but not calls on pipes, sockets and
 * terminals. All threads of a program share one count.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_ulong calls;

static void
note(unsigned long n, const char *what)
{
	const char *path = getenv("FAILIO_LOG");
	char line[128];
	int len = snprintf(line, sizeof(line), "%lu %s\n", n, what), fd;

	if (path == NULL)
		return;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (syscall(SYS_write, fd, line, (size_t)len) < 0)
		abort();
	syscall(SYS_close, fd);
}

/* Whether this call must fail; then errno is set. `needs_room`: the call fails on a full disk. */
static bool
fails(const char *what, bool needs_room)
{
	const char *spec = getenv("FAILIO"), *colon = spec != NULL ? strchr(spec, ':') : NULL;
	unsigned long n = atomic_fetch_add(&calls, 1) + 1, at = colon != NULL ? strtoul(colon + 1, NULL, 10) : 0;

	note(n, what);
	if (at == 0 || n < at)
		return false;
	if (strncmp(spec, "enospc:", 7) == 0) {
		errno = ENOSPC;
		return needs_room;
	}
	if (n > at)
		return false;
	if (strncmp(spec, "kill:", 5) == 0)
		kill(getpid(), SIGKILL);
	errno = EIO;
	return true;
}

static bool
is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

#define REAL(ret, name, ...) ((ret(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

#define WRAP(name, needs_room, condition, params, types, args) \
	int name params;                                       \
	int name params                                        \
	{                                                      \
		if ((condition) && fails(#name, needs_room))   \
			return -1;                             \
		return REAL(int, name, types) args;            \
	}

/* clang-format off */
#define T(...) __VA_ARGS__
WRAP(mkdir, true, true, (const char *p, mode_t m), T(const char *, mode_t), (p, m))
WRAP(mkdirat, true, true, (int d, const char *p, mode_t m), T(int, const char *, mode_t), (d, p, m))
WRAP(symlink, true, true, (const char *t, const char *p), T(const char *, const char *), (t, p))
WRAP(rename, false, true, (const char *a, const char *b), T(const char *, const char *), (a, b))
WRAP(renameat2, false, true, (int d, const char *a, int e, const char *b, unsigned f),
     T(int, const char *, int, const char *, unsigned), (d, a, e, b, f))
WRAP(unlink, false, true, (const char *p), T(const char *), (p))
WRAP(unlinkat, false, true, (int d, const char *p, int f), T(int, const char *, int), (d, p, f))
WRAP(rmdir, false, true, (const char *p), T(const char *), (p))
WRAP(fsync, true, is_file(fd), (int fd), T(int), (fd))
WRAP(syncfs, true, true, (int fd), T(int), (fd))
WRAP(fchmod, false, true, (int fd, mode_t m), T(int, mode_t), (fd, m))
WRAP(futimens, false, true, (int fd, const struct timespec t[2]), T(int, const struct timespec *), (fd, t))
WRAP(ftruncate, false, is_file(fd), (int fd, off_t n), T(int, off_t), (fd, n))
/* clang-format on */

ssize_t
write(int fd, const void *data, size_t len)
{
	if (is_file(fd) && fails("write", true))
		return -1;
	return REAL(ssize_t, write, int, const void *, size_t)(fd, data, len);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	if (is_file(fd) && fails("pwrite", true))
		return -1;
	return REAL(ssize_t, pwrite, int, const void *, size_t, off_t)(fd, data, len, at);
}

static int
open_mode(int flags, va_list ap)
{
	return (flags & O_CREAT) != 0 ? va_arg(ap, int) : 0;
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = open_mode(flags, ap);
	va_end(ap);
	if ((flags & O_CREAT) != 0 && fails("open", true))
		return -1;
	return REAL(int, open, const char *, int, ...)(path, flags, mode);
}

int
openat(int dir, const char *path, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = open_mode(flags, ap);
	va_end(ap);
	if ((flags & O_CREAT) != 0 && fails("openat", true))
		return -1;
	return REAL(int, openat, int, const char *, int, ...)(dir, path, flags, mode);
}
