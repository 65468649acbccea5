/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_GOENV_H
#define GV_FETCH_GOENV_H

#include <stddef.h>

#include "resolve/dirs.h"
#include "util/strv.h"

/*
 * Go settings as the go command reads them (src/cmd/go/internal/cfg): a variable that is set and not empty,
 * then the file of `go env -w` ($GOENV, "off" for none, else the user's configuration directory + "/go/env"),
 * then go.env of the first Go on PATH that is not gover's. Files that cannot be read are not there.
 */
struct gv_goenv {
	char *goproxy;       /* gover's setting, takes GOPROXY's place where shims would set it */
	struct gv_strv user; /* "KEY=VALUE" lines */
	struct gv_strv goroot;
};

/* `goproxy` is "" when not set. */
void gv_goenv_init(struct gv_goenv *g, const struct gv_dirs *d, const char *goproxy);
void gv_goenv_free(struct gv_goenv *g);

/* "" when unset; GONOPROXY and GONOSUMDB fall back to GOPRIVATE. Borrowed. */
const char *gv_goenv_get(const struct gv_goenv *g, const char *name);

/*
 * The lines that count: a capital first, a '='; nothing is unquoted or trimmed, the last of a name wins.
 */
void gv_goenv_parse(struct gv_strv *out, const char *text, size_t len);

#endif
