/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_PLACE_H
#define GV_FETCH_PLACE_H

#include <pthread.h>

#include "fetch/goproxy.h"
#include "fetch/gosettings.h"
#include "fetch/origin.h"
#include "fetch/release.h"

/* Private to fetch: the contents of struct gv_origins, and what its parts need from each other. */
enum gv_origin_kind {
	GV_ORIGIN_PROXY,     /* GOPROXY protocol; base is a URL or an absolute directory */
	GV_ORIGIN_GOLANG,    /* like go.dev/dl; base as above */
	GV_ORIGIN_TOOLCACHE, /* base is the tool cache's directory "go" */
	GV_ORIGIN_OFF,
};

struct gv_origin {
	enum gv_origin_kind kind;
	const char *name; /* struct gv_download's */
	char *base;
	bool any_error;
	/* golang: */
	enum { GV_INDEX_UNREAD, GV_INDEX_READ, GV_INDEX_ABSENT } index_state;
	struct gv_index index;
};

struct gv_origins {
	struct gv_gosettings env;
	char *index_dir;
	struct gv_origin *v;
	size_t n;
	pthread_mutex_t mutex; /* guards the indexes */
};

/*
 * Get a small body below `base`, a URL or absolute directory. NUL-terminated; caller frees. Missing: GV_ENOTFOUND.
 */
int gv_place_get(struct gv_http *h, const char *base, const char *path, size_t max, char **body, size_t *len,
		 struct gv_err *err) GV_MUST_CHECK;

/* Fill *out for one version from a golang origin. */
int gv_golang_find(struct gv_origins *o, struct gv_origin *g, struct gv_http *h, const char *version,
		   const char *platform, struct gv_download *out, struct gv_err *err) GV_MUST_CHECK;

#endif
