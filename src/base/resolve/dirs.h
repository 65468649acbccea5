/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_DIRS_H
#define GV_RESOLVE_DIRS_H

#include "util/err.h"

/*
 * Where gover keeps its files. When GOVER_ROOT is set, everything is below it; it must be absolute.
 * Otherwise files are in "gover" below each XDG directory: data (sdks shims tools staging manifests),
 * config (config, default), cache (downloads index sumdb tiles), state (locks pins, log head). When HOME
 * is unset, the passwd file gives the home directory. None of these functions creates a directory.
 */
struct gv_dirs {
	char *data; /* parent of the next five */
	char *sdks; /* sdks/go1.22.3/ */
	char *shims;
	char *tools;
	char *staging;   /* same filesystem as sdks */
	char *manifests; /* manifests/go1.22.3 */
	char *config;    /* the settings file itself */
	char *def;       /* the file that holds the default version */
	char *cache;     /* parent of the next three */
	char *downloads;
	char *index; /* index/releases: the plain text of version/known.h; index/NAME.json */
	char *tiles; /* sumdb/<name>/...: verified tiles and lookups */
	char *state; /* parent of the next three */
	char *locks;
	char *pins;
	char *heads; /* sumdb/<name>/latest: the newest log head seen */
};

#define gv_autodirs __attribute__((cleanup(gv_dirs_release)))

/* Errors: GV_EUSAGE when GOVER_ROOT is relative or there is no home directory. */
int gv_dirs_init(struct gv_dirs *d, struct gv_err *err) GV_MUST_CHECK;
void gv_dirs_release(struct gv_dirs *d);

/* sdks/go<version>, or sdks/go<version>.<os>-<arch> for another platform; NULL means this one. Caller frees. */
char *gv_dirs_sdk(const struct gv_dirs *d, const char *version, const char *platform) GV_MUST_CHECK;

/* <index>/releases. Caller frees. */
char *gv_dirs_index_file(const struct gv_dirs *d) GV_MUST_CHECK;

/* This machine's platform as Go spells it: "linux-amd64". */
const char *gv_platform_host(void);

#endif
