/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_SPAWN_H
#define GV_UTIL_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "util/err.h"
#include "util/tail.h"

/*
 * Start a program as a child process. All of gover starts programs this way.
 *
 * The program gets descriptors 0, 1 and 2 and those listed in `keep`. All others are closed in it, even those that we
 * inherited or opened without O_CLOEXEC. (A shim starts no child: it replaces itself with execv(2), and the program
 * keeps the descriptors that the shim's caller passed.)
 *
 *	pid_t pid;
 *	struct gv_spawn s = { .argv = argv, .in = GV_SPAWN_NULL, .out = pipe_fd[1], .err = GV_SPAWN_SHARE };
 *
 *	if (gv_spawn_start(&pid, &s, err) < 0)
 *		return -1;
 */
enum { GV_SPAWN_NULL = -1, GV_SPAWN_SHARE = -2 };

struct gv_spawn {
	char *const *argv; /* ends with NULL; argv[0] is a path, or a name to search for on the PATH of `envp` */
	char *const *envp; /* the whole environment; NULL: ours */
	const char *dir;   /* its working directory; NULL: ours */
	int in, out, err;  /* its 0, 1 and 2: a descriptor, GV_SPAWN_NULL (/dev/null), or GV_SPAWN_SHARE (ours) */
	const int *keep;   /* more descriptors, all above 2; they keep their numbers */
	size_t n_keep;
	/*
	 * Start it in a session of its own, so that a Ctrl-C at the terminal does not reach it. Every signal has its
	 * default action there.
	 */
	bool session;
	/* Send it a SIGTERM when the calling *thread* ends, also when we are killed. */
	bool ends_with_us;
	/*
	 * Called in the child after the descriptors are set and before the exec. May be NULL. It may only make
	 * async-signal-safe calls, because another thread may have held any lock at the fork. When it returns false and
	 * sets errno, the start fails with the message `prepare_what`.
	 */
	bool (*prepare)(void *arg);
	void *arg;
	const char *prepare_what; /* "cannot enter the control group" */
};

/*
 * Start a program. The caller must wait for `*pid`. Errors: GV_EIO when no process can be created. GV_EFAIL when the
 * program cannot be run; err->sys says why (ENOENT, EACCES …). After an error there is no child to wait for.
 */
int gv_spawn_start(pid_t *pid, const struct gv_spawn *s, struct gv_err *err) GV_MUST_CHECK;

/*
 * Wait for a child to end. `*status` is its exit status as in a shell: 128 + signal when a signal ended it. Passes on a
 * SIGTERM that gv_sig_catch() has caught. Errors: GV_EIO when `pid` is not our child.
 */
int gv_spawn_wait(pid_t pid, int *status, struct gv_err *err) GV_MUST_CHECK;

/* gv_spawn_start(), then gv_spawn_wait(). */
int gv_spawn_run(const struct gv_spawn *s, int *status, struct gv_err *err) GV_MUST_CHECK;

/*
 * Create an unnamed file that holds `data`, to be a program's input: unlike a pipe, it takes any amount of data before
 * the program reads it. Only a process that has the descriptor can read it. Returns the descriptor, with O_CLOEXEC and
 * at the start of the data, which the caller closes. Errors: GV_EIO.
 */
int gv_spawn_input(const void *data, size_t len, struct gv_err *err) GV_MUST_CHECK;

/* What a program printed, and how it ended. */
struct gv_said {
	char *out; /* its stdout, NUL-terminated; caller frees */
	size_t len;
	struct gv_tail tail; /* the end of its stderr */
	int status;          /* its exit status, as for gv_spawn_wait() */
};

/*
 * Run a program and read its output. `input` is its stdin (NULL: /dev/null). Its stdout is read to the end, and so is
 * its stderr unless `s.err` is GV_SPAWN_SHARE. Errors: those of gv_spawn_start(), GV_ETOOBIG when stdout has more than
 * `max` bytes, GV_EFAIL after `timeout_ms`, GV_EINTR. After an error the program is killed and already waited for.
 */
int gv_spawn_ask(struct gv_said *said, struct gv_spawn s, const char *input, size_t max, int timeout_ms,
		 struct gv_err *err) GV_MUST_CHECK;

#endif
