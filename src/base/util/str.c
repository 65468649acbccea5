/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"

void
gv_str_release(struct gv_str *s)
{
	free(s->buf);
	s->buf = NULL;
	s->len = s->cap = 0;
}

void
gv_str_clear(struct gv_str *s)
{
	s->len = 0;
	s->over = false;
	if (s->buf != NULL)
		s->buf[0] = '\0';
}

/* Make room for `more` bytes and a NUL. */
static bool
reserve(struct gv_str *s, size_t more)
{
	size_t want;

	if (s->over || more > s->max - s->len) {
		s->over = true;
		return false;
	}
	want = s->len + more + 1;
	if (want > s->cap) {
		s->cap = want < 64 ? 64 : want + want / 2;
		s->buf = gv_xrealloc(s->buf, s->cap);
	}
	return true;
}

void
gv_str_addn(struct gv_str *s, const void *data, size_t len)
{
	if (!reserve(s, len))
		return;
	if (len > 0)
		memcpy(s->buf + s->len, data, len);
	s->len += len;
	s->buf[s->len] = '\0';
}

void
gv_str_add(struct gv_str *s, const char *text)
{
	gv_str_addn(s, text, strlen(text));
}

void
gv_str_addc(struct gv_str *s, char c)
{
	gv_str_addn(s, &c, 1);
}

void
gv_str_addf(struct gv_str *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !reserve(s, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(s->buf + s->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	s->len += (size_t)n;
}

const char *
gv_str_text(const struct gv_str *s)
{
	return s->buf != NULL ? s->buf : "";
}

char *
gv_str_finish(struct gv_str *s, struct gv_err *err)
{
	if (s->over) {
		gv_err_set(err, GV_ETOOBIG, "text longer than %zu bytes", s->max);
		return NULL;
	}
	gv_str_addn(s, "", 0);
	s->len = s->cap = 0;
	return gv_steal_ptr(&s->buf);
}
