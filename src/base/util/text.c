/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

size_t
gv_utf8_decode(const char *s, size_t len, unsigned *cp)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)s;
	unsigned c;
	size_t n;

	if (len == 0)
		return 0;
	c = p[0];
	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	if (c >= 0xc2 && c <= 0xdf)
		n = 2, c &= 0x1f;
	else if (c >= 0xe0 && c <= 0xef)
		n = 3, c &= 0x0f;
	else if (c >= 0xf0 && c <= 0xf4)
		n = 4, c &= 0x07;
	else
		return 0;
	if (len < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return n;
}

bool
gv_utf8_valid(const char *s, size_t len)
{
	unsigned cp;

	while (len > 0) {
		size_t n = gv_utf8_decode(s, len, &cp);

		if (n == 0)
			return false;
		s += n;
		len -= n;
	}
	return true;
}

bool
gv_text_is_control(unsigned cp)
{
	static const unsigned ranges[][2] = {
		{ 0, 0x1f },        { 0x7f, 0xa0 },     { 0xad, 0xad },     { 0x61c, 0x61c },
		{ 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x2000, 0x200f },
		{ 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x3000, 0x3000 }, { 0x3164, 0x3164 },
		{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xfff0, 0xfffb }, { 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (cp <= ranges[i][1])
			return cp >= ranges[i][0];
	return false;
}

size_t
gv_text_blanks(const char *s, size_t len)
{
	unsigned cp = 0;
	size_t at = 0, n;

	while ((n = gv_utf8_decode(s + at, len - at, &cp)) > 0 &&
	       (cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0xa0 || cp == 0x1680 || cp == 0x180e ||
		(cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f ||
		cp == 0x3000))
		at += n;
	return at;
}

bool
gv_text_is_command(const char *line, size_t len, size_t at)
{
	static const char *const marks[] = { "##[", "##vso[", "##teamcity[" };

	for (size_t i = 0; line[at] == '#' && i < sizeof(marks) / sizeof(marks[0]); i++)
		if (len - at >= strlen(marks[i]) && strncasecmp(line + at, marks[i], strlen(marks[i])) == 0)
			return true;
	return len - at >= 2 && line[at] == ':' && line[at + 1] == ':' && gv_text_blanks(line, at) == at;
}

void
gv_text_clean(char *dst, size_t size, const char *src, size_t len)
{
	size_t out = 0, cut = 0; /* cut: the end of the last whole character that leaves room for "..." */

	if (size == 0)
		return;
	for (size_t i = 0; i < len;) {
		unsigned cp = 0;
		char hex[20];
		const char *piece = src + i;
		size_t n = gv_utf8_decode(src + i, len - i, &cp), add = n;

		if (n == 0 || gv_text_is_control(cp) || gv_text_is_command(src, len, i)) {
			n = n == 0 ? 1 : n;
			add = 0;
			for (size_t k = 0; k < n; k++)
				add += (size_t)snprintf(hex + add, sizeof(hex) - add, "\\x%02x",
							(unsigned char)src[i + k]);
			piece = hex;
		}
		if (out + add >= size) {
			out = cut + (size_t)snprintf(dst + cut, size - cut, "...");
			break;
		}
		memcpy(dst + out, piece, add);
		out += add;
		i += n;
		if (out + 4 <= size)
			cut = out;
	}
	dst[out < size ? out : size - 1] = '\0';
}

void
gv_text_cut(char *dst, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(dst, size, fmt, ap);
	va_end(ap);
}

void
gv_text_fit(char *dst, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(dst, size, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= size)
		abort();
}
