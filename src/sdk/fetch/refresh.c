/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/refresh.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fetch/place.h"
#include "net/url.h"
#include "util/auto.h"
#include "util/lines.h"
#include "version/known.h"
#include "version/version.h"

#define LIST_MAX ((size_t)16 << 20) /* bytes; the list of 2026 has 0.5 MB */
#define FRESH_S  3600

void
gv_toolchain_list_parse(struct gv_strv *out, const char *text, size_t len, const char *platform)
{
	static const char head[] = "v0.0.1-go";
	size_t tail = strlen(platform);
	struct gv_lines in;

	gv_lines_init(&in, text, len, GV_LINES_CRLF);
	while (gv_lines_next(&in)) {
		const char *line = in.line;
		size_t n = in.len;

		if (n <= sizeof(head) + tail || memcmp(line, head, sizeof(head) - 1) != 0 ||
		    memcmp(line + n - tail, platform, tail) != 0 || line[n - tail - 1] != '.')
			continue;
		gv_strv_addn(out, line + sizeof(head) - 1, n - tail - sizeof(head));
	}
}

static int
versions_of(struct gv_origins *o, struct gv_origin *e, struct gv_http *h, struct gv_strv *out, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	struct gv_index ix;
	size_t len = 0;

	switch (e->kind) {
	case GV_ORIGIN_PROXY:
		if (gv_place_get(h, e->base, "golang.org/toolchain/@v/list", LIST_MAX, &text, &len, err) < 0)
			return -1;
		gv_toolchain_list_parse(out, text, len, gv_platform_host());
		break;
	case GV_ORIGIN_GOLANG:
		if (gv_index_load(&ix, h, e->base, o->index_dir, true, err) < 0)
			return -1;
		gv_index_versions(&ix, out);
		gv_index_release(&ix);
		break;
	case GV_ORIGIN_TOOLCACHE:
		return gv_err_set(err, GV_ENOTFOUND, "the tool cache has no list of releases");
	case GV_ORIGIN_OFF:
		return gv_err_set(err, GV_ENET, "cannot refresh the list of releases: %s forbids it", e->base);
	}
	if (out->n == 0) {
		gv_autofree char *shown = gv_url_shown(e->base);

		return gv_err_set(err, GV_ENOTFOUND, "'%s' lists no releases", shown);
	}
	return 0;
}

static int64_t
fetched_at(const char *path)
{
	gv_autoknown struct gv_known k = { 0 };
	struct gv_err warn = GV_ERR_INIT;

	gv_known_load(&k, path, &warn);
	return k.fetched;
}

int
gv_index_refresh(struct gv_origins *o, struct gv_http *h, const struct gv_dirs *d, bool force, struct gv_refreshed *out,
		 struct gv_err *err)
{
	gv_autofree char *path = gv_dirs_index_file(d);
	int64_t now = (int64_t)time(NULL);
	struct gv_err e = GV_ERR_INIT;

	*out = (struct gv_refreshed){ .fetched = fetched_at(path) };
	if (!force && out->fetched <= now && now - out->fetched < FRESH_S)
		return 0;
	gv_err_set(&e, GV_ENET, "no source has a list of releases");
	for (size_t i = 0; i < o->n; i++) {
		gv_autostrv struct gv_strv versions = GV_STRV_INIT;
		gv_autofree char *shown = gv_url_shown(o->v[i].base);

		gv_err_clear(&e);
		if (versions_of(o, &o->v[i], h, &versions, &e) == 0) {
			if (gv_index_write_known(&versions, shown, path, err) < 0)
				return -1;
			*out = (struct gv_refreshed){ .changed = true, .fetched = fetched_at(path) };
			return 0;
		}
		if (!gv_origins_may_go_on(o, i + 1, &e))
			break;
	}
	*err = e;
	return -1;
}
