/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_PUTFILE_H
#define GV_TESTS_PUTFILE_H

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/* A file of a test, with the directories above it. */
static inline void
put_file(const char *dir, const char *name, const char *text, mode_t mode)
{
	gv_autofree char *path = gv_path_join(dir, name), *parent = gv_xstrdup(path);
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_path_parent(parent) && gv_fs_mkdir_p(parent, &err) == 0 &&
		     gv_fs_replace(path, text, strlen(text), mode, &err) == 0,
		 "the file '%s': %s", path, err.msg);
}

#endif
