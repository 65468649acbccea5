/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/programs.h"

#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/* The directory `levels` above the running program's own. */
static char *
base_dir(unsigned levels, struct gv_err *err)
{
	gv_autofree char *dir = gv_path_self(err);

	if (dir == NULL)
		return NULL;
	for (unsigned i = 0; i <= levels; i++)
		if (!gv_path_parent(dir))
			break;
	return gv_steal_ptr(&dir);
}

/* A program at `rest` below that directory, or NULL. */
static char *
find_from(unsigned levels, const char *rest, struct gv_err *err)
{
	gv_autofree char *dir = base_dir(levels, err);
	gv_autofree char *path = NULL;

	if (dir == NULL)
		return NULL;
	path = gv_path_join(dir, rest);
	return gv_fs_is_program(path) ? gv_steal_ptr(&path) : NULL;
}

static char *
missing(const char *name, struct gv_err *err)
{
	if (err->code != GV_OK) { /* it cannot even tell where itself is */
		gv_err_wrap(err, "cannot find the program '%s'", name);
		gv_err_help(err, "is /proc mounted?");
		return NULL;
	}
	gv_err_set(err, GV_EFAIL, "cannot find the program '%s'", name);
	gv_err_help(err, "install gover again: its files were moved apart");
	return NULL;
}

char *
gv_program_core(struct gv_err *err)
{
	char *path = find_from(1, "libexec/gover/gover-core", err);

	if (path == NULL)
		path = find_from(0, "gover-core", err);
	if (path == NULL && gv_fs_is_program(GV_LIBEXECDIR "/gover-core"))
		path = gv_xstrdup(GV_LIBEXECDIR "/gover-core");
	return path != NULL ? path : missing("gover-core", err);
}

char *
gv_program_gover(struct gv_err *err)
{
	char *path = find_from(0, "gover", err);

	if (path == NULL)
		path = find_from(2, "bin/gover", err);
	return path != NULL ? path : missing("gover", err);
}
