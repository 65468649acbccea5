/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_MODSET_H
#define GV_VALIDATE_MODSET_H

#include "util/err.h"
#include "util/strv.h"
#include "validate/project.h"

/*
 * What a project can need of a module cache (go.dev/ref/mod, "Module cache"), for an engine that is sent a copy: of every module and
 * version that is named by the go.mod files of the project, its go.work, or the go.mod of another one in the set, what the
 * cache has: the files that the go command reads when nothing is downloaded, and the unpacked module. That is more than the
 * build list, and never less.
 */
struct gv_modset {
	struct gv_strv paths; /* below the module cache, sorted */
	char *key;            /* the hash of names and contents: another content has another key */
};

/* Errors: GV_EIO, GV_EFORMAT for a go.mod of the project that cannot be read; what the cache lacks is left out. */
int gv_modset_find(struct gv_modset *s, const struct gv_project *p, const char *modcache, struct gv_err *err) GV_MUST_CHECK;
void gv_modset_free(struct gv_modset *s);

#endif
