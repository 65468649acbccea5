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
 * One pipeline for zip and tar.gz. Bytes stream through three threads, with bounded rings between them:
 *
 *	caller's thread: source (part file, then network) -> ring
 *		-> inflate, find and check entries -> ring -> hash and write
 *
 * Archive bytes are hostile until proven. Names follow archive/entry.h (the module zip rules), and every entry must be
 * below `prefix`. Sizes and counts are limited while streaming. Files are created with O_CREAT|O_EXCL|O_NOFOLLOW below
 * dest_fd; there are no links and no devices. Modes never come from the archive: 0555 for bin, pkg/tool, scripts and
 * go_*_*_exec, 0444 for the rest, 0755 for directories, whatever the umask. Modification times are the archive's.
 * _go.mod is written as go.mod. After the last entry the source is read to its end. The central directory and the end
 * record of a zip must then agree with what was streamed (names, count, sizes, offsets), and nothing may follow.
 *
 * Errors: GV_EPROOF for a hostile or malformed archive (none of it may become visible), GV_EIO for the disk, and what
 * the source returns. After an error the caller removes the staging directory.
 */
struct gv_unpack_in {
	struct gv_source *src;
	enum gv_archive_kind kind; /* ZIP or TAR_GZ */
	const char *prefix;        /* of every name */
	const char *module_prefix; /* "golang.org/toolchain@v0.0.1-go1.22.3.linux-amd64/", for h1 */
	bool outside;              /* tar: also unpack what the log's hash leaves out (.github api doc misc test) */
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
	char h1[GV_H1_MAX];         /* over the files that are in the module */
	char sha256[GV_SHA256_HEX]; /* of the archive itself; "" for a module zip */
	uint64_t archive_bytes;
};

/* Reads in->src to its end and does not close it. After success the caller calls gv_unpack_out_release(). */
int gv_unpack(const struct gv_unpack_in *in, struct gv_unpack_out *out, struct gv_err *err) GV_MUST_CHECK;
void gv_unpack_out_release(struct gv_unpack_out *out);

#endif
