/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_ERR_H
#define GV_UTIL_ERR_H

/*
 * How functions report errors.
 *
 * A struct gv_err lives on the caller's stack: it cannot leak, and setting it cannot fail.
 * A function that can fail takes `struct gv_err *err` (never NULL) as its last parameter. On failure it fills in *err
 * and returns -1 or NULL. On success it does not touch *err. Callers may add context with gv_err_wrap().
 * Only programs print errors (ui/msg.h).
 *
 * Messages are lower case, without a full stop, and quote their subject: cannot open 'x'.
 * The stored text is always safe for a terminal, whatever bytes the arguments hold: it is valid
 * UTF-8 without control characters (text.h).
 */

#define GV_MUST_CHECK   __attribute__((warn_unused_result))
#define GV_PRINTF(f, a) __attribute__((format(printf, f, a)))

enum gv_code {
	GV_OK = 0,
	GV_EFAIL,     /* any failure that has no code below */
	GV_EUSAGE,    /* the command line is wrong */
	GV_EFORMAT,   /* an input file, variable or reply is malformed */
	GV_ENOTFOUND, /* no such version, or not installed */
	GV_ENET,      /* the network or a server failed */
	GV_EPROOF,    /* verification failed: do not try another source */
	GV_EBUSY,     /* locked by another process */
	GV_EINTR,     /* interrupted by a signal */
	GV_EIO,       /* a system call on a local file failed */
	GV_ETOOBIG,   /* a size from outside exceeds its limit */
};

struct gv_err {
	enum gv_code code;
	int sys;        /* errno at the failing call, or 0 */
	char msg[1024]; /* what failed and where */
	char help[256]; /* what to do about it, or "" */
};

/* clang-format off */
#define GV_ERR_INIT { .code = GV_OK }
/* clang-format on */

/* Record a failure and remove any help text. Always returns -1, for `return gv_err_set(...)`. */
int gv_err_set(struct gv_err *err, enum gv_code code, const char *fmt, ...) GV_PRINTF(3, 4);

/* The same, and append ": " and the text of errno. err->sys is set to errno. */
int gv_err_sys(struct gv_err *err, enum gv_code code, const char *fmt, ...) GV_PRINTF(3, 4);

/* Put "context: " before the message. Returns -1. */
int gv_err_wrap(struct gv_err *err, const char *fmt, ...) GV_PRINTF(2, 3);

/* Add what the user can do about it. Call it after gv_err_set(). Returns -1. */
int gv_err_help(struct gv_err *err, const char *fmt, ...) GV_PRINTF(2, 3);

/* Reset *err after the failure was handled. */
void gv_err_clear(struct gv_err *err);

#endif
