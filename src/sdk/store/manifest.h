/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_MANIFEST_H
#define GV_STORE_MANIFEST_H

#include <stdint.h>

#include "archive/unpack.h"
#include "util/err.h"
#include "verify/dirhash.h"

/*
 * manifests/go1.22.3: what was installed, from where, and what proves it. Text:
 *
 *	gover-manifest 1
 *	version 1.22.3
 *	platform linux-amd64
 *	source goproxy https://proxy.example/golang.org/toolchain/@v/...zip
 *	h1 h1:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM=
 *	proof log sum.golang.org 25587261 51678125      database, record, size of the tree; or
 *	proof file /home/me/project/gover.sum 3         the file and its line: not proven by the log; or
 *	proof none                                      "unlogged"
 *	files 9541
 *	<sha256> <mode> <size> <path>                   sorted by path
 *
 * "file" was written by older versions, which believed a project's gover.sum in place of the log. Such an SDK is not
 * proven, and no code may treat it as proven. Paths never hold a newline (archive/entry.h).
 */
#define GV_MANIFEST_NEW ".new" /* suffix until it is complete */

enum gv_proof_kind { GV_PROOF_NONE, GV_PROOF_LOG, GV_PROOF_FILE };

struct gv_manifest {
	char *version;
	char *platform;
	char *origin; /* "goproxy" */
	char *source; /* without userinfo */
	char h1[GV_H1_MAX];
	enum gv_proof_kind proof;
	char *witness;              /* name of the database, or path of the file */
	uint64_t record, tree_size; /* for LOG; for FILE, record is the line */
	struct gv_unpack_file *files;
	size_t n_files;
};

/* Frees the contents, not `m`. */
void gv_manifest_release(struct gv_manifest *m);

/* Write dir/name.new, without a sync. The caller syncs and renames it. Errors: GV_EIO, GV_ETOOBIG. */
int gv_manifest_write_new(const struct gv_manifest *m, const char *dir, const char *name,
			  struct gv_err *err) GV_MUST_CHECK;

/*
 * Read dir/name; with `files` false, without the list of files. Errors: GV_EIO (no such file: sys ENOENT), GV_EFORMAT,
 * also for the format of a newer gover.
 */
int gv_manifest_read(struct gv_manifest *m, const char *dir, const char *name, bool files,
		     struct gv_err *err) GV_MUST_CHECK;

#endif
