/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "version/version.h"

#include <limits.h>
#include <string.h>

#include "version/parts.h"

bool
gv_piece_cut_number(struct gv_piece *out, const char **s, size_t *len)
{
	size_t n = 0;

	while (n < *len && (*s)[n] >= '0' && (*s)[n] <= '9')
		n++;
	if (n == 0 || (n > 1 && (*s)[0] == '0'))
		return false;
	*out = (struct gv_piece){ *s, n };
	*s += n;
	*len -= n;
	return true;
}

int
gv_piece_cmp_number(struct gv_piece a, struct gv_piece b)
{
	int c;

	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	c = a.len > 0 ? memcmp(a.s, b.s, a.len) : 0;
	return (c > 0) - (c < 0);
}

static int
cmp_text(struct gv_piece a, struct gv_piece b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n > 0 ? memcmp(a.s, b.s, n) : 0;

	if (c != 0)
		return c < 0 ? -1 : 1;
	return (a.len > b.len) - (a.len < b.len);
}

/* Parse the kind and number of a pre-release. Nothing may follow them. */
static bool
parse_pre(struct gv_parts *p, const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= 'a' && s[n] <= 'z')
		n++;
	if (n == 0)
		return false;
	p->kind = (struct gv_piece){ s, n };
	s += n;
	len -= n;
	return len == 0 || (gv_piece_cut_number(&p->pre, &s, &len) && len == 0);
}

bool
gv_parts_parse(struct gv_parts *p, const char *v, size_t len)
{
	static const struct gv_piece zero = { "0", 1 }, twenty_one = { "21", 2 };

	*p = (struct gv_parts){ 0 };
	if (!gv_piece_cut_number(&p->major, &v, &len))
		return false;
	if (len == 0) {
		p->minor = p->patch = zero;
		return true;
	}
	if (*v != '.')
		return false;
	v++, len--;
	if (!gv_piece_cut_number(&p->minor, &v, &len))
		return false;
	if (len == 0) {
		if (gv_piece_cmp_number(p->minor, twenty_one) < 0)
			p->patch = zero;
		return true;
	}
	if (*v != '.')
		return parse_pre(p, v, len);
	v++, len--;
	/* A kind after a patch ("1.21.3rc1") is malformed, as in Go up to 1.27. */
	return gv_piece_cut_number(&p->patch, &v, &len) && len == 0;
}

int
gv_parts_cmp_minor(const struct gv_parts *a, const struct gv_parts *b)
{
	int c = gv_piece_cmp_number(a->major, b->major);

	return c != 0 ? c : gv_piece_cmp_number(a->minor, b->minor);
}

int
gv_parts_cmp(const struct gv_parts *a, const struct gv_parts *b)
{
	int c = gv_parts_cmp_minor(a, b);

	if (c == 0)
		c = gv_piece_cmp_number(a->patch, b->patch);
	if (c == 0)
		c = cmp_text(a->kind, b->kind);
	return c != 0 ? c : gv_piece_cmp_number(a->pre, b->pre);
}

bool
gv_version_valid(const char *v)
{
	struct gv_parts p;

	return gv_parts_parse(&p, v, strlen(v));
}

int
gv_version_cmp(const char *a, const char *b)
{
	struct gv_parts pa, pb;
	bool ok_a = gv_parts_parse(&pa, a, strlen(a)), ok_b = gv_parts_parse(&pb, b, strlen(b));

	return ok_a && ok_b ? gv_parts_cmp(&pa, &pb) : ok_a - ok_b;
}

void
gv_version_lang(char *out, size_t size, const char *v)
{
	struct gv_parts p;
	bool short_form;

	if (size == 0)
		return;
	out[0] = '\0';
	if (!gv_parts_parse(&p, v, strlen(v)))
		return;
	short_form = p.major.len == 1 && *p.major.s == '1' && p.minor.len == 1 && *p.minor.s == '0';
	if (p.major.len + (short_form ? 0 : 1 + p.minor.len) >= size)
		return;
	memcpy(out, p.major.s, p.major.len);
	out += p.major.len;
	if (!short_form) {
		*out++ = '.';
		memcpy(out, p.minor.s, p.minor.len);
		out += p.minor.len;
	}
	*out = '\0';
}

int
gv_version_minor(const char *v)
{
	struct gv_parts p;
	int n = 0;

	if (v == NULL || !gv_parts_parse(&p, v, strlen(v)) || p.major.len != 1 || *p.major.s != '1')
		return -1;
	for (size_t i = 0; i < p.minor.len; i++)
		n = n < INT_MAX / 10 ? n * 10 + (p.minor.s[i] - '0') : INT_MAX;
	return n;
}

bool
gv_version_is_lang(const char *v)
{
	struct gv_parts p;

	return gv_parts_parse(&p, v, strlen(v)) && p.patch.len == 0 && p.kind.len == 0;
}

bool
gv_version_is_prerelease(const char *v)
{
	struct gv_parts p;

	return gv_parts_parse(&p, v, strlen(v)) && p.kind.len > 0;
}

int
gv_version_release_name(char *out, const char *v, struct gv_err *err)
{
	static const struct gv_piece twenty_one = { "21", 2 };
	size_t len = strlen(v);
	struct gv_parts p;

	if (!gv_parts_parse(&p, v, len))
		return gv_err_set(err, GV_EFORMAT, "'%s' is not a Go version", v);
	if (len >= GV_VERSION_MAX)
		return gv_err_set(err, GV_EFORMAT, "'%s' is too long for a Go version", v);
	/* Up to 1.20, the name of a minor's first release has no ".0". That of 1.0.0 is "1". */
	if (p.major.len == 1 && *p.major.s == '1' && p.patch.len == 1 && *p.patch.s == '0' &&
	    gv_piece_cmp_number(p.minor, twenty_one) < 0) {
		gv_version_lang(out, GV_VERSION_MAX, v);
		return 0;
	}
	memcpy(out, v, len + 1);
	return 0;
}

void
gv_version_exact(char *out, const char *release)
{
	size_t len = strlen(release);
	const char *dot;

	if (len >= GV_VERSION_MAX)
		len = GV_VERSION_MAX - 1;
	memcpy(out, release, len);
	out[len] = '\0';
	dot = strchr(out, '.');
	if (dot != NULL && strchr(dot + 1, '.') == NULL && strspn(out, "0123456789.") == len)
		memcpy(out + len, ".0", sizeof(".0"));
}
