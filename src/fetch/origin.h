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
 * Origins: where releases come from, in the order of the setting `sources`, and with the rules of GOPROXY
 * between its entries (',' goes on after "not found" only, '|' after any failure).
 *
 *	goproxy    golang.org/toolchain@v0.0.1-go1.22.3.linux-amd64.zip through GOPROXY (http, https, file)
 *	golang     go1.22.3.linux-amd64.tar.gz with its SHA-256 from the index (URL or a directory of that form), or from
 *	           the file beside it (.sha256) when the index does not know the version
 *	directory  one of the two forms, by what lies in it
 *	toolcache  $RUNNER_TOOL_CACHE/go/1.22.3/x64 (adopted read-only)
 *
 * A failed proof never goes on to the next origin; that is the caller's to keep.
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
	char *sha256;   /* golang: 64 lower-case hex digits from the publisher; NULL when it gave none, and otherwise */
	int64_t size;   /* bytes, -1 unknown */
	bool official;  /* the SHA-256 came from go.dev itself: the folders outside the log's hash may be unpacked */
	bool any_error; /* failure of any kind goes on to the next origin, not only "not found" */
};

void gv_download_free(struct gv_download *d);

struct gv_origins;

/* Read settings, GOPROXY & co from the environment, `go env -w` file and the first system Go's go.env. */
struct gv_origins *gv_origins_new(const struct gv_config *c, const struct gv_dirs *d, struct gv_err *err) GV_MUST_CHECK;
void gv_origins_free(struct gv_origins *o);

/*
 * The next place to try for `version` on `platform`: 1 with *out filled, 0 when there are no more, -1 on failure of this
 * place (err set; *out unset). *pos starts at 0. After a failure, of this or of what was done with *out,
 * gv_origins_may_go_on() says whether to call again. `o` may be shared by threads, each with its own `h`.
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
 * Whether the place before *pos may be passed over after failing with `err`. Never after a failed proof, an interrupt
 * or a failure of this machine.
 */
bool gv_origins_may_go_on(const struct gv_origins *o, size_t pos, const struct gv_err *err);

/* A Go setting (GOPROXY, GOSUMDB, ...) as the go command would read it; "" when unset. Borrowed. */
const char *gv_origins_goenv(const struct gv_origins *o, const char *name);

#endif
