/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/place.h"
#include "net/url.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

/* https://go.dev/dl/FILE redirects to https://dl.google.com/go/FILE, but not for FILE.sha256. */
#define OFFICIAL_BASE     "https://go.dev/dl"
#define OFFICIAL_SIDECARS "https://dl.google.com/go"
#define SIDECAR_MAX       ((size_t)4096)

/* Read the index once per origin. Without a usable index, the .sha256 file beside the archive is used. */
static int
load_index(struct gv_origins *o, struct gv_origin *g, struct gv_http *h, struct gv_err *err)
{
	int rc = 0;

	pthread_mutex_lock(&o->mutex);
	if (g->index_state == GV_INDEX_UNREAD) {
		struct gv_err e = GV_ERR_INIT;

		if (gv_index_load(&g->index, h, g->base, o->index_dir, false, &e) == 0) {
			g->index_state = GV_INDEX_READ;
		} else if (e.code == GV_ENOTFOUND || e.code == GV_EFORMAT) {
			g->index_state = GV_INDEX_ABSENT;
		} else {
			*err = e;
			rc = -1;
		}
	}
	pthread_mutex_unlock(&o->mutex);
	return rc;
}

/* Reads "64 hex digits". A file name may follow, as sha256sum writes it. */
static char *
parse_sidecar(const char *text)
{
	size_t n = strspn(text, "0123456789abcdef");

	return n == 64 && (text[n] == '\0' || isspace((unsigned char)text[n])) ? gv_xstrndup(text, n) : NULL;
}

/* The publisher's hash from the .sha256 file. *sha256 stays NULL when neither that file nor the index has one. */
static int
ask_sidecar(const struct gv_origin *g, struct gv_http *h, const char *dir, const char *filename, char **sha256,
	    struct gv_err *err)
{
	gv_autofree char *name = gv_xasprintf("%s.sha256", filename), *text = NULL;
	size_t len = 0;

	if (gv_place_get(h, strcmp(dir, OFFICIAL_BASE) == 0 ? OFFICIAL_SIDECARS : dir, name, SIDECAR_MAX, &text, &len,
			 err) < 0) {
		if (err->code != GV_ENOTFOUND || g->index_state == GV_INDEX_READ)
			return -1;
		gv_err_clear(err);
		return 0;
	}
	*sha256 = parse_sidecar(text);
	if (*sha256 == NULL)
		return gv_err_set(err, GV_EFORMAT, "'%s/%s' holds no SHA-256", dir, name);
	return 0;
}

/* A directory has its files beside the index or in dl/. */
static char *
file_dir(const char *base, const char *filename)
{
	gv_autofree char *below = NULL;

	if (base[0] != '/')
		return gv_xstrdup(base);
	below = gv_xasprintf("%s/dl/%s", base, filename);
	return gv_fs_exists(below) ? gv_xasprintf("%s/dl", base) : gv_xstrdup(base);
}

/* The file name of a release. On linux it says armv6l for GOARCH arm. */
static char *
archive_name(const char *version, const char *goos, const char *goarch)
{
	const char *arch = strcmp(goos, "linux") == 0 && strcmp(goarch, "arm") == 0 ? "armv6l" : goarch;

	return gv_xasprintf("go%s.%s-%s.%s", version, goos, arch, strcmp(goos, "windows") == 0 ? "zip" : "tar.gz");
}

int
gv_golang_find(struct gv_origins *o, struct gv_origin *g, struct gv_http *h, const char *version, const char *platform,
	       struct gv_download *out, struct gv_err *err)
{
	const char *goarch = strchr(platform, '-') + 1;
	gv_autofree char *goos = gv_xstrndup(platform, (size_t)(goarch - 1 - platform));
	gv_autofree char *filename = NULL, *dir = NULL, *sha256 = NULL;
	const struct gv_index_file *f = NULL;

	if (load_index(o, g, h, err) < 0)
		return -1;
	if (g->index_state == GV_INDEX_READ)
		f = gv_index_find(&g->index, version, goos, goarch);
	filename = f != NULL ? gv_xstrdup(f->filename) : archive_name(version, goos, goarch);
	dir = file_dir(g->base, filename);
	if (f != NULL && f->sha256 != NULL)
		sha256 = gv_xstrdup(f->sha256);
	else if (f == NULL && ask_sidecar(g, h, dir, filename, &sha256, err) < 0) {
		if (err->code != GV_ENOTFOUND)
			return -1;
		gv_autofree char *shown = gv_url_shown(g->base);
		return gv_err_set(err, GV_ENOTFOUND, "'%s' has no go%s for %s/%s", shown, version, goos, goarch);
	}
	out->kind = strcmp(goos, "windows") == 0 ? GV_ARCHIVE_ZIP : GV_ARCHIVE_TAR_GZ;
	out->url = gv_xasprintf("%s/%s", dir, filename);
	out->prefix = gv_xstrdup("go/");
	out->official = sha256 != NULL && strcmp(g->base, OFFICIAL_BASE) == 0;
	out->sha256 = gv_steal_ptr(&sha256);
	out->size = f != NULL ? f->size : -1;
	return 0;
}
