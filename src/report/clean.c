/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/clean.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "util/text.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ESC         0x1b

/*
 * Length of the escape sequence at `s` (ECMA-48): CSI and its final byte, OSC and other strings to their terminator, else two bytes.
 * An unfinished one ends with the line.
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

/* The next character: its length, its bytes in `*piece` (an escape sequence has none) and its value. */
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

/* What XML 1.0 may hold, without the controls that it discourages. */
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
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 || cp == 0x2029 || cp == 0x200e || cp == 0x200f ||
	       (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xfeff || !is_xml(cp);
}

static void
add_xml(struct gv_str *out, const char *s, size_t len)
{
	while (len > 0) {
		const char *piece;
		size_t piece_len;
		unsigned cp = 0;
		size_t n = next(s, len, &piece, &piece_len, &cp);

		if (piece_len > 0 && !is_xml(cp))
			gv_str_add(out, REPLACEMENT);
		else
			gv_str_addn(out, piece, piece_len);
		s += n;
		len -= n;
	}
}

void
gv_clean_xml(struct gv_str *out, const char *s, size_t max)
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

/* How a writer shows one character; NULL: as it is. */
typedef const char *(*escape_fn)(unsigned cp, char buf[16]);

/*
 * Show the next character and return its length, or 0 when it has more than `max` bytes. `blanks`: line ends and tabs are blanks, as in a
 * line; else a tab is one and a carriage return nothing, as in a log.
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

/* The last `max` bytes of `s`, from the beginning of a line when anything is cut. */
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

static void
add_log(struct gv_str *out, const char *s, size_t max, escape_fn escape)
{
	for (s = tail(out, s, max); *s != '\0';) {
		const char *end = s + strcspn(s, "\n");

		while (s < end)
			s += add_char(out, s, (size_t)(end - s), SIZE_MAX, false, escape);
		gv_str_addc(out, '\n');
		s = end + (*end == '\n');
	}
}

void
gv_clean_log(struct gv_str *out, const char *s, size_t max)
{
	add_log(out, s, max, NULL);
}

static const char *
html(unsigned cp, char buf[16])
{
	(void)buf;
	return cp == '<' ? "&lt;" : cp == '>' ? "&gt;" : cp == '&' ? "&amp;" : NULL;
}

/* Everything that Markdown (GitHub's and GitLab's dialects, mentions and references included) gives a meaning inside a line. */
static const char *
markdown(unsigned cp, char buf[16])
{
	const char *entity = html(cp, buf);

	if (entity != NULL || cp > 0x7e || strchr("|`*_[]~\\#@!$", (int)cp) == NULL)
		return entity;
	buf[0] = '&';
	buf[1] = '#';
	buf[2] = (char)('0' + cp / 100);
	buf[3] = (char)('0' + cp / 10 % 10);
	buf[4] = (char)('0' + cp % 10);
	buf[5] = ';';
	buf[6] = '\0';
	return buf;
}

void
gv_clean_markdown(struct gv_str *out, const char *s, size_t max)
{
	add_line(out, s, max, markdown);
}

void
gv_clean_pre(struct gv_str *out, const char *s, size_t max)
{
	add_log(out, s, max, html);
}

static const char *
github_data(unsigned cp, char buf[16])
{
	(void)buf;
	return cp == '%' ? "%25" : NULL; /* CR and LF are blanks already */
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
