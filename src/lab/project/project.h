/* SPDX-License-Identifier: MIT */
#ifndef GV_PROJECT_PROJECT_H
#define GV_PROJECT_PROJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"
#include "util/strv.h"
#include "version/version.h"

/*
 * The project under test, as its files describe it. These functions run nothing and write nothing.
 *
 * root    what is copied into a cell: the top of the repository (nearest .git), else the workspace, else the module;
 *         project/root.h says which files of other users count
 * modules a go.work's `use` list; else the nearest module and those below it (vendor, testdata, .x and _x left out)
 *
 * A directory without go.mod is a project of one module with an empty path. Its cells end with class no-module.
 */
struct gv_module {
	char *dir;               /* relative to root: "." or "sub/mod" */
	char *path;              /* "example.com/m", "" when there is no go.mod */
	char go[GV_VERSION_MAX]; /* its go line, "" when there is none */
	/* vendor/modules.txt exists and go uses it: no workspace, go line 1.14 or later */
	bool vendored;
};

struct gv_project {
	char *root;              /* absolute */
	char *workspace;         /* the go.work that applies, absolute; NULL: none */
	char go[GV_VERSION_MAX]; /* the highest go line among go.work and the modules, "" when there is none */
	struct gv_module *modules;
	size_t n;
	bool leaves; /* a replace directive of a module leads out of root */
	char *note;  /* for the user: why a repository around root is not copied; NULL: nothing to say */
};

#define gv_autoproject __attribute__((cleanup(gv_project_release)))

/*
 * Find the project of `dir`, which is absolute; gv_project_release() frees the contents. GOWORK is honoured. A line of
 * go.mod or go.work that we cannot parse is no error, because the Go under test judges it. Errors: GV_EUSAGE (no
 * project, or too large a tree), GV_ETOOBIG, and those of gv_fs_read().
 */
int gv_project_find(struct gv_project *p, const char *dir, struct gv_err *err) GV_MUST_CHECK;
void gv_project_release(struct gv_project *p);

/*
 * Append the versions to try when the user named none, in ascending order. If the .go-version that applies has several
 * lines, these are the versions. Otherwise take the newest known patch of each minor, from the go line (1.16 without
 * one, as the go command assumes) to the newest stable version. `known`: candidates (version/known.h).
 */
int gv_project_versions(const struct gv_project *p, const char *dir, const struct gv_strv *known, struct gv_strv *out,
			struct gv_err *err) GV_MUST_CHECK;

#endif
