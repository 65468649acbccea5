/* SPDX-License-Identifier: MIT */
#ifndef GV_FETCH_ORIGIN_H
#define GV_FETCH_ORIGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "net/http.h"
#include "resolve/config.h"
#include "resolve/dirs.h"
#include "util/source.h"

/*
 * Origins: where releases come from, in the order of the setting `sources`. Between the entries of GOPROXY its own
 * rules hold: ',' continues after "not found" only, '|' after any failure.
 *
 *	goproxy    golang.org/toolchain@v0.0.1-go1.22.3.linux-amd64.zip through GOPROXY (http, https, file)
 *	golang     go1.22.3.linux-amd64.tar.gz from a URL or directory like go.dev/dl; its SHA-256 comes from the index,
 *	           or from the .sha256 file beside it when the index does not know the version
 *	directory  one of the two forms above, by its contents
 *	toolcache  $RUNNER_TOOL_CACHE/go/1.22.3/x64 (adopted read-only)
 *
 * After a failed proof the caller must not try the next origin.
 */
enum gv_archive_kind { GV_ARCHIVE_ZIP, GV_ARCHIVE_TAR_GZ, GV_ARCHIVE_TREE };

struct gv_download {
	enum gv_archive_kind kind;
	char *url;          /* or an absolute path; may hold userinfo: never print it */
	char *shown;        /* for messages: the same without userinfo */
	const char *origin; /* "goproxy", "golang", "toolcache", "directory" */
	char *module;       /* "golang.org/toolchain" */
	char *modversion;   /* "v0.0.1-go1.22.3.linux-amd64" */
	char *prefix;       /* of each name in the archive: "golang.org/toolchain@v0.0.1-.../" or "go/" */
	char *sha256;       /* golang: 64 lower-case hex digits from the publisher; else NULL */
	int64_t size;       /* bytes, -1 unknown */
	bool official;      /* the SHA-256 is from go.dev itself: folders outside the log's hash may be unpacked */
	bool any_error;     /* try the next origin after any failure, not only "not found" */
};

/* Frees the contents, not `d`. */
void gv_download_release(struct gv_download *d);

struct gv_origins;

/* Reads gover's settings, and Go's (see fetch/gosettings.h). NULL on failure; the caller frees. */
struct gv_origins *gv_origins_new(const struct gv_config *c, const struct gv_dirs *d, struct gv_err *err) GV_MUST_CHECK;
void gv_origins_free(struct gv_origins *o);

/*
 * The next place to try for `version` on `platform`. Returns 1 with *out filled, 0 when there are no more, or -1 when
 * this place failed. *pos starts at 0. When this function or the use of *out failed, gv_origins_may_go_on() says
 * whether to call it again. Threads may share `o`; each needs its own `h`.
 *
 *	while ((rc = gv_origins_next(o, h, version, platform, &pos, &d, err)) != 0) {
 *		if (rc > 0 && (rc = try(&d, err)) == 0)
 *			return 0;
 *		if (!gv_origins_may_go_on(o, pos, err))
 *			return -1;
 *	}
 */
int gv_origins_next(struct gv_origins *o, struct gv_http *h, const char *version, const char *platform, size_t *pos,
		    struct gv_download *out, struct gv_err *err) GV_MUST_CHECK;

/*
 * Whether the next place may be tried after the one before `pos` failed with `err`. Never after a failed proof, an
 * interrupt or a failure of this machine.
 */
bool gv_origins_may_go_on(const struct gv_origins *o, size_t pos, const struct gv_err *err);

/* A Go setting (GOPROXY, GOSUMDB, ...) as the go command would read it; "" when unset. Borrowed. */
const char *gv_origins_goenv(const struct gv_origins *o, const char *name);

#endif
