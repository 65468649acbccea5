/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/commit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/*
 * Put the new tree in place of an old one. If the file system cannot exchange two directories, the old one is removed
 * first, and for a moment there is none.
 */
static int
replace(const struct gv_dirs *d, struct gv_staging *staging, const char *sdk, struct gv_err *err)
{
	struct gv_staging old = GV_STAGING_INIT;
	struct stat st;

	if (renameat2(AT_FDCWD, staging->path, AT_FDCWD, sdk, RENAME_EXCHANGE) == 0) {
		/* The old tree is in staging now. */
		gv_staging_remove(staging);
		return 0;
	}
	if (lstat(sdk, &st) == 0 && !S_ISDIR(st.st_mode)) {
		if (unlink(sdk) < 0)
			return gv_err_sys(err, GV_EIO, "cannot remove '%s'", sdk);
	} else if (gv_staging_take(&old, d, sdk, err) < 0) {
		return -1;
	}
	if (rename(staging->path, sdk) < 0) {
		gv_err_sys(err, GV_EIO, "cannot move '%s' to '%s'", staging->path, sdk);
		if (old.path != NULL && rename(old.path, sdk) == 0)
			gv_staging_forget(&old);
		gv_staging_remove(&old);
		return -1;
	}
	gv_staging_remove(&old);
	gv_staging_forget(staging);
	return 0;
}

int
gv_commit(const struct gv_dirs *d, const char *name, struct gv_staging *staging, const struct gv_manifest *m,
	  struct gv_err *err)
{
	gv_autofree char *sdk = gv_path_join(d->sdks, name);
	gv_autofree char *manifest = gv_path_join(d->manifests, name);
	gv_autofree char *new_manifest = gv_xasprintf("%s" GV_MANIFEST_NEW, manifest);
	struct stat st;

	if (gv_manifest_write_new(m, d->manifests, name, err) < 0)
		goto fail;
	/* One sync for all files: with an fsync for each, an install takes five times as long. */
	if (syncfs(staging->fd) < 0) {
		gv_err_sys(err, GV_EIO, "cannot write '%s' to disk", staging->path);
		goto fail;
	}
	if (rename(new_manifest, manifest) < 0) {
		gv_err_sys(err, GV_EIO, "cannot write '%s'", manifest);
		goto fail;
	}
	if (lstat(sdk, &st) == 0) {
		if (replace(d, staging, sdk, err) < 0)
			return -1;
	} else {
		if (rename(staging->path, sdk) < 0)
			return gv_err_sys(err, GV_EIO, "cannot move '%s' to '%s'", staging->path, sdk);
		gv_staging_forget(staging);
	}
	if (gv_fs_sync_dir(d->sdks, err) < 0)
		return -1;
	return gv_fs_sync_dir(d->manifests, err);
fail:
	unlink(new_manifest);
	return -1;
}
