/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_PROJECT_H
#define GV_VALIDATE_PROJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"
#include "util/strv.h"
#include "version/version.h"

/*
 * The project under test, as its files describe it; nothing is run and nothing is written.
 *
 * root    what is copied into a cell: the top of the repository (nearest .git), else the workspace, else the module
 * modules a go.work's `use` list; else the nearest module and those below it (vendor, testdata, .x and _x left out)
 *
 * A directory without go.mod is a project of one module with an empty path: its cells end with class no-module.
 */
struct gv_module {
	char *dir;                   /* relative to root: "." or "sub/mod" */
	char *path;                  /* "example.com/m", "" when there is no go.mod */
	char go[GV_VERSION_MAX];     /* its go line, "" when there is none */
	bool vendored;               /* vendor/modules.txt is there, and go uses it: no workspace, go line 1.14 or later */
};

struct gv_project {
	char *root;                  /* absolute */
	char *workspace;             /* the go.work that governs, absolute; NULL: none */
	char go[GV_VERSION_MAX];     /* the highest go line among go.work and the modules, "" when there is none */
	struct gv_module *modules;
	size_t n;
};

#define gv_autoproject __attribute__((cleanup(gv_project_free)))

/* `dir` is absolute. GOWORK is honoured. Errors: GV_EFORMAT "FILE:LINE: ...". */
int gv_project_find(struct gv_project *p, const char *dir, struct gv_err *err) GV_MUST_CHECK;
void gv_project_free(struct gv_project *p);

/*
 * The versions to try when none were named: all lines of the governing .go-version when it has several, else the newest known
 * patch of each minor from the go line (1.16 when there is none, as the go command assumes) to the newest stable.
 * Ascending. `known`: candidates (version/known.h).
 */
int gv_project_versions(const struct gv_project *p, const char *dir, const struct gv_strv *known, struct gv_strv *out,
			struct gv_err *err) GV_MUST_CHECK;

#endif
