/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_FILES_H
#define GV_RESOLVE_FILES_H

#include <stddef.h>

#include "util/err.h"
#include "util/strv.h"
#include "version/request.h"

/* Read and parse the files by which a project selects its Go. */

#define GV_PROJECT_FILE_MAX (64u << 10) /* bytes of .go-version, .tool-versions and the default file */

enum gv_file_kind {
	GV_FILE_STRICT, /* anything with that name must be a readable regular file, or a link to one */
	GV_FILE_MODULE, /* ignore a directory or a dangling link, as cmd/go does for go.mod */
};

/*
 * Read `path`. Returns 1, or 0 when there is no such file, or -1. It never blocks on a FIFO or device. A file larger
 * than `max` bytes is no error: *len is then max + 1. `shown` is the name in messages. Caller frees *buf.
 */
int gv_file_read(const char *path, const char *shown, enum gv_file_kind kind, size_t max, char **buf, size_t *len,
		 struct gv_err *err) GV_MUST_CHECK;

/*
 * Parse a .go-version. `*first` is the first request and `*line` the number of its line. The texts of all requests are
 * appended to `requests`, which may be NULL. Every line must be well formed.
 * Errors: GV_EFORMAT; `*line` is then the number of the malformed line, or 0 when the file names no version.
 */
int gv_go_version_parse(const char *text, size_t len, struct gv_request *first, struct gv_strv *requests,
			unsigned *line, struct gv_err *err) GV_MUST_CHECK;

/*
 * Parse the first "golang" or "go" line of a .tool-versions. Returns 1, or 0 when there is none, or -1 when it is
 * malformed. Only its first version is used. The others, which asdf treats as fallbacks, must be well formed. `*line`
 * as above.
 */
int gv_tool_versions_parse(const char *text, size_t len, struct gv_request *out, unsigned *line,
			   struct gv_err *err) GV_MUST_CHECK;

/* Put "FILE:LINE: " before the message, or "FILE: " when `line` is 0. A long path loses its beginning. Returns -1. */
int gv_file_wrap(struct gv_err *err, const char *file, unsigned line);

#endif
