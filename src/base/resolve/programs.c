/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/programs.h"

#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"

/* The directory `levels` above the one that holds the running program. */
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

/* The program at `rest` below base_dir(), or NULL. */
static char *
find_from(unsigned levels, const char *rest, struct gv_err *err)
{
	gv_autofree char *dir = base_dir(levels, err);
	gv_autofree char *path = NULL;

	if (dir == NULL)
		return NULL;
	path = gv_path_join(dir, rest);
	return gv_path_is_program(path) ? gv_steal_ptr(&path) : NULL;
}

static char *
missing(const char *name, struct gv_err *err)
{
	if (err->code != GV_OK) { /* we do not even know where we are */
		gv_err_wrap(err, "cannot find the program '%s'", name);
		gv_err_help(err, "is /proc mounted?");
		return NULL;
	}
	gv_err_set(err, GV_EFAIL, "cannot find the program '%s'", name);
	gv_err_help(err, "install gover again: some of its files were moved or removed");
	return NULL;
}

/* The program at the configured place, or NULL. */
static char *
find_configured(const char *name)
{
	gv_autofree char *path = gv_path_join(GV_LIBEXECDIR, name);

	return gv_path_is_program(path) ? gv_steal_ptr(&path) : NULL;
}

char *
gv_program_core(struct gv_err *err)
{
	char *path = find_from(1, "libexec/gover/gover-core", err);

	if (path == NULL)
		path = find_from(0, "gover-core", err);
	if (path == NULL)
		path = find_configured("gover-core");
	return path != NULL ? path : missing("gover-core", err);
}

char *
gv_program_agent(struct gv_err *err)
{
	char *path = find_from(0, "gover-agent", err); /* gover-core, in the same directory, calls this */

	if (path == NULL)
		path = find_configured("gover-agent");
	return path != NULL ? path : missing("gover-agent", err);
}

char *
gv_program_gover(struct gv_err *err)
{
	char *path = find_from(0, "gover", err);

	if (path == NULL)
		path = find_from(2, "bin/gover", err);
	return path != NULL ? path : missing("gover", err);
}
