/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/lock.h"
#include "store/private.h"
#include "store/staging.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

static int
make_dirs(const struct gv_dirs *d, struct gv_err *err)
{
	const char *const all[] = { d->sdks, d->staging, d->manifests, d->downloads, d->locks };

	for (size_t i = 0; i < GV_ARRAY_LEN(all); i++) {
		if (gv_fs_mkdir_p(all[i], err) == 0)
			continue;
		gv_err_help(
		    err, "set GOVER_ROOT to a directory that you can write to; gover then keeps everything below it");
		return -1;
	}
	return 0;
}

struct gv_store *
gv_store_open(const struct gv_dirs *d, const struct gv_config *c, struct gv_err *err)
{
	struct gv_store *s;

	if (make_dirs(d, err) < 0)
		return NULL;
	s = gv_xcalloc(1, sizeof(*s));
	pthread_mutex_init(&s->lock, NULL);
	s->dirs = d;
	s->config = c;
	return s;
}

void
gv_store_close(struct gv_store *s)
{
	if (s == NULL)
		return;
	if (s->origins != NULL)
		gv_origins_free(s->origins);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

struct gv_origins *
gv_store_origins(struct gv_store *s, struct gv_err *err)
{
	struct gv_origins *o;

	pthread_mutex_lock(&s->lock);
	if (s->origins == NULL)
		s->origins = gv_origins_new(s->config, s->dirs, err);
	o = s->origins;
	pthread_mutex_unlock(&s->lock);
	return o;
}

char *
gv_store_name(const struct gv_store *s, const char *version, const char *platform)
{
	gv_autofree char *path = gv_dirs_sdk(s->dirs, version, platform);

	return gv_xstrdup(gv_path_base(path));
}

int
gv_store_uninstall(struct gv_store *s, const char *version, const char *platform, struct gv_err *err)
{
	gv_autofree char *name = gv_store_name(s, version, platform);
	gv_autofree char *sdk = gv_path_join(s->dirs->sdks, name);
	gv_autofree char *manifest = gv_path_join(s->dirs->manifests, name);
	gv_autolock struct gv_lock lock = GV_LOCK_INIT;
	struct gv_staging old = GV_STAGING_INIT;
	struct stat st;

	if (gv_lock_take(&lock, s->dirs->locks, name, NULL, err) < 0)
		return -1;
	if (lstat(sdk, &st) < 0 && errno == ENOENT)
		return gv_err_set(err, GV_ENOTFOUND, "%s is not installed", name);
	if (!S_ISDIR(st.st_mode)) { /* adopted: remove only the link */
		if (unlink(sdk) < 0)
			return gv_err_sys(err, GV_EIO, "cannot remove '%s'", sdk);
	} else if (gv_staging_take(&old, s->dirs, sdk, err) < 0) {
		return -1;
	}
	unlink(manifest);
	gv_staging_remove(&old);
	return 0;
}
