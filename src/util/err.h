/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_ERR_H
#define GV_UTIL_ERR_H

/*
 * The failure record.
 *
 * A struct gv_err lives on the caller's stack: it cannot leak and setting it cannot fail.
 * Functions that can fail take `struct gv_err *err` last (never NULL) and return -1 or NULL
 * with *err filled in; on success they leave it alone. A caller may add context with
 * gv_err_wrap() on the way up; only programs print (ui/msg.h).
 *
 * Messages are lower case, without a full stop, and quote their subject: cannot open 'x'.
 * Whatever bytes an argument holds, the stored text is safe for a terminal: it is valid
 * UTF-8 without control characters (text.h).
 */

#define GV_MUST_CHECK __attribute__((warn_unused_result))
#define GV_PRINTF(f, a) __attribute__((format(printf, f, a)))

enum gv_code {
	GV_OK = 0,
	GV_EFAIL,     /* anything without a code of its own */
	GV_EUSAGE,    /* the command line is wrong */
	GV_EFORMAT,   /* an input file, variable or reply is malformed */
	GV_ENOTFOUND, /* no such version, or not installed */
	GV_ENET,      /* the network or a server failed */
	GV_EPROOF,    /* verification failed: never fall through to another source */
	GV_EBUSY,     /* locked by another process */
	GV_EINTR,     /* the user interrupted */
	GV_EIO,       /* a system call on a local file failed */
	GV_ETOOBIG,   /* a size from outside exceeds its limit */
};

struct gv_err {
	enum gv_code code;
	int sys;         /* errno at the failing call, or 0 */
	char msg[1024];  /* what failed and where */
	char help[256];  /* what to do about it, or "" */
};

/* clang-format off */
#define GV_ERR_INIT { .code = GV_OK }
/* clang-format on */

/* Record a failure. Always returns -1, so that `return gv_err_set(...)` reads well. */
int gv_err_set(struct gv_err *err, enum gv_code code, const char *fmt, ...) GV_PRINTF(3, 4);

/* The same, with ": " and the text of the current errno appended. */
int gv_err_sys(struct gv_err *err, enum gv_code code, const char *fmt, ...) GV_PRINTF(3, 4);

/* Put "context: " before the message. Returns -1. */
int gv_err_wrap(struct gv_err *err, const char *fmt, ...) GV_PRINTF(2, 3);

/* Say what the user can do. Returns -1. */
int gv_err_help(struct gv_err *err, const char *fmt, ...) GV_PRINTF(2, 3);

/* Forget a failure that was handled. */
void gv_err_clear(struct gv_err *err);

#endif
