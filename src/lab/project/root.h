/* SPDX-License-Identifier: MIT */
#ifndef GV_PROJECT_ROOT_H
#define GV_PROJECT_ROOT_H

#include <stdbool.h>

#include "util/err.h"

/*
 * How far a project reaches, by the files in the directories above it. The cell gets a copy of all that, so other users of
 * this machine must not widen it:
 *
 * - A .git counts by git's own rule (safe.directory): the directory with it, the .git, and what a .git file leads to belong to
 *   the effective user; under sudo also to the user who called it. The repository in a home directory or in / never counts.
 * - A go.mod or go.work above counts like a gover.sum: not where anybody can write, if it is another user's. Root's counts,
 *   and so does that of the owner of the directory in which gover was started. One in that directory itself always does.
 */
struct gv_project_root {
	char *root; /* what is copied */
	char *top;  /* where modules are looked for: of the workspace, else of the module, else the directory itself */
	char *workspace; /* the go.work that governs, NULL: none */
	char *passed;    /* a repository around root that does not count, NULL: none */
	bool foreign;    /* because another user made it, not because a home directory is one */
};

/*
 * For the absolute directory `dir`. GOWORK is honoured, whoever owns the file. The caller releases it in any case. Errors:
 * GV_EUSAGE: a home directory, or /, without a go.mod or go.work.
 */
int gv_project_root_find(struct gv_project_root *r, const char *dir, struct gv_err *err) GV_MUST_CHECK;
void gv_project_root_release(struct gv_project_root *r);

#endif
