/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/origin.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/place.h"
#include "net/url.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "version/version.h"

#define TOOLCHAIN "golang.org/toolchain"

void
gv_download_release(struct gv_download *d)
{
	free(d->url);
	free(d->shown);
	free(d->module);
	free(d->modversion);
	free(d->prefix);
	free(d->sha256);
	memset(d, 0, sizeof(*d));
}

/* Takes ownership of `base`. */
static void
add(struct gv_origins *o, enum gv_origin_kind kind, const char *name, char *base, bool any_error)
{
	struct gv_origin *e;

	o->v = gv_xreallocarray(o->v, o->n + 1, sizeof(*o->v));
	e = &o->v[o->n++];
	memset(e, 0, sizeof(*e));
	e->kind = kind;
	e->name = name;
	e->base = base;
	e->any_error = any_error;
	for (size_t n = base != NULL ? strlen(base) : 0; n > 1 && base[n - 1] == '/'; n--)
		base[n - 1] = '\0';
}

static int
add_golang(struct gv_origins *o, const char *url, bool any_error, struct gv_err *err)
{
	gv_autourl struct gv_url u = { 0 };
	char *path = NULL;

	if (url[0] == '/')
		path = gv_xstrdup(url);
	else if (strncmp(url, "file:", 5) != 0 && gv_url_parse(&u, url, err) < 0)
		return gv_err_wrap(err, "setting 'golang_url'");
	else if (strncmp(url, "file:", 5) == 0 && (path = gv_file_url_path(url)) == NULL)
		return gv_err_set(err, GV_EUSAGE, "setting 'golang_url': '%s' is not of the form file:///directory",
				  url);
	add(o, GV_ORIGIN_GOLANG, "golang", path != NULL ? path : gv_xstrdup(url), any_error);
	return 0;
}

/* Add the list in GOPROXY. "direct" is the publisher's own site. */
static int
add_goproxy(struct gv_origins *o, const char *golang_url, struct gv_err *err)
{
	struct gv_places places = { 0 };
	const char *list = gv_gosettings_get(&o->env, "GOPROXY");
	int rc = 0;

	if (list[0] == '\0' || gv_goproxy_match(gv_gosettings_get(&o->env, "GONOPROXY"), TOOLCHAIN))
		return add_golang(o, golang_url, true, err);
	if (gv_goproxy_parse(&places, list, err) < 0)
		return -1;
	for (size_t i = 0; i < places.n && rc == 0; i++) {
		struct gv_place *p = &places.v[i];

		switch (p->kind) {
		case GV_PLACE_URL:
		case GV_PLACE_DIR:
			add(o, GV_ORIGIN_PROXY, "goproxy", gv_steal_ptr(&p->base), p->any_error);
			break;
		case GV_PLACE_DIRECT:
			rc = add_golang(o, golang_url, true, err);
			break;
		case GV_PLACE_OFF:
			add(o, GV_ORIGIN_OFF, "goproxy", gv_xstrdup("GOPROXY=off"), false);
			break;
		}
	}
	gv_places_release(&places);
	return rc;
}

static void
add_directory(struct gv_origins *o, const char *dir)
{
	gv_autofree char *modules = gv_path_join(dir, TOOLCHAIN "/@v");

	if (gv_fs_is_dir(modules))
		add(o, GV_ORIGIN_PROXY, "directory", gv_xstrdup(dir), true);
	else
		add(o, GV_ORIGIN_GOLANG, "directory", gv_xstrdup(dir), true);
}

static int
add_source(struct gv_origins *o, const char *source, const char *golang_url, struct gv_err *err)
{
	size_t before = o->n;

	if (strcmp(source, "auto") == 0 || strcmp(source, "goproxy") == 0) {
		if (add_goproxy(o, golang_url, err) < 0)
			return -1;
	} else if (strcmp(source, "golang") == 0) {
		if (add_golang(o, golang_url, true, err) < 0)
			return -1;
	} else if (strcmp(source, "toolcache") == 0) {
		const char *dir = getenv("RUNNER_TOOL_CACHE");

		if (dir != NULL && dir[0] == '/')
			add(o, GV_ORIGIN_TOOLCACHE, "toolcache", gv_path_join(dir, "go"), true);
	} else if (strcmp(source, "off") == 0) {
		add(o, GV_ORIGIN_OFF, "off", gv_xstrdup("the setting 'sources'"), false);
	} else if (source[0] == '/') {
		add_directory(o, source);
	} else {
		return gv_err_set(err, GV_EUSAGE, "setting 'sources': unknown source '%s'", source);
	}
	/* GOPROXY's rules hold only inside its list. After it, the next source may be tried on any failure. */
	if (o->n > before && o->v[o->n - 1].kind != GV_ORIGIN_OFF)
		o->v[o->n - 1].any_error = true;
	return 0;
}

struct gv_origins *
gv_origins_new(const struct gv_config *c, const struct gv_dirs *d, struct gv_err *err)
{
	struct gv_origins *o = gv_xcalloc(1, sizeof(*o));
	const char *golang_url = gv_config_get(c, "golang_url"), *s = gv_config_get(c, "sources"), *end;

	pthread_mutex_init(&o->mutex, NULL);
	o->index_dir = gv_xstrdup(d->index);
	gv_gosettings_init(&o->env, d, gv_config_get(c, "goproxy"));
	for (end = s; *end != '\0'; s = end + 1) {
		gv_autofree char *source = NULL;

		end = s + strcspn(s, ",");
		source = gv_list_entry(s, (size_t)(end - s));
		if (add_source(o, source, golang_url, err) < 0) {
			gv_origins_free(o);
			return NULL;
		}
	}
	return o;
}

