/* SPDX-License-Identifier: MIT */
#ifndef GV_PROJECT_MODSET_H
#define GV_PROJECT_MODSET_H

#include "project/project.h"
#include "util/err.h"
#include "util/strv.h"

/*
 * The part of a module cache (go.dev/ref/mod, "Module cache") that a project may need: the whole build list, or more.
 * It has the module versions that these files name: the project's go.work and go.mod files, the go.mod files of
 * directories that replace modules, and, in turn, the go.mod file of each module version in the set. Of each module
 * version it has what the cache holds: the unpacked module, and the files that the go command reads without a download.
 */
struct gv_modset {
	struct gv_strv paths; /* below the module cache, sorted */
	char *key;            /* a hash of names and contents */
};

/*
 * Find the set; gv_modset_release() frees the contents. What the cache lacks is left out. Errors: GV_EIO and GV_EFORMAT
 * for a go.mod of the project that cannot be read.
 */
int gv_modset_find(struct gv_modset *s, const struct gv_project *p, const char *modcache,
		   struct gv_err *err) GV_MUST_CHECK;
void gv_modset_release(struct gv_modset *s);

#endif
