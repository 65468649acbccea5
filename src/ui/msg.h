/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_MSG_H
#define GV_UI_MSG_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * Talk, on stderr. Colour by --color > NO_COLOR > FORCE_COLOR/CLICOLOR_FORCE > TERM=dumb > isatty.
 *
 *	gover: error: checksum mismatch for 'go1.22.3' ...
 *	help: the exact command
 *
 * Everything printed is cleaned of control bytes (util/text.h) unless it is our own colour.
 */
enum gv_color { GV_COLOR_AUTO, GV_COLOR_ALWAYS, GV_COLOR_NEVER };

void gv_msg_setup(const char *program, enum gv_color color, bool quiet, int verbose);
bool gv_msg_color(int fd); /* whether to colour this stream */
bool gv_msg_quiet(void);
int gv_msg_verbose(void); /* how many -v */

void gv_msg_error(const struct gv_err *err);
/* Print it; returns its exit status: `return gv_msg_fail(&err);` ends a command. */
int gv_msg_fail(const struct gv_err *err);
void gv_msg_errorf(const char *help, const char *fmt, ...) GV_PRINTF(2, 3);
void gv_msg_warn(const char *fmt, ...) GV_PRINTF(1, 2);
void gv_msg_info(const char *fmt, ...) GV_PRINTF(1, 2);  /* silent with -q */
void gv_msg_debug(const char *fmt, ...) GV_PRINTF(1, 2); /* only with -v */

/*
 * While `print` is set it prints every message instead (whole lines): what draws on the terminal must get
 * out of their way. NULL ends that.
 */
void gv_msg_divert(void (*print)(void *arg, const char *text, size_t len), void *arg);

#endif
