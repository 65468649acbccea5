/* SPDX-License-Identifier: MIT */
#ifndef GV_PROJECT_ROOT_H
#define GV_PROJECT_ROOT_H

#include <stdbool.h>

#include "util/err.h"

/*
 * How far a project reaches. Files in the directories above it decide that, and the cell gets a copy of all of it. So
 * another user of this machine must not be able to widen it with such a file:
 *
 * - A .git counts if git itself would trust it (safe.directory): the effective user owns the .git, the directory that
 *   holds it, and the directory that a .git file leads to. Under sudo the user who called it may own them, too. A
 *   repository in a home directory or in / never counts.
 * - A go.mod or go.work in the directory where gover was started always counts. One above it does not count if anybody
 *   can write to its directory and a stranger owns it: somebody who is neither the user, nor root, nor the owner of the
 *   directory where gover was started. The same holds for a gover.sum.
 */
struct gv_project_root {
	char *root;      /* the directory that is copied */
	char *top;       /* where modules are searched: the directory of the go.work, else of the go.mod, else `dir` */
	char *workspace; /* the go.work that applies; NULL: none */
	char *passed;    /* a repository around root that does not count; NULL: none */
	bool foreign;    /* why `passed` does not count: true: it is another user's; false: it is a home directory */
};

/*
 * Find it for the absolute directory `dir`. GOWORK is honoured, whoever owns the file. The caller releases `r`, after a
 * failure too. Errors: GV_EUSAGE for a home directory or / without a go.mod or go.work.
 */
int gv_project_root_find(struct gv_project_root *r, const char *dir, struct gv_err *err) GV_MUST_CHECK;
void gv_project_root_release(struct gv_project_root *r);

#endif
