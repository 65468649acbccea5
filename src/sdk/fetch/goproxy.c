/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/goproxy.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/url.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/num.h"

void
gv_places_release(struct gv_places *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].base);
	free(p->v);
	memset(p, 0, sizeof(*p));
}

static void
strip_slashes(char *s)
{
	for (size_t n = strlen(s); n > 1 && s[n - 1] == '/'; n--)
		s[n - 1] = '\0';
}

char *
gv_file_url_path(const char *url)
{
	gv_autofree char *path = NULL;
	char *out;

	if (strncasecmp(url, "file:///", 8) != 0 || strpbrk(url, "?#") != NULL)
		return NULL;
	path = out = gv_xstrdup(url + 7);
	for (const char *p = url + 7; *p != '\0'; p++) {
		int high, low;

		if (*p != '%') {
			*out++ = *p;
			continue;
		}
		high = gv_num_hex(p[1]);
		low = high >= 0 ? gv_num_hex(p[2]) : -1;
		if (low < 0 || (high == 0 && low == 0))
			return NULL;
		*out++ = (char)(high << 4 | low);
		p += 2;
	}
	*out = '\0';
	strip_slashes(path);
	return gv_steal_ptr(&path);
}

static int
parse_url(struct gv_place *place, const char *text, struct gv_err *err)
{
	gv_autofree char *shown = gv_url_shown(text);
	gv_autourl struct gv_url u = { 0 };

	if (strncasecmp(text, "file:", 5) == 0) {
		place->kind = GV_PLACE_DIR;
		place->base = gv_file_url_path(text);
		if (place->base == NULL)
			return gv_err_set(err, GV_EUSAGE, "GOPROXY: '%s' is not of the form file:///directory", shown);
		return 0;
	}
	if (gv_url_parse(&u, text, err) < 0) {
		err->code = GV_EUSAGE;
		return gv_err_wrap(err, "GOPROXY");
	}
	place->kind = GV_PLACE_URL;
	place->base = gv_xstrdup(text);
	strip_slashes(place->base);
	return 0;
}

static int
parse_entry(struct gv_place *place, const char *text, struct gv_err *err)
{
	gv_autofree char *with_scheme = NULL;

	if (strcmp(text, "off") == 0 || strcmp(text, "direct") == 0) {
		place->kind = text[0] == 'o' ? GV_PLACE_OFF : GV_PLACE_DIRECT;
		return 0;
	}
	if (strpbrk(text, ".:/") != NULL && strstr(text, ":/") == NULL && text[0] != '/')
		with_scheme = gv_xasprintf("https://%s", text);
	else if (strstr(text, ":/") == NULL) {
		gv_err_set(err, GV_EUSAGE, "GOPROXY: '%s' has no scheme", text);
		return gv_err_help(err, "write https://..., file:///..., direct or off");
	}
	return parse_url(place, with_scheme != NULL ? with_scheme : text, err);
}

char *
gv_list_entry(const char *s, size_t n)
{
	while (n > 0 && isspace((unsigned char)*s)) {
		s++;
		n--;
	}
	while (n > 0 && isspace((unsigned char)s[n - 1]))
		n--;
	return gv_xstrndup(s, n);
}

int
gv_goproxy_parse(struct gv_places *out, const char *list, struct gv_err *err)
{
	struct gv_places got = { 0 };

	for (const char *p = list, *end = list; *end != '\0'; p = end + 1) {
		gv_autofree char *text = NULL;
		struct gv_place place = { 0 };

		end = p + strcspn(p, ",|");
		text = gv_list_entry(p, (size_t)(end - p));
		place.any_error = *end == '|';
		if (text[0] == '\0')
			continue;
		if (parse_entry(&place, text, err) < 0) {
			gv_places_release(&got);
			return -1;
		}
		got.v = gv_xreallocarray(got.v, got.n + 1, sizeof(*got.v));
		got.v[got.n++] = place;
		if (place.kind == GV_PLACE_OFF || place.kind == GV_PLACE_DIRECT)
			break;
	}
	if (got.n == 0)
		return gv_err_set(err, GV_EUSAGE, "GOPROXY list is not the empty string, but contains no entries");
	*out = got;
	return 0;
}

/* The first elements of `module`, as many as `glob` has. NULL when `module` has fewer. */
static char *
first_elements(const char *module, const char *glob)
{
	const char *p = module;

	for (; *glob != '\0'; glob++) {
		if (*glob != '/')
			continue;
		p = strchr(p, '/');
		if (p == NULL)
			return NULL;
		p++;
	}
	return gv_xstrndup(module, (size_t)(p - module) + strcspn(p, "/"));
}

bool
gv_goproxy_match(const char *patterns, const char *module)
{
	gv_autofree char *copy = gv_xstrdup(patterns);
	char *save = NULL;

	for (char *glob = strtok_r(copy, ",", &save); glob != NULL; glob = strtok_r(NULL, ",", &save)) {
		gv_autofree char *prefix = NULL;

		strip_slashes(glob);
		prefix = first_elements(module, glob);
		if (prefix != NULL && fnmatch(glob, prefix, FNM_PATHNAME) == 0)
			return true;
	}
	return false;
}
