/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_CLEAN_H
#define GV_REPORT_CLEAN_H

#include <stddef.h>

#include "util/str.h"

/*
 * Makes untrusted text safe for a report. Every function appends to `out`, takes any bytes but NUL, repairs UTF-8 (a
 * bad byte becomes U+FFFD) and removes terminal escape sequences.
 */

/*
 * The content of an XML 1.0 element, and the value of an attribute, with entities where needed. A character that XML
 * does not allow becomes U+FFFD. Of a text longer than `max` bytes, only the beginning and the end are kept, with "..."
 * between.
 */
void gv_clean_xml(struct gv_str *out, const char *s, size_t max);
void gv_clean_xml_attr(struct gv_str *out, const char *s, size_t max);

/*
 * One line: line ends and tabs become blanks, other control and bidirectional characters U+FFFD. At most `max` bytes,
 * then "...".
 */
void gv_clean_line(struct gv_str *out, const char *s, size_t max);

/* A log: the same for each line; line ends stay, CR is removed. Keeps the last `max` bytes. */
void gv_clean_log(struct gv_str *out, const char *s, size_t max);

/*
 * Lines for the output of a CI job. A character that gv_text_is_command() finds is escaped, so that the CI system obeys
 * no line. `text` must be clean already and have whole lines, because the beginning of a line decides whether it is a
 * command.
 */
void gv_clean_commands(struct gv_str *out, const char *text);

/*
 * One line of Markdown, also in a table cell or at the beginning of a line. Entities replace what Markdown or HTML
 * would act on, and "@name" notifies nobody. gv_clean_markdown_code() is for text inside <code>: it adds nothing that a
 * reader would copy along.
 */
void gv_clean_markdown(struct gv_str *out, const char *s, size_t max);
void gv_clean_markdown_code(struct gv_str *out, const char *s, size_t max);

/* The content of an HTML <pre>: a log, with entities. */
void gv_clean_pre(struct gv_str *out, const char *s, size_t max);

/* GitHub workflow commands: the message after "::", and a property (file=, title=). */
void gv_clean_github_data(struct gv_str *out, const char *s, size_t max);
void gv_clean_github_property(struct gv_str *out, const char *s, size_t max);

/* The description in a TAP 13 line: one line, with "#" escaped so that it starts no directive. */
void gv_clean_tap(struct gv_str *out, const char *s, size_t max);

/* A double-quoted YAML scalar, quotes included. */
void gv_clean_yaml(struct gv_str *out, const char *s, size_t max);

/* A relative path as a URI reference: bytes that are not allowed in a path segment are percent-encoded. */
void gv_clean_uri(struct gv_str *out, const char *path);

#endif
