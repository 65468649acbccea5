/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/words.h"

#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"

void
gv_words_add(struct gv_str *s, const char *word)
{
	if (s->len > 0 && s->buf[s->len - 1] != '\n')
		gv_str_addc(s, ' ');
	if (word[0] == '\0')
		gv_str_add(s, "%-");
	for (const unsigned char *c = (const unsigned char *)word; *c != '\0'; c++) {
		if (*c <= ' ' || *c == '%' || *c == 0x7f)
			gv_str_addf(s, "%%%02X", *c);
		else
			gv_str_addc(s, (char)*c);
	}
}

static int
hex(char c)
{
	const char *digits = "0123456789ABCDEF", *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* Decode one word. Returns NULL when it is malformed; the caller frees. */
static char *
unescape(const char *s, size_t len)
{
	gv_autofree char *out = gv_xmalloc(len + 1);
	size_t n = 0;

	if (len == 2 && memcmp(s, "%-", 2) == 0)
		return gv_xstrdup("");
	for (size_t i = 0; i < len; i++) {
		if (s[i] != '%') {
			out[n++] = s[i];
			continue;
		}
		if (i + 2 >= len || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0 || (s[i + 1] == '0' && s[i + 2] == '0'))
			return NULL;
		out[n++] = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
		i += 2;
	}
	out[n] = '\0';
	return gv_steal_ptr(&out);
}

int
gv_words_split(struct gv_strv *words, const char *line, size_t len)
{
	const char *end = line + len;

	for (;;) {
		const char *blank = memchr(line, ' ', (size_t)(end - line)), *stop = blank != NULL ? blank : end;
		char *word = stop > line ? unescape(line, (size_t)(stop - line)) : NULL;

		if (word == NULL)
			return -1;
		gv_strv_take(words, word);
		if (blank == NULL)
			return 0;
		line = blank + 1;
	}
}
