/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/clean.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "util/lines.h"
#include "util/text.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ESC         0x1b

/* The most bytes that `max` bytes become when they are cleaned, with the mark of a cut. */
#define ROOM(max) (3 * (max) + 16)

/*
 * Length of the escape sequence at `s` (ECMA-48): CSI up to its final byte, OSC and other strings up to their
 * terminator, otherwise two bytes. An unfinished sequence ends with the line.
 */
static size_t
escape_len(const char *s, size_t len)
{
	size_t i = 2;

	if (len < 2)
		return 1;
	if (s[1] == '[') {
		while (i < len && s[i] >= 0x20 && s[i] < 0x40)
			i++;
		return i < len && s[i] >= 0x40 && s[i] < 0x7f ? i + 1 : i;
	}
	if (strchr("]PX^_", s[1]) != NULL) {
		while (i < len && s[i] != '\a' && s[i] != ESC && s[i] != '\n')
			i++;
		if (i + 1 < len && s[i] == ESC && s[i + 1] == '\\')
			return i + 2;
		return i < len && s[i] == '\a' ? i + 1 : i;
	}
	return (unsigned char)s[1] >= 0x20 && (unsigned char)s[1] < 0x7f ? 2 : 1;
}

/*
 * Read the next character: returns its length, sets `*piece` to its bytes (none for an escape sequence) and its value.
 */
static size_t
next(const char *s, size_t len, const char **piece, size_t *piece_len, unsigned *cp)
{
	size_t n = gv_utf8_decode(s, len, cp);

	*piece = s;
	*piece_len = n;
	if (n == 0) {
		*piece = REPLACEMENT;
		*piece_len = 3;
		*cp = 0xfffd;
		return 1;
	}
	if (*cp == ESC) {
		*piece_len = 0;
		return escape_len(s, len);
	}
	return n;
}

/* Whether XML 1.0 allows the character and does not discourage it. */
static bool
is_xml(unsigned cp)
{
	if (cp >= 0x7f && cp < 0xa0)
		return false;
	return cp == '\t' || cp == '\n' || cp == '\r' || (cp >= 0x20 && cp < 0xfffe) || cp >= 0x10000;
}

