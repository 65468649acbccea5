/* SPDX-License-Identifier: MIT */
#ifndef GV_GOVER_LISTING_H
#define GV_GOVER_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "resolve/dirs.h"
#include "util/err.h"
#include "version/version.h"

/* What `gover list` shows: one row a version, newest first. */
struct gv_listing_row {
	char name[GV_VERSION_MAX + 40]; /* as shown: "1.22.3", "1.22.3 linux-arm64" */
	char version[GV_VERSION_MAX];
	char *path;        /* of the SDK, or NULL */
	char *platform;    /* "linux-amd64", or NULL when not installed */
	const char *proof; /* "log", "file" (gover.sum) or "unlogged", by its manifest; NULL: it has none */
	const char *date;  /* "2024-05-07" or "-"; of known releases */
	const char *kind;  /* "stable", "rc", "beta"; NULL for what is not known */
	bool installed;
	bool selected;
	bool is_default;
	bool newest;      /* the newest stable release */
	bool supported;   /* of one of the two newest minors */
	bool end_of_life; /* stable, but neither */
};

struct gv_listing {
	struct gv_listing_row *rows;
	size_t n, cap;
	int64_t fetched; /* when the index was; 0 = built in */
	char as_of[16];  /* "2026-11-24" */
	void *known;     /* what dates and kinds are borrowed from */
};

#define gv_autolisting __attribute__((cleanup(gv_listing_free)))

/* Installed versions; with `all` those of other platforms too. */
int gv_listing_installed(struct gv_listing *l, const struct gv_dirs *d, bool all, struct gv_err *err) GV_MUST_CHECK;

/*
 * Known and installed versions. Without `all`: what is installed, supported releases, the last patch of each older
 * minor, and pre-releases newer than every stable one.
 */
int gv_listing_known(struct gv_listing *l, const struct gv_dirs *d, bool all, struct gv_err *err) GV_MUST_CHECK;

void gv_listing_free(struct gv_listing *l);

/* "installed, default, supported": "installed" and release facts only with `remote`. */
void gv_listing_notes(char *out, size_t size, const struct gv_listing_row *row, bool remote);

#endif
