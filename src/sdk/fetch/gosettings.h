/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_GOSETTINGS_H
#define GV_FETCH_GOSETTINGS_H

#include <stddef.h>

#include "resolve/dirs.h"
#include "util/strv.h"

/*
 * Go settings as the go command reads them (src/cmd/go/internal/cfg). The first of these that sets it wins: the
 * environment variable, if not empty; the file of `go env -w` ($GOENV, "off" for none, else "go/env" in the user's
 * configuration directory); go.env of the first Go on PATH that is not gover's. Unreadable files are skipped.
 */
struct gv_gosettings {
	char *goproxy;       /* gover's setting; used instead of GOPROXY where shims would set it */
	struct gv_strv user; /* "KEY=VALUE" lines */
	struct gv_strv goroot;
};

/* Read the settings; gv_gosettings_release() frees the contents. `goproxy` is gover's setting, "" when not set. */
void gv_gosettings_init(struct gv_gosettings *g, const struct gv_dirs *d, const char *goproxy);
void gv_gosettings_release(struct gv_gosettings *g);

/* A setting, "" when unset. GONOPROXY and GONOSUMDB fall back to GOPRIVATE. Borrowed. */
const char *gv_gosettings_get(const struct gv_gosettings *g, const char *name);

/*
 * Append to `out` the lines that start with a capital and hold a '='. Nothing is unquoted or trimmed. The last line of
 * a name wins. For tests.
 */
void gv_gosettings_parse(struct gv_strv *out, const char *text, size_t len);

#endif
