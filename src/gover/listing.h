/* SPDX-License-Identifier: MIT */
#ifndef GV_GOVER_LISTING_H
#define GV_GOVER_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "resolve/dirs.h"
#include "util/err.h"
#include "version/version.h"

/* The rows of `gover list`: one for each version, newest first. */
struct gv_listing_row {
	char name[GV_VERSION_MAX + 40]; /* as shown: "1.22.3", "1.22.3 linux-arm64" */
	char version[GV_VERSION_MAX];
	char *path;        /* of the SDK, or NULL */
	char *platform;    /* "linux-amd64", or NULL when not installed */
	const char *proof; /* the answer of gv_vouched(); NULL when not installed */
	const char *date;  /* "2024-05-07", or "-" when unknown */
	const char *kind;  /* "stable", "rc", "beta"; NULL for an unknown release */
	bool installed;
	bool selected;
	bool is_default;
	bool newest;      /* the newest stable release */
	bool supported;   /* stable, and of one of the two newest minors */
	bool end_of_life; /* stable, but no longer supported */
};

struct gv_listing {
	struct gv_listing_row *rows;
	size_t n, cap;
	int64_t fetched; /* when the index was fetched, seconds since 1970; 0: only the built-in table */
	char as_of[16];  /* the date of the list, "2026-11-24" */
	void *known;     /* owns the dates and kinds */
};

#define gv_autolisting __attribute__((cleanup(gv_listing_release)))

/* List the installed versions; with `all`, also those for other platforms. */
int gv_listing_installed(struct gv_listing *l, const struct gv_dirs *d, bool all, struct gv_err *err) GV_MUST_CHECK;

/*
 * List known and installed versions. Without `all`, only these: installed versions, supported releases, the last patch
 * of each older minor, and pre-releases newer than every stable release.
 */
int gv_listing_known(struct gv_listing *l, const struct gv_dirs *d, bool all, struct gv_err *err) GV_MUST_CHECK;

/* Free the contents, not `l`. */
void gv_listing_release(struct gv_listing *l);

/* Write "installed, default, supported". Without `remote`, omit "installed" and facts about the release. */
void gv_listing_notes(char *out, size_t size, const struct gv_listing_row *row, bool remote);

#endif
