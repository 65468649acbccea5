/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/lookup.h"

#include <string.h>

#include "util/auto.h"
#include "util/lines.h"
#include "util/str.h"
#include "verify/wire.h"

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The rules of golang.org/x/mod/module.CheckPath that matter in a URL or record: plain elements, the first a host. */
static bool
module_valid(const char *path)
{
	size_t first = strcspn(path, "/");
	const char *element = path;

	if (path[0] == '-' || memchr(path, '.', first) == NULL || strlen(path) > 512)
		return false;
	for (const char *p = path;; p++) {
		if (*p == '/' || *p == '\0') {
			if (p == element || *element == '.' || p[-1] == '.')
				return false;
			if (*p == '\0')
				return true;
			element = p + 1;
		} else if (!is_alnum(*p) && strchr("-._~", *p) == NULL) {
			return false;
		}
	}
}

static bool
version_valid(const char *version)
{
	if (version[0] != 'v' || strlen(version) > 256)
		return false;
	for (const char *p = version; *p != '\0'; p++) {
		if (!is_alnum(*p) && strchr("-.+", *p) == NULL)
			return false;
	}
	return true;
}

static void
add_escaped(struct gv_str *s, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z') {
			gv_str_addc(s, '!');
			gv_str_addc(s, (char)(*text - 'A' + 'a'));
		} else {
			gv_str_addc(s, *text);
		}
	}
}

char *
gv_lookup_path(const char *module, const char *version, struct gv_err *err)
{
	gv_autostr struct gv_str path = GV_STR_INIT(2048);

	if (!module_valid(module)) {
		gv_err_set(err, GV_EFORMAT, "malformed module path '%s'", module);
		return NULL;
	}
	if (!version_valid(version)) {
		gv_err_set(err, GV_EFORMAT, "malformed module version '%s'", version);
		return NULL;
	}
	gv_str_add(&path, "lookup/");
	add_escaped(&path, module);
	gv_str_addc(&path, '@');
	add_escaped(&path, version);
	return gv_str_finish(&path, err);
}

/* The end of the first blank line: the second of two newlines. NULL when there is none. */
static const char *
blank_line(const char *s, const char *end)
{
	for (const char *p = s; p + 1 < end && (p = memchr(p, '\n', (size_t)(end - p - 1))) != NULL; p++) {
		if (p[1] == '\n')
			return p + 1;
	}
	return NULL;
}

int
gv_lookup_parse(struct gv_lookup *l, const char *reply, size_t len, struct gv_err *err)
{
	const char *end = reply + len, *newline = len > 0 ? memchr(reply, '\n', len) : NULL, *blank;
	struct gv_lookup rec;

	if (newline == NULL || !gv_wire_decimal(&rec.id, reply, (size_t)(newline - reply)))
		return gv_err_set(err, GV_EPROOF, "malformed lookup reply: it does not begin with a record number");
	rec.text = newline + 1;
	blank = blank_line(rec.text, end);
	if (blank == NULL)
		return gv_err_set(err, GV_EPROOF, "malformed lookup reply: no blank line ends the record");
	rec.text_len = (size_t)(blank - rec.text);
	rec.note = blank + 1;
	rec.note_len = (size_t)(end - rec.note);
	if (rec.text[0] == '\n' || !gv_wire_is_text(rec.text, rec.text_len))
		return gv_err_set(err, GV_EPROOF, "malformed lookup reply: record %llu is not text",
				  (unsigned long long)rec.id);
	*l = rec;
	return 0;
}

int
gv_lookup_h1(const struct gv_lookup *l, const char *module, const char *version, char h1[GV_H1_MAX], struct gv_err *err)
{
	size_t module_len = strlen(module), version_len = strlen(version), head = module_len + 1 + version_len + 1;
	const char *found = NULL;
	size_t found_len = 0;
	struct gv_lines in;

	gv_lines_init(&in, l->text, l->text_len, GV_LINES_LF);
	while (gv_lines_next(&in)) {
		const char *p = in.line;
		size_t len = in.len;

		if (len < head || memcmp(p, module, module_len) != 0 || p[module_len] != ' ' ||
		    memcmp(p + module_len + 1, version, version_len) != 0 || p[head - 1] != ' ')
			continue;
		if (found != NULL)
			return gv_err_set(err, GV_EPROOF, "log record %llu holds two hashes of %s@%s",
					  (unsigned long long)l->id, module, version);
		found = p + head;
		found_len = len - head;
	}
	if (found == NULL || !gv_wire_is_h1(found, found_len))
		return gv_err_set(err, GV_EPROOF,
				  "checksum missing from the log: record %llu holds no h1: hash of %s@%s",
				  (unsigned long long)l->id, module, version);
	memcpy(h1, found, found_len);
	h1[found_len] = '\0';
	return 0;
}
