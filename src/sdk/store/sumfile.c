/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/sumfile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "verify/gosum.h"

/* Look at a link's own owner, not its target's: whoever made the link chose the target. */
static bool
is_foreign(const char *dir, const char *path)
{
	struct stat file, parent;

	if (lstat(path, &file) < 0 || stat(dir, &parent) < 0)
		return true; /* the file was just removed, so there is nothing to read */
	return (parent.st_mode & S_IWOTH) != 0 && file.st_uid != geteuid() && file.st_uid != 0;
}

/* The nearest file that is used, or with `foreign` the nearest ignored one; NULL: none. */
static char *
nearest(const char *dir, bool foreign)
{
	gv_autofree char *at = gv_xstrdup(dir);

	do {
		gv_autofree char *path = gv_path_join(at, GV_SUMFILE_NAME);

		if (gv_fs_exists(path) && is_foreign(at, path) == foreign)
			return gv_steal_ptr(&path);
		/* Files further up would not be used anyway, so they do not count as ignored. */
		if (foreign && gv_fs_exists(path))
			return NULL;
	} while (gv_path_parent(at));
	return NULL;
}

int
gv_sumfile_find(struct gv_sumfile_pin *out, const char *dir, const char *module, const char *version,
		struct gv_err *err)
{
	gv_autofree char *path = nearest(dir, false);
	gv_autogosum struct gv_gosum sums = { 0 };
	const struct gv_gosum_line *line;

	if (path == NULL)
		return 0;
	if (gv_gosum_load(&sums, path, err) < 0)
		return -1;
	line = gv_gosum_find(&sums, module, version);
	if (line == NULL)
		return 0;
	memcpy(out->h1, line->h1, sizeof(out->h1));
	out->line = line->line;
	out->file = gv_steal_ptr(&path);
	return 1;
}

char *
gv_sumfile_ignored(const char *dir)
{
	return nearest(dir, true);
}
