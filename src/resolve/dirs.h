/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_DIRS_H
#define GV_RESOLVE_DIRS_H

#include "util/err.h"

/*
 * Where gover keeps things. GOVER_ROOT holds all of it when set (it must be absolute); otherwise XDG:
 * data (sdks shims tools staging manifests), config (config, default), cache (downloads index sumdb
 * tiles), state (locks pins, log head), each with "gover" below the XDG directory. HOME missing: the
 * home directory of the passwd file; neither: an error that names GOVER_ROOT.
 * Nothing is created here.
 */
struct gv_dirs {
	char *data; /* base of the next five */
	char *sdks; /* sdks/go1.22.3/ */
	char *shims;
	char *tools;
	char *staging;   /* same filesystem as sdks */
	char *manifests; /* manifests/go1.22.3 */
	char *config;    /* the settings file itself */
	char *def;       /* the file that holds the default version */
	char *cache;     /* base of the next three */
	char *downloads;
	char *index; /* index/releases: plain text of version/known.h; index/NAME.json */
	char *tiles; /* sumdb/<name>/...: validated tiles and lookups */
	char *state; /* base of the next three */
	char *locks;
	char *pins;
	char *heads; /* sumdb/<name>/latest: the newest log head seen */
};

#define gv_autodirs __attribute__((cleanup(gv_dirs_free)))

/* Errors: GV_EUSAGE, naming the variable. */
int gv_dirs_init(struct gv_dirs *d, struct gv_err *err) GV_MUST_CHECK;
void gv_dirs_free(struct gv_dirs *d);

/* sdks/go<version>, or sdks/go<version>.<os>-<arch> for another platform (NULL = this one). Caller frees. */
char *gv_dirs_sdk(const struct gv_dirs *d, const char *version, const char *platform) GV_MUST_CHECK;

/* <index>/releases. Caller frees. */
char *gv_dirs_index_file(const struct gv_dirs *d) GV_MUST_CHECK;

/* This machine's platform as Go spells it: "linux-amd64". */
const char *gv_platform_host(void);

#endif
