/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_UNPACK_H
#define GV_ARCHIVE_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/origin.h"
#include "util/source.h"
#include "verify/dirhash.h"
#include "verify/hash.h"

/*
 * One streamed pipeline for zip and tar.gz, in three threads with bounded rings between them:
 *
 *	caller's thread: source (part file, then network) -> ring -> inflate, find and check entries -> ring -> hash and write
 *
 * Archive bytes are hostile until proven. Names follow archive/entry.h (the module zip rules), and every entry lies
 * below `prefix`. Sizes and counts are bounded while streaming. Files are made O_CREAT|O_EXCL|O_NOFOLLOW below
 * dest_fd, no links, no devices, no directory entries' modes; modes by rule and never from the archive:
 * 0555 for bin, pkg/tool, scripts and go_*_*_exec, 0444 for the rest, directories 0755, whatever the umask.
 * mtimes: the release time of the archive. _go.mod is written as go.mod. After the last entry the source is drained, and for a zip
 * the central directory and end record are checked against what was streamed (names, count, sizes, offsets, nothing
 * after the end).
 *
 * Errors: GV_EPROOF for a hostile or malformed archive (nothing of it may become visible), GV_EIO for the disk, and what the
 * source returns. The staging directory is then left as it is; the caller removes it.
 */
struct gv_unpack_in {
	struct gv_source *src;
	enum gv_archive_kind kind; /* ZIP or TAR_GZ */
	const char *prefix;        /* of every name */
	const char *module_prefix; /* "golang.org/toolchain@v0.0.1-go1.22.3.linux-amd64/", for h1 */
	bool outside;              /* tar: also unpack what lies outside the log's hash (.github api doc misc test) */
	int dest_fd;               /* staging directory, empty */
};

struct gv_unpack_file {
	char *path; /* in the SDK: "src/fmt/print.go" */
	uint8_t sha256[GV_SHA256_LEN];
	uint64_t size;
	unsigned mode; /* 0444 or 0555 */
};

struct gv_unpack_out {
	struct gv_unpack_file *files; /* as unpacked, sorted by path */
	size_t n;
	uint64_t bytes;             /* unpacked */
	char h1[GV_H1_MAX];         /* over the module subset */
	char sha256[GV_SHA256_HEX]; /* of the archive itself; "" for a module zip */
	uint64_t archive_bytes;
};

int gv_unpack(const struct gv_unpack_in *in, struct gv_unpack_out *out, struct gv_err *err) GV_MUST_CHECK;
void gv_unpack_out_free(struct gv_unpack_out *out);

#endif
