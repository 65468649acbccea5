/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_FILES_H
#define GV_RESOLVE_FILES_H

#include <stddef.h>

#include "util/err.h"
#include "util/strv.h"
#include "version/request.h"

/* Files that a project selects its Go with: reading them without surprises, and what their bytes say. */

#define GV_PROJECT_FILE_MAX (64u << 10) /* bytes of .go-version, .tool-versions and the default */

enum gv_file_kind {
	GV_FILE_STRICT, /* whatever has the name must be a readable regular file, or a link to one */
	GV_FILE_MODULE, /* as cmd/go looks for go.mod: a directory or a dangling link is no such file */
};

/*
 * Read at most `max` bytes of `path`: 1 read, 0 no such file, -1 failure. It never blocks on a FIFO or device. A
 * larger file gives max + 1 bytes. `shown` is the name for messages. Caller frees *buf.
 */
int gv_file_read(const char *path, const char *shown, enum gv_file_kind kind, size_t max, char **buf, size_t *len,
		 struct gv_err *err) GV_MUST_CHECK;

/*
 * .go-version: `*first` is the request of the first line that holds one, `*line` its number; `requests` gets the
 * texts of all lines, or is NULL. Every line must be well formed.
 * Errors: GV_EFORMAT; `*line` is then the number of the malformed line, or 0 when there is no version at all.
 */
int gv_go_version_parse(const char *text, size_t len, struct gv_request *first, struct gv_strv *requests,
			unsigned *line, struct gv_err *err) GV_MUST_CHECK;

/*
 * The first "golang" or "go" line of .tool-versions: 1, 0 when there is none, -1 malformed. What follows its first
 * version are fallbacks of asdf; they must be well formed and are not used. `*line` as above.
 */
int gv_tool_versions_parse(const char *text, size_t len, struct gv_request *out, unsigned *line,
			   struct gv_err *err) GV_MUST_CHECK;

/* Put "FILE:LINE: " (without LINE when it is 0) before a message; a very long path loses its beginning. */
int gv_file_wrap(struct gv_err *err, const char *file, unsigned line);

#endif
