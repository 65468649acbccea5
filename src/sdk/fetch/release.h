/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_RELEASE_H
#define GV_FETCH_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/http.h"
#include "util/err.h"
#include "util/strv.h"

/*
 * The go.dev/dl JSON (?mode=json&include=all), cached with its ETag for an hour. Source: golang/website internal/dl.
 * An empty sha256 or a size of 0 means unknown. Odd entries (the release "go1", go1.9.2rc2) are skipped.
 */
struct gv_index_file {
	char *filename; /* "go1.22.3.linux-amd64.tar.gz": matches ^go[0-9a-z.]+\.[0-9a-z.-]+\.(tar\.gz|zip)$ */
	char *version;  /* "1.22.3" */
	char *os;
	char *arch;   /* GOARCH: armv6l is read as arm */
	char *sha256; /* 64 lower-case hex digits, or NULL */
	int64_t size; /* bytes, -1 unknown */
};

struct gv_index {
	struct gv_index_file *files; /* kind "archive" only */
	size_t n;
};

/* Frees the contents, not `ix`. */
void gv_index_release(struct gv_index *ix);

/* Parse the JSON. Errors: GV_EFORMAT naming the JSON path. */
int gv_index_parse(struct gv_index *ix, const char *json, size_t len, struct gv_err *err) GV_MUST_CHECK;

/*
 * `base` is "https://go.dev/dl" or an absolute directory with dl.json or index.json. `cache_dir` keeps JSON and ETag.
 * Without `fresh`, a copy younger than an hour is used, and an older one is used if the network fails. With `fresh`,
 * the server is always asked. Errors: GV_ENOTFOUND when there is no index at `base`.
 */
int gv_index_load(struct gv_index *ix, struct gv_http *h, const char *base, const char *cache_dir, bool fresh,
		  struct gv_err *err) GV_MUST_CHECK;

/* The archive for a version and platform, or NULL. Borrowed. */
const struct gv_index_file *gv_index_find(const struct gv_index *ix, const char *version, const char *goos,
					  const char *goarch);

/* Every version once, in no order. */
void gv_index_versions(const struct gv_index *ix, struct gv_strv *out);

/*
 * Write the index of releases that base and core read (version/known.h). `versions` are in any order; those that name
 * no release are left out. Dates come from the built-in table and the old file. `source` is for people to read:
 * "https://go.dev/dl".
 */
int gv_index_write_known(const struct gv_strv *versions, const char *source, const char *path,
			 struct gv_err *err) GV_MUST_CHECK;

#endif