static bool
is_hidden(unsigned cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x61c || cp == 0x2028 || cp == 0x2029 || cp == 0x200e ||
	       cp == 0x200f || (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xfeff ||
	       !is_xml(cp);
}

static void
add_xml(struct gv_str *out, const char *s, size_t len)
{
	while (len > 0) {
		const char *piece;
		size_t piece_len;
		unsigned cp = 0;
		size_t n = next(s, len, &piece, &piece_len, &cp);

		if (piece_len > 0 && is_hidden(cp) && cp != '\t' && cp != '\n' && cp != '\r')
			gv_str_add(out, REPLACEMENT);
		else
			gv_str_addn(out, piece, piece_len);
		s += n;
		len -= n;
	}
}

/* How a writer shows one character; NULL: as it is. */
typedef const char *(*escape_fn)(unsigned cp, char buf[16]);

/*
 * Append the next character and return its length, or 0 when it is longer than `max` bytes. With `blanks` (a line),
 * line ends and tabs become blanks. Without (a log), a tab becomes a blank and a carriage return is removed.
 */
static size_t
add_char(struct gv_str *out, const char *s, size_t len, size_t max, bool blanks, escape_fn escape)
{
	const char *piece, *other;
	size_t piece_len;
	unsigned cp = 0;
	char buf[16];
	size_t n = next(s, len, &piece, &piece_len, &cp);

	if (n > max)
		return 0;
	if (piece_len == 0 || (!blanks && cp == '\r'))
		return n;
	if (blanks && (cp == '\n' || cp == '\t' || cp == '\r'))
		gv_str_addc(out, ' ');
	else if (is_hidden(cp) && cp != '\t')
		gv_str_add(out, REPLACEMENT);
	else if (escape != NULL && (other = escape(cp, buf)) != NULL)
		gv_str_add(out, other);
	else
		gv_str_addn(out, piece, piece_len);
	return n;
}

static void
add_line(struct gv_str *out, const char *s, size_t max, escape_fn escape)
{
	for (size_t len = strlen(s), taken = 0, n; len > 0; s += n, len -= n, taken += n) {
		n = add_char(out, s, len, max - taken, true, escape);
		if (n == 0) {
			gv_str_add(out, "...");
			return;
		}
	}
}

void
gv_clean_line(struct gv_str *out, const char *s, size_t max)
{
	add_line(out, s, max, NULL);
}

/* Append the last `max` bytes of `s`. If something is cut off, begin at the start of a line. */
static const char *
tail(struct gv_str *out, const char *s, size_t max)
{
	size_t len = strlen(s);
	const char *nl;

	if (len <= max)
		return s;
	s += len - max;
	nl = strchr(s, '\n');
	gv_str_add(out, "...\n");
	return nl != NULL ? nl + 1 : s;
}

void
gv_clean_log(struct gv_str *out, const char *s, size_t max)
{
	struct gv_lines in;

	s = tail(out, s, max);
	gv_lines_init(&in, s, strlen(s), GV_LINES_LF);
	while (gv_lines_next(&in)) {
		for (size_t at = 0; at < in.len;)
			at += add_char(out, in.line + at, in.len - at, SIZE_MAX, false, NULL);
		gv_str_addc(out, '\n');
	}
}

/*
 * Append lines that are clean already. If a CI system would obey a line, the character that makes it a command becomes
 * "\\x3a", or with `entities` "&#58;", which a reader of HTML or XML turns back.
 */
static void
add_lines(struct gv_str *out, const char *text, bool entities, escape_fn escape)
{
	struct gv_lines in;
	char buf[16];

	gv_lines_init(&in, text, strlen(text), GV_LINES_LF);
	while (gv_lines_next(&in)) {
		for (size_t at = 0; at < in.len; at++) {
			unsigned char c = (unsigned char)in.line[at];
			const char *other = escape != NULL ? escape(c, buf) : NULL;

			if (gv_text_is_command(in.line, in.len, at))
				gv_str_addf(out, entities ? "&#%u;" : "\\x%02x", c);
			else if (other != NULL)
				gv_str_add(out, other);
			else
				gv_str_addc(out, (char)c);
		}
		if (in.line[in.len] == '\n')
			gv_str_addc(out, '\n');
	}
}

void
gv_clean_commands(struct gv_str *out, const char *text)
{
	add_lines(out, text, false, NULL);
}

static const char *
html(unsigned cp, char buf[16])
{
	(void)buf;
	return cp == '<' ? "&lt;" : cp == '>' ? "&gt;" : cp == '&' ? "&amp;" : NULL;
}

/* Escape everything that Markdown (GitHub's and GitLab's dialects) gives a meaning inside a line. */
static const char *
markdown_code(unsigned cp, char buf[16])
{
	const char *entity = html(cp, buf);

	if (entity != NULL || cp > 0x7e || strchr("|`*_[]~\\#@!$", (int)cp) == NULL)
		return entity;
	gv_text_fit(buf, 16, "&#%03u;", cp);
	return buf;
}

/*
 * GitHub and GitLab replace the entities first, and then look for "@name", "#1" and "!1". So add an invisible character
 * (U+200B) after "@", "#" and "!".
 */
static const char *
markdown(unsigned cp, char buf[16])
{
	const char *entity = markdown_code(cp, buf);

	return entity == NULL ? NULL
	       : cp == '@'    ? "&#064;&#8203;"
	       : cp == '#'    ? "&#035;&#8203;"
	       : cp == '!'    ? "&#033;&#8203;"
			      : entity;
}

static const char *
xml(unsigned cp, char buf[16])
{
	return cp == '"' ? "&quot;" : cp == '\r' ? "&#13;" : html(cp, buf);
}

static void
cut_xml(struct gv_str *out, const char *s, size_t max)
{
	size_t len = strlen(s);

	if (len <= max) {
		add_xml(out, s, len);
		return;
	}
	add_xml(out, s, max / 2);
	gv_str_add(out, "\n...\n");
	add_xml(out, s + len - max / 2, max / 2);
}

void
gv_clean_xml(struct gv_str *out, const char *s, size_t max)
{
	gv_autostr struct gv_str clean = GV_STR_INIT(ROOM(max));

	cut_xml(&clean, s, max);
	add_lines(out, gv_str_text(&clean), true, xml);
}

void
gv_clean_xml_attr(struct gv_str *out, const char *s, size_t max)
{
	gv_autostr struct gv_str clean = GV_STR_INIT(ROOM(max)), lines = GV_STR_INIT(ROOM(6 * max));

	cut_xml(&clean, s, max);
	add_lines(&lines, gv_str_text(&clean), true, xml);
	/* Line ends and tabs in an attribute are blanks to a reader, unless they are references. */
	for (const char *c = gv_str_text(&lines); *c != '\0'; c++)
		if (*c == '\n' || *c == '\t')
			gv_str_addf(out, "&#%d;", *c);
		else
			gv_str_addc(out, *c);
}

/* At the beginning of a line, drop blanks and escape what would begin a Markdown block or a command ("::"). */
static const char *
begin_block(struct gv_str *out, const char *s)
{
	if (out->len > 0 && out->buf[out->len - 1] != '\n')
		return s;
	s += gv_text_blanks(s, strlen(s));
	if (*s != '\0' && strchr("-+=:0123456789", *s) != NULL)
		gv_str_addf(out, "&#%03u;", (unsigned char)*s++);
	return s;
}

void
gv_clean_markdown(struct gv_str *out, const char *s, size_t max)
{
	gv_autostr struct gv_str line = GV_STR_INIT(ROOM(max));

	gv_clean_line(&line, s, max);
	add_line(out, begin_block(out, gv_str_text(&line)), SIZE_MAX, markdown);
}

void
gv_clean_markdown_code(struct gv_str *out, const char *s, size_t max)
{
	add_line(out, s, max, markdown_code);
}

void
gv_clean_pre(struct gv_str *out, const char *s, size_t max)
{
	gv_autostr struct gv_str clean = GV_STR_INIT(ROOM(max));

	gv_clean_log(&clean, s, max);
	add_lines(out, gv_str_text(&clean), true, html);
}

static const char *
github_data(unsigned cp, char buf[16])
{
	(void)buf;
	return cp == '%' ? "%25" : NULL; /* CR and LF are already blanks */
}

static const char *
github_property(unsigned cp, char buf[16])
{
	(void)buf;
	return cp == '%' ? "%25" : cp == ':' ? "%3A" : cp == ',' ? "%2C" : NULL;
}

void
gv_clean_github_data(struct gv_str *out, const char *s, size_t max)
{
	add_line(out, s, max, github_data);
}

void
gv_clean_github_property(struct gv_str *out, const char *s, size_t max)
{
	add_line(out, s, max, github_property);
}

static const char *
tap(unsigned cp, char buf[16])
{
	(void)buf;
	return cp == '#' ? "\\#" : cp == '\\' ? "\\\\" : NULL;
}

void
gv_clean_tap(struct gv_str *out, const char *s, size_t max)
{
	add_line(out, s, max, tap);
}

static const char *
yaml(unsigned cp, char buf[16])
{
	(void)buf;
	return cp == '"' ? "\\\"" : cp == '\\' ? "\\\\" : NULL;
}

void
gv_clean_yaml(struct gv_str *out, const char *s, size_t max)
{
	gv_str_addc(out, '"');
	add_line(out, s, max, yaml);
	gv_str_addc(out, '"');
}

void
gv_clean_uri(struct gv_str *out, const char *path)
{
	for (; *path != '\0'; path++) {
		unsigned char c = (unsigned char)*path;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    strchr("/-._~!$&'()*+,;=@", c) != NULL)
			gv_str_addc(out, (char)c);
		else
			gv_str_addf(out, "%%%02X", c);
	}
}
