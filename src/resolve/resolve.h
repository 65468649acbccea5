/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_RESOLVE_H
#define GV_RESOLVE_RESOLVE_H

#include <stdbool.h>

#include "resolve/config.h"
#include "resolve/dirs.h"
#include "util/strv.h"
#include "version/request.h"

/*
 * Which Go: the first of the levels that speaks wins.
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
	char version[GV_VERSION_MAX]; /* the release to run, "system", or "" when nothing matches */
	bool installed;
	char request[GV_REQUEST_MAX]; /* what was asked: "1.22", "latest" */
	char *file;                   /* absolute, or NULL when no file decided */
	unsigned line;                /* from 1; 0 = none */
	char *goroot;                 /* sdks/go1.22.3; NULL for system and when not installed */
	struct gv_strv warnings;      /* only when asked for: ready to show */
	struct gv_strv trail;         /* only when asked for: each level and what it said, for `explain` */
};

struct gv_resolve_how {
	const char *argument; /* text after '+', or NULL */
	bool explain;         /* fill warnings and trail: reads more files, so never in a shim */
};

#define gv_autoresolution __attribute__((cleanup(gv_resolution_free)))

/*
 * Errors: GV_EFORMAT (exit 2) for a malformed file, as "FILE:LINE: ...", variable or argument;
 * GV_ENOTFOUND when no level speaks. A version that is not installed is no error here.
 */
int gv_resolve(struct gv_resolution *out, const struct gv_dirs *d, const struct gv_resolve_how *how,
	       struct gv_err *err) GV_MUST_CHECK;
void gv_resolution_free(struct gv_resolution *r);

/* The working directory: $PWD when it names the current directory, as in Go, else getcwd(). Caller frees. */
char *gv_working_dir(struct gv_err *err) GV_MUST_CHECK;

/* Write the default version file (checked by the grammar of .go-version). */
int gv_default_set(const struct gv_dirs *d, const char *text, struct gv_err *err) GV_MUST_CHECK;

/* The trimmed lines of a .go-version as requests' texts. Errors: GV_EFORMAT "FILE:LINE: ...". */
int gv_go_version_file(const char *path, struct gv_strv *requests, unsigned *first_line,
		       struct gv_err *err) GV_MUST_CHECK;

#endif
