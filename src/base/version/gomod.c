/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "version/gomod.h"

#include <string.h>

#include "util/lines.h"
#include "version/parts.h"

struct text {
	const char *s;
	size_t len;
};

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct text
trim(struct text t)
{
	while (t.len > 0 && is_space(*t.s))
		t.s++, t.len--;
	while (t.len > 0 && is_space(t.s[t.len - 1]))
		t.len--;
	return t;
}

/* Match "key", a blank, and a value up to a comment, like parseKey of cmd/go/internal/gover. */
static bool
cut_key(struct text line, const char *key, struct text *value)
{
	size_t n = strlen(key);

	if (line.len <= n || memcmp(line.s, key, n) != 0 || (line.s[n] != ' ' && line.s[n] != '\t'))
		return false;
	*value = (struct text){ line.s + n, line.len - n };
	for (size_t i = 0; i + 1 < value->len; i++)
		if (value->s[i] == '/' && value->s[i + 1] == '/')
			value->len = i;
	*value = trim(*value);
	return true;
}

static int
refuse(const char *key, struct text v, struct gv_err *err)
{
	return gv_err_set(err, GV_EFORMAT, "malformed %s line: '%.*s' is not a %s", key, (int)(v.len < 80 ? v.len : 80),
			  v.s, strcmp(key, "go") == 0 ? "Go version" : "toolchain name");
}

/* Accept what golang.org/x/mod/modfile.GoVersionRE matches, if it is short enough for a directory name. */
static int
take_go(char *out, struct text v, struct gv_err *err)
{
	struct gv_parts p;

	if (v.len >= GV_VERSION_MAX || !gv_parts_parse(&p, v.s, v.len) || *p.major.s == '0' || v.len == p.major.len ||
	    (p.kind.len > 0 && p.pre.len == 0))
		return refuse("go", v, err);
	memcpy(out, v.s, v.len);
	out[v.len] = '\0';
	return 0;
}

/* Accept "go1.22.3" or "go1.22.3-suffix", like gover.FromToolchain. "default" selects no version. */
static int
take_toolchain(char *out, struct text name, struct gv_err *err)
{
	struct text v = { name.s + 2, 0 };
	struct gv_parts p;

	if (name.len == 7 && memcmp(name.s, "default", 7) == 0)
		return 0;
	if (name.len < 3 || memcmp(name.s, "go", 2) != 0 || memchr(name.s, '/', name.len) != NULL ||
	    memchr(name.s, '\\', name.len) != NULL)
		return refuse("toolchain", name, err);
	while (v.len < name.len - 2 && v.s[v.len] != ' ' && v.s[v.len] != '\t' && v.s[v.len] != '-')
		v.len++;
	if (v.len >= GV_VERSION_MAX || !gv_parts_parse(&p, v.s, v.len))
		return refuse("toolchain", name, err);
	memcpy(out, v.s, v.len);
	out[v.len] = '\0';
	return 0;
}

int
gv_gomod_scan(struct gv_gomod *out, const char *text, size_t len, unsigned *bad_line, struct gv_err *err)
{
	struct gv_gomod m = { 0 };
	struct gv_lines in;

	gv_lines_init(&in, text, len, GV_LINES_LF); /* trim() removes the CR */
	while (gv_lines_next(&in)) {
		struct text line = trim((struct text){ in.line, in.len }), value;
		int rc = 0;

		if (m.go_line == 0 && cut_key(line, "go", &value)) {
			m.go_line = in.number;
			rc = take_go(m.go, value, err);
		} else if (m.toolchain_line == 0 && cut_key(line, "toolchain", &value)) {
			m.toolchain_line = in.number;
			rc = take_toolchain(m.toolchain, value, err);
		}
		if (rc < 0) {
			*bad_line = in.number;
			return -1;
		}
	}
	*out = m;
	return 0;
}