void
gv_origins_free(struct gv_origins *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < o->n; i++) {
		free(o->v[i].base);
		gv_index_release(&o->v[i].index);
	}
	free(o->v);
	free(o->index_dir);
	gv_gosettings_release(&o->env);
	pthread_mutex_destroy(&o->mutex);
	free(o);
}

const char *
gv_origins_goenv(const struct gv_origins *o, const char *name)
{
	return gv_gosettings_get(&o->env, name);
}

static int
proxy_find(const struct gv_origin *e, struct gv_download *out, struct gv_err *err)
{
	out->kind = GV_ARCHIVE_ZIP;
	out->url = gv_xasprintf("%s/" TOOLCHAIN "/@v/%s.zip", e->base, out->modversion);
	out->prefix = gv_xasprintf(TOOLCHAIN "@%s/", out->modversion);
	if (out->url[0] == '/' && !gv_fs_exists(out->url))
		return gv_err_set(err, GV_ENOTFOUND, "'%s' does not exist", out->url);
	return 0;
}

/* actions/setup-go's layout: go/1.22.3/x64, and a file x64.complete beside it. Versions always have three numbers. */
static int
toolcache_find(const struct gv_origin *e, const char *version, const char *platform, struct gv_download *out,
	       struct gv_err *err)
{
	const char *arch = strcmp(platform, "linux-amd64") == 0   ? "x64"
			   : strcmp(platform, "linux-arm64") == 0 ? "arm64"
								  : NULL;
	const char *dot = strchr(version, '.');
	const char *zero = dot == NULL ? ".0.0" : strchr(dot + 1, '.') == NULL ? ".0" : "";
	gv_autofree char *dir = gv_xasprintf("%s/%s%s/%s", e->base, version, zero, arch != NULL ? arch : "-");
	gv_autofree char *complete = gv_xasprintf("%s.complete", dir), *go = gv_path_join(dir, "bin/go");

	if (gv_version_is_prerelease(version) || !gv_fs_exists(complete) || !gv_path_is_program(go))
		return gv_err_set(err, GV_ENOTFOUND, "the tool cache has no go%s", version);
	out->kind = GV_ARCHIVE_TREE;
	out->url = gv_steal_ptr(&dir);
	out->prefix = gv_xstrdup("");
	return 0;
}

static int
find(struct gv_origins *o, struct gv_origin *e, struct gv_http *h, const char *version, const char *platform,
     struct gv_download *out, struct gv_err *err)
{
	switch (e->kind) {
	case GV_ORIGIN_PROXY:
		return proxy_find(e, out, err);
	case GV_ORIGIN_GOLANG:
		return gv_golang_find(o, e, h, version, platform, out, err);
	case GV_ORIGIN_TOOLCACHE:
		return toolcache_find(e, version, platform, out, err);
	case GV_ORIGIN_OFF:
		break;
	}
	gv_err_set(err, GV_ENET, "cannot download go%s: %s forbids it", version, e->base);
	return gv_err_help(err, "change GOPROXY or the setting 'sources', or install the version elsewhere");
}

static int
check_names(const char *version, const char *platform, struct gv_err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t n = strspn(platform, letters);

	if (!gv_version_valid(version) || strlen(version) >= GV_VERSION_MAX)
		return gv_err_set(err, GV_EFORMAT, "'%s' is not a Go version", version);
	if (n == 0 || platform[n] != '-' || platform[n + 1] == '\0' ||
	    platform[n + 1 + strspn(platform + n + 1, letters)] != '\0')
		return gv_err_set(err, GV_EUSAGE, "'%s' is not a platform", platform);
	return 0;
}

int
gv_origins_next(struct gv_origins *o, struct gv_http *h, const char *version, const char *platform, size_t *pos,
		struct gv_download *out, struct gv_err *err)
{
	struct gv_download d = { .size = -1 };
	struct gv_origin *e;

	if (check_names(version, platform, err) < 0)
		return -1;
	if (*pos >= o->n)
		return 0;
	e = &o->v[(*pos)++];
	d.origin = e->name;
	d.any_error = e->any_error;
	d.module = gv_xstrdup(TOOLCHAIN);
	d.modversion = gv_xasprintf("v0.0.1-go%s.%s", version, platform);
	if (find(o, e, h, version, platform, &d, err) < 0) {
		gv_download_release(&d);
		return -1;
	}
	d.shown = gv_url_shown(d.url);
	*out = d;
	return 1;
}

bool
gv_origins_may_go_on(const struct gv_origins *o, size_t pos, const struct gv_err *err)
{
	if (pos == 0 || pos > o->n || o->v[pos - 1].kind == GV_ORIGIN_OFF)
		return false;
	switch (err->code) {
	case GV_ENOTFOUND:
		return true;
	case GV_ENET:
	case GV_EFORMAT:
	case GV_ETOOBIG:
	case GV_EFAIL:
		return o->v[pos - 1].any_error;
	case GV_OK:
	case GV_EUSAGE:
	case GV_EPROOF:
	case GV_EBUSY:
	case GV_EINTR:
	case GV_EIO:
		break;
	}
	return false;
}
