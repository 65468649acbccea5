/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_MSG_H
#define GV_UI_MSG_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * Messages on stderr. What decides about colour, in this order: --color, NO_COLOR, FORCE_COLOR or CLICOLOR_FORCE,
 * TERM=dumb, isatty.
 *
 *	gover: error: checksum mismatch for 'go1.22.3' ...
 *	help: the exact command
 *
 * Every message is made safe for a terminal (util/text.h) before we add our own colour.
 */
enum gv_color { GV_COLOR_AUTO, GV_COLOR_ALWAYS, GV_COLOR_NEVER };

/* Call this before the first message. `program` is borrowed; `verbose` is the number of -v options. */
void gv_msg_setup(const char *program, enum gv_color color, bool quiet, int verbose);
bool gv_msg_color(int fd); /* whether to colour this stream */
bool gv_msg_quiet(void);
int gv_msg_verbose(void); /* the number of -v options */

/* Print an error and its help, each on a line of its own. */
void gv_msg_error(const struct gv_err *err);
/* Print it and return its exit status, so that a command can end with `return gv_msg_fail(&err);`. */
int gv_msg_fail(const struct gv_err *err);
/* Print an error from a format; `help` may be NULL. */
void gv_msg_errorf(const char *help, const char *fmt, ...) GV_PRINTF(2, 3);
void gv_msg_warn(const char *fmt, ...) GV_PRINTF(1, 2);
void gv_msg_info(const char *fmt, ...) GV_PRINTF(1, 2);  /* silent with -q */
void gv_msg_debug(const char *fmt, ...) GV_PRINTF(1, 2); /* only with -v */

/*
 * While `print` is set, every message goes to it, as whole lines, instead of stderr. The progress display uses
 * this, because it must make room for messages. NULL ends it.
 */
void gv_msg_divert(void (*print)(void *arg, const char *text, size_t len), void *arg);

#endif
