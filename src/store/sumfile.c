/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/sumfile.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "verify/gosum.h"

int
gv_sumfile_find(struct gv_sumfile_pin *out, const char *dir, const char *module, const char *version,
		struct gv_err *err)
{
	gv_autofree char *at = gv_xstrdup(dir);
	gv_autofree char *path = gv_path_join(at, GV_SUMFILE_NAME);
	gv_autogosum struct gv_gosum sums = { 0 };
	const struct gv_gosum_line *line;

	while (!gv_fs_exists(path)) {
		if (!gv_path_parent(at))
			return 0;
		free(path);
		path = gv_path_join(at, GV_SUMFILE_NAME);
	}
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
