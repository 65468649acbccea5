/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_CLEAN_H
#define GV_REPORT_CLEAN_H

#include <stddef.h>

#include "util/str.h"

/*
 * Untrusted text on its way into a report. Every function appends to `out`, takes any bytes but NUL, repairs UTF-8 (a bad byte
 * is U+FFFD) and removes terminal escape sequences.
 */

/* For XML 1.0: what no XML may hold is U+FFFD. `max` bytes are taken from the beginning and the end, with "..." between. */
void gv_clean_xml(struct gv_str *out, const char *s, size_t max);

/* One line: line ends and tabs are blanks, other controls and bidirectional ones U+FFFD; at most `max` bytes, then "...". */
void gv_clean_line(struct gv_str *out, const char *s, size_t max);

/* Lines for a log: the same for each line, line ends stay, CR goes; the last `max` bytes. */
void gv_clean_log(struct gv_str *out, const char *s, size_t max);

/* Markdown, inline, also in a table cell: one line, with entities for what Markdown or HTML would act on. */
void gv_clean_markdown(struct gv_str *out, const char *s, size_t max);

/* The content of an HTML <pre>: a log with entities. */
void gv_clean_pre(struct gv_str *out, const char *s, size_t max);

/* GitHub workflow commands: the message after "::", and a property (file=, title=). */
void gv_clean_github_data(struct gv_str *out, const char *s, size_t max);
void gv_clean_github_property(struct gv_str *out, const char *s, size_t max);

/* A description of a TAP 13 line: one line, "#" escaped so that it is no directive. */
void gv_clean_tap(struct gv_str *out, const char *s, size_t max);

/* A double-quoted YAML scalar, quotes included. */
void gv_clean_yaml(struct gv_str *out, const char *s, size_t max);

/* A relative path as a URI reference: bytes that a path segment may not hold are percent-encoded. */
void gv_clean_uri(struct gv_str *out, const char *path);

#endif
