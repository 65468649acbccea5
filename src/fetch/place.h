/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_PLACE_H
#define GV_FETCH_PLACE_H

#include <pthread.h>

#include "fetch/goenv.h"
#include "fetch/goproxy.h"
#include "fetch/origin.h"
#include "index/index.h"

/* Private to fetch: what a struct gv_origins holds, and how its parts work together. */
enum gv_origin_kind {
	GV_ORIGIN_PROXY,     /* GOPROXY protocol; base is a URL or an absolute directory */
	GV_ORIGIN_GOLANG,    /* go.dev/dl form; the same */
	GV_ORIGIN_TOOLCACHE, /* base is the directory "go" in it */
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
	struct gv_goenv env;
	char *index_dir;
	struct gv_origin *v;
	size_t n;
	pthread_mutex_t mutex; /* of the indexes */
};

/* A small body from below `base`, a URL or an absolute directory; NUL-terminated, caller frees. Missing: GV_ENOTFOUND. */
int gv_place_get(struct gv_http *h, const char *base, const char *path, size_t max, char **body, size_t *len,
		 struct gv_err *err) GV_MUST_CHECK;

/* Fill *out for one version from a golang origin. */
int gv_golang_find(struct gv_origins *o, struct gv_origin *g, struct gv_http *h, const char *version,
		   const char *platform, struct gv_download *out, struct gv_err *err) GV_MUST_CHECK;

#endif
