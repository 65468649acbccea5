/* SPDX-License-Identifier: MIT */
#ifndef GV_PROJECT_MODSET_H
#define GV_PROJECT_MODSET_H

#include "project/project.h"
#include "util/err.h"
#include "util/strv.h"

/*
 * The part of a module cache (go.dev/ref/mod, "Module cache") that a project may need. It has every module version that
 * the project's go.work or go.mod files name, or the go.mod of a directory that replaces a module, and, in turn, each that
 * the go.mod files of these modules name. Of each it has what the cache holds: the unpacked module and the files that the go command
 * reads without a download. This is the whole build list or more.
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
