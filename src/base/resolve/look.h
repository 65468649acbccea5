/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_LOOK_H
#define GV_RESOLVE_LOOK_H

#include "resolve/resolve.h"
#include "version/request.h"

/* The input and the output of a level. */

/* The version that one level asks for. */
struct gv_ask {
	enum gv_level level;
	struct gv_request request;
	char asked[GV_REQUEST_MAX]; /* as written; for a go line "1.22.3", `request` is the range "~1.22.3" */
	char *file;                 /* absolute, or NULL */
	unsigned line;
	bool floor; /* it is a minimum, from a go line */
};

#define gv_autoask __attribute__((cleanup(gv_ask_release)))
/* Free the contents, not `a`. */
void gv_ask_release(struct gv_ask *a);

/* The input, which all levels share. */
struct gv_look {
	const struct gv_dirs *d;
	const struct gv_resolve_how *how;
	char *wd; /* set by the first gv_look_dir() */
};

#define gv_autolook __attribute__((cleanup(gv_look_release)))
/* Free the contents, not `look`. */
void gv_look_release(struct gv_look *look);

/* The directory to select for, borrowed; NULL on failure. */
const char *gv_look_dir(struct gv_look *look, struct gv_err *err);

#endif
