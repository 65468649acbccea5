/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_GOPROXY_H
#define GV_FETCH_GOPROXY_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * The list in GOPROXY (src/cmd/go/internal/modfetch/proxy.go). After ',' the next entry is tried on "not found" only;
 * after '|' it is tried on any failure. "off" and "direct" end the list. An entry like "host/path" gets https://.
 */
enum gv_place_kind {
	GV_PLACE_URL, /* http or https */
	GV_PLACE_DIR, /* from a file URL */
	GV_PLACE_DIRECT,
	GV_PLACE_OFF,
};

struct gv_place {
	enum gv_place_kind kind;
	char *base;     /* URL (may hold userinfo) or absolute path, without a final slash; NULL for direct and off */
	bool any_error; /* '|' follows */
};

struct gv_places {
	struct gv_place *v;
	size_t n;
};

/* Parse a list; gv_places_release() frees the contents. Errors: GV_EUSAGE, naming GOPROXY. */
int gv_goproxy_parse(struct gv_places *out, const char *list, struct gv_err *err) GV_MUST_CHECK;
void gv_places_release(struct gv_places *p);

/* The path in a file URL, which must have no host. NULL when malformed. Caller frees. */
char *gv_file_url_path(const char *url);

/* One entry of a list, without the blanks around it. Caller frees. */
char *gv_list_entry(const char *s, size_t n);

/* Whether a pattern matches. Patterns are as in GONOPROXY: globs for the first elements of a module path. */
bool gv_goproxy_match(const char *patterns, const char *module);

#endif
