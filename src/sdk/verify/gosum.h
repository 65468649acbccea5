/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_GOSUM_H
#define GV_VERIFY_GOSUM_H

#include <stddef.h>

#include "util/err.h"
#include "verify/dirhash.h"

/*
 * gover.sum: hashes that a project demands of a download, in addition to the log's proof. The format is that of go.sum:
 * lines "MODULE VERSION h1:...", three fields separated by blanks. Empty lines are skipped.
 */
#define GV_GOSUM_MAX (1 << 18) /* bytes of the file */

struct gv_gosum_line {
	char *module;
	char *version; /* "v0.0.1-go1.22.3.linux-amd64", or with "/go.mod" behind it */
	char h1[GV_H1_MAX];
	int line;
};

struct gv_gosum {
	struct gv_gosum_line *lines;
	size_t n;
};

#define gv_autogosum __attribute__((cleanup(gv_gosum_release)))

/* Frees the contents, not `g`. */
void gv_gosum_release(struct gv_gosum *g);

/*
 * Parse the text of a file; gv_gosum_release() frees the contents. Errors: GV_EFORMAT "FILE:LINE: ..." for a malformed
 * line, or one that contradicts an earlier line. `name` is the file's name in messages. For tests.
 */
int gv_gosum_parse(struct gv_gosum *g, const char *name, const char *text, size_t len,
		   struct gv_err *err) GV_MUST_CHECK;

/* Read and parse a file. Errors: the above and those of gv_fs_read() (no such file: GV_EIO with sys ENOENT). */
int gv_gosum_load(struct gv_gosum *g, const char *path, struct gv_err *err) GV_MUST_CHECK;

/* The line for a module version, or NULL when the file has none. Borrowed. */
const struct gv_gosum_line *gv_gosum_find(const struct gv_gosum *g, const char *module, const char *version);

#endif
