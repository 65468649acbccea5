/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/sumdbnet.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/place.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/strv.h"

#define REPLY_MAX ((size_t)1 << 20) /* bytes; a tile has 8 KiB */

struct gv_sumdbnet {
	struct gv_http *h;
	char *base; /* URL or absolute directory; requests go to base/PATH */
};

/* 1: this proxy serves the database; 0: ask the next one. */
static int
ask(struct gv_sumdbnet *n, const char *proxy, const char *name, bool any_error, struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("sumdb/%s/supported", name), *body = NULL;
	struct gv_err e = GV_ERR_INIT;
	size_t len = 0;

	if (gv_place_get(n->h, proxy, path, REPLY_MAX, &body, &len, &e) == 0) {
		n->base = gv_xasprintf("%s/sumdb/%s", proxy, name);
		return 1;
	}
	if (e.code == GV_ENOTFOUND || (any_error && e.code != GV_EINTR))
		return 0;
	*err = e;
	return gv_err_wrap(err, "checksum database '%s'", name);
}

/* Directories in the setting `sources` are asked before GOPROXY, because a mirror may hold the log. */
static int
ask_directories(struct gv_sumdbnet *n, const struct gv_origins *o, const char *name, struct gv_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < o->n && rc == 0; i++)
		if (o->v[i].kind == GV_ORIGIN_PROXY && strcmp(o->v[i].name, "directory") == 0)
			rc = ask(n, o->v[i].base, name, true, err);
	return rc;
}

static int
ask_proxies(struct gv_sumdbnet *n, const struct gv_origins *o, const char *name, struct gv_err *err)
{
	const char *list = gv_gosettings_get(&o->env, "GOPROXY");
	struct gv_places places = { 0 };
	int rc = 0;

	if (list[0] == '\0')
		return 0;
	if (gv_goproxy_parse(&places, list, err) < 0)
		return -1;
	for (size_t i = 0; i < places.n && rc == 0; i++)
		if (places.v[i].base != NULL)
			rc = ask(n, places.v[i].base, name, places.v[i].any_error, err);
	gv_places_release(&places);
	return rc;
}

struct gv_sumdbnet *
gv_sumdbnet_new(struct gv_origins *o, struct gv_http *h, const char *name, const char *direct_url, bool direct_only,
		struct gv_err *err)
{
	struct gv_sumdbnet *n = gv_xcalloc(1, sizeof(*n));
	int rc = 0;

	n->h = h;
	if (!direct_only)
		rc = ask_directories(n, o, name, err);
	if (!direct_only && rc == 0)
		rc = ask_proxies(n, o, name, err);
	if (rc < 0) {
		gv_sumdbnet_free(n);
		return NULL;
	}
	if (rc == 0) {
		size_t len = strlen(direct_url);

		while (len > 0 && direct_url[len - 1] == '/')
			len--;
		n->base = gv_xstrndup(direct_url, len);
	}
	return n;
}

void
gv_sumdbnet_free(struct gv_sumdbnet *n)
{
	if (n == NULL)
		return;
	free(n->base);
	free(n);
}

void
gv_sumdbnet_get(struct gv_sumdbnet *n, const char *const *paths, size_t count, struct gv_http_body *bodies)
{
	gv_autostrv struct gv_strv urls = GV_STRV_INIT;

	for (size_t i = 0; i < count && n->base[0] == '/'; i++) {
		struct gv_http_body *b = &bodies[i];

		memset(b, 0, sizeof(*b));
		if (gv_place_get(n->h, n->base, paths[i], REPLY_MAX, &b->data, &b->len, &b->err) < 0)
			b->code = b->err.code;
	}
	if (n->base[0] == '/')
		return;
	for (size_t i = 0; i < count; i++)
		gv_strv_take(&urls, gv_xasprintf("%s/%s", n->base, paths[i]));
	gv_http_get_many(n->h, (const char *const *)urls.v, count, REPLY_MAX, bodies);
}
