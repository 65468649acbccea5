/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_RESOLVE_H
#define GV_RESOLVE_RESOLVE_H

#include <stdbool.h>

#include "resolve/config.h"
#include "resolve/dirs.h"
#include "util/strv.h"
#include "version/request.h"

/*
 * Which Go to run. The first level that names a version wins.
 * Data flows: environment, /proc and files -> gv_resolve() -> struct gv_resolution -> shim or command.
 */
enum gv_level {
	GV_LEVEL_ARGUMENT, /* go +1.22.3 */
	GV_LEVEL_ENV,      /* GOVER_VERSION */
	GV_LEVEL_PIN,      /* gover use */
	GV_LEVEL_SESSION,  /* GOVER_SESSION */
	GV_LEVEL_GO_VERSION,
	GV_LEVEL_TOOL_VERSIONS,
	GV_LEVEL_GO_WORK,
	GV_LEVEL_GO_MOD,
	GV_LEVEL_DEFAULT,
	GV_LEVEL_SYSTEM,
};

/* "argument", "env", "pin", "session", "go-version", "tool-versions", "go.work", "go.mod", "default", "system" */
const char *gv_level_name(enum gv_level level);

struct gv_resolution {
	enum gv_level level;
	char version[GV_VERSION_MAX]; /* the release to run, "system", or "" when no known release matches */
	bool installed;
	char request[GV_REQUEST_MAX]; /* as written: "1.22", "latest" */
	char *file;                   /* absolute; NULL when no file decided */
	unsigned line;                /* from 1; 0: none */
	char *goroot;                 /* sdks/go1.22.3; NULL for "system" and when not installed */
	struct gv_strv warnings;      /* ready to print; filled only with how->explain */
	struct gv_strv trail;         /* a line for each level; filled only with how->explain */
};

struct gv_resolve_how {
	const char *argument; /* text after '+', or NULL */
	const char *dir;      /* select for this directory; NULL, or not there: the working directory */
	bool explain;         /* fill warnings and trail; too slow for a shim, because it reads more files */
};

#define gv_autoresolution __attribute__((cleanup(gv_resolution_release)))

/*
 * Find the version to run here. A version that is not installed is no error. Errors: GV_EFORMAT for a
 * malformed file ("FILE:LINE: ..."), variable or argument; GV_ENOTFOUND when no level names a version.
 */
int gv_resolve(struct gv_resolution *out, const struct gv_dirs *d, const struct gv_resolve_how *how,
	       struct gv_err *err) GV_MUST_CHECK;
void gv_resolution_release(struct gv_resolution *r);

/* The working directory: $PWD when that names it, as in Go, otherwise getcwd(). Caller frees. */
char *gv_working_dir(struct gv_err *err) GV_MUST_CHECK;

/* Write the file with the default version. `text` must follow the grammar of .go-version. */
int gv_default_set(const struct gv_dirs *d, const char *text, struct gv_err *err) GV_MUST_CHECK;

/*
 * Append the requests of a .go-version, as trimmed text. *first_line is the number of the first one's line. Errors:
 * GV_EFORMAT ("FILE:LINE: ...").
 */
int gv_go_version_file(const char *path, struct gv_strv *requests, unsigned *first_line,
		       struct gv_err *err) GV_MUST_CHECK;

#endif
