/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/path.h"
#include "util/str.h"

#define CONFIG_MAX (64u << 10) /* bytes of the settings file */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void
trim(const char **s, size_t *len)
{
	while (*len > 0 && is_blank(**s))
		++*s, --*len;
	while (*len > 0 && is_blank((*s)[*len - 1]))
		--*len;
}

static int
check_yes_no(const char *value, struct gv_err *err)
{
	if (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0)
		return 0;
	return gv_err_set(err, GV_EFORMAT, "must be yes or no, not '%s'", value);
}

static int
check_verify(const char *value, struct gv_err *err)
{
	if (strcmp(value, "log") == 0 || strcmp(value, "off") == 0)
		return 0;
	return gv_err_set(err, GV_EFORMAT, "must be log or off, not '%s'", value);
}

static bool
is_source(const char *s, size_t len)
{
	static const char *const names[] = { "goproxy", "golang", "toolcache" };

	for (size_t i = 0; i < GV_ARRAY_LEN(names); i++)
		if (len == strlen(names[i]) && memcmp(s, names[i], len) == 0)
			return true;
	return len > 0 && *s == '/';
}

static int
check_sources(const char *value, struct gv_err *err)
{
	if (strcmp(value, "auto") == 0 || strcmp(value, "off") == 0)
		return 0;
	for (const char *s = value;; s++) {
		size_t len = strcspn(s, ","), n = len;
		const char *word = s;

		trim(&word, &n);
		if (!is_source(word, n)) {
			gv_err_set(err, GV_EFORMAT, "'%.*s' is not a source", (int)n, word);
			return gv_err_help(
			    err, "use auto, off, or a list of goproxy, golang, toolcache and absolute directories");
		}
		s += len;
		if (*s == '\0')
			return 0;
	}
}

static int
check_base_url(const char *value, struct gv_err *err)
{
	if (strncmp(value, "https://", 8) == 0 || strncmp(value, "http://", 7) == 0 ||
	    strncmp(value, "file:///", 8) == 0 || value[0] == '/')
		return 0;
	return gv_err_set(err, GV_EFORMAT, "must be an https, http or file URL or an absolute directory, not '%s'",
			  value);
}

static int
check_anything(const char *value, struct gv_err *err)
{
	(void)value;
	(void)err;
	return 0;
}

const struct gv_setting gv_settings[] = {
	{ "auto_install", "GOVER_AUTO_INSTALL", "yes", "whether a shim and 'use' install a missing version: yes or no",
	  check_yes_no },
	{ "sources", "GOVER_SOURCES", "auto",
	  "where releases come from: auto, off, or a list of goproxy, golang, toolcache and directories",
	  check_sources },
	{ "golang_url", "GOVER_GOLANG_URL", "https://go.dev/dl", "the download site, or a mirror of the same form",
	  check_base_url },
	{ "goproxy", "GOVER_GOPROXY", "", "GOPROXY for gover and go, if GOPROXY is unset", check_anything },
	{ "verify", "GOVER_VERIFY", "log", "proof against Go's transparency log: log or off", check_verify },
};
const size_t gv_settings_len = GV_ARRAY_LEN(gv_settings);

/* No value may hold a control character, because values end up in URLs, headers and environments. */
static int
check(size_t i, const char *value, struct gv_err *err)
{
	for (const char *s = value; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return gv_err_set(err, GV_EFORMAT, "'%s' holds a control character", value);
	return gv_settings[i].check(value, err);
}

static size_t
find_key(const char *key, size_t len)
{
	size_t i = 0;

	while (i < gv_settings_len && (strlen(gv_settings[i].key) != len || memcmp(gv_settings[i].key, key, len) != 0))
		i++;
	return i;
}

/* One line of the file. Key and value are borrowed from the text and have no NUL. */
struct line {
	const char *key, *value;
	size_t key_len, value_len;
};

/* Returns 1 for a setting, 0 for a comment or an empty line, -1 when malformed. */
static int
parse_line(struct line *out, const char *s, size_t len)
{
	const char *equals;

	trim(&s, &len);
	if (len == 0 || *s == '#')
		return 0;
	equals = memchr(s, '=', len);
	if (equals == NULL || memchr(s, '\0', len) != NULL)
		return -1;
	*out = (struct line){ s, equals + 1, (size_t)(equals - s), len - (size_t)(equals + 1 - s) };
	trim(&out->key, &out->key_len);
	trim(&out->value, &out->value_len);
	return out->key_len > 0 ? 1 : -1;
}

/* Read the file. When it is missing, *text is "". */
static int
read_file(const char *path, char **text, size_t *len, struct gv_err *err)
{
	struct gv_err failure = GV_ERR_INIT;

	if (gv_fs_read(AT_FDCWD, path, CONFIG_MAX, text, len, &failure) == 0)
		return 0;
	if (failure.sys != ENOENT) {
		*err = failure;
		return -1;
	}
	*text = gv_xstrdup("");
	*len = 0;
	return 0;
}

static void
set_value(struct gv_config *c, size_t i, const char *value, size_t len, enum gv_config_source source)
{
	free(c->values[i]);
	c->values[i] = gv_xstrndup(value, len);
	c->sources[i] = source;
}

static int
load_file(struct gv_config *c, const char *path, struct gv_err *warn, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	struct gv_lines in;
	size_t len = 0;

	if (read_file(path, &text, &len, err) < 0)
		return -1;
	gv_lines_init(&in, text, len, GV_LINES_LF); /* trim() removes a CR */
	while (gv_lines_next(&in)) {
		struct line line;
		size_t i;
		int rc = parse_line(&line, in.line, in.len);

		if (rc < 0) {
			gv_err_set(err, GV_EFORMAT, "%s:%u: not a 'key = value' line", path, in.number);
			return -1;
		}
		if (rc == 0)
			continue;
		i = find_key(line.key, line.key_len);
		if (i == gv_settings_len) {
			gv_err_set(warn, GV_EFORMAT, "%s:%u: unknown setting '%.*s'", path, in.number,
				   (int)line.key_len, line.key);
			continue;
		}
		set_value(c, i, line.value, line.value_len, GV_CONFIG_FILE);
		if (check(i, c->values[i], err) < 0)
			return gv_err_wrap(err, "%s:%u: %s", path, in.number, gv_settings[i].key);
	}
	return 0;
}

int
gv_config_load(struct gv_config *c, const char *path, struct gv_err *warn, struct gv_err *err)
{
	gv_autoconfig struct gv_config out = { 0 };

	gv_err_clear(warn);
	out.values = gv_xcalloc(gv_settings_len, sizeof(out.values[0]));
	out.sources = gv_xcalloc(gv_settings_len, sizeof(out.sources[0]));
	for (size_t i = 0; i < gv_settings_len; i++)
		set_value(&out, i, gv_settings[i].fallback, strlen(gv_settings[i].fallback), GV_CONFIG_DEFAULT);
	if (load_file(&out, path, warn, err) < 0)
		return -1;
	for (size_t i = 0; i < gv_settings_len; i++) {
		const char *value = getenv(gv_settings[i].variable);

		if (value == NULL || value[0] == '\0')
			continue;
		if (check(i, value, err) < 0)
			return gv_err_wrap(err, "%s", gv_settings[i].variable);
		set_value(&out, i, value, strlen(value), GV_CONFIG_ENV);
	}
	*c = out;
	out = (struct gv_config){ 0 };
	return 0;
}

void
gv_config_release(struct gv_config *c)
{
	for (size_t i = 0; c->values != NULL && i < gv_settings_len; i++)
		free(c->values[i]);
	free(c->values);
	free(c->sources);
	*c = (struct gv_config){ 0 };
}

const char *
gv_config_get(const struct gv_config *c, const char *key)
{
	size_t i = find_key(key, strlen(key));

	if (i == gv_settings_len)
		abort(); /* a bug: the caller misspelt the key */
	return c->values[i];
}

bool
gv_config_is(const struct gv_config *c, const char *key, const char *value)
{
	return strcmp(gv_config_get(c, key), value) == 0;
}

static int
check_value(const char *key, const char *value, struct gv_err *err)
{
	size_t i = find_key(key, strlen(key));

	if (i == gv_settings_len)
		return gv_err_set(err, GV_EUSAGE, "unknown setting '%s'", key);
	if (value == NULL)
		return 0;
	if (check(i, value, err) < 0)
		return gv_err_wrap(err, "%s", key);
	return 0;
}

int
gv_config_set(const char *path, const char *key, const char *value, struct gv_err *err)
{
	gv_autostr struct gv_str out = GV_STR_INIT(CONFIG_MAX);
	gv_autofree char *text = NULL, *whole = NULL, *dir = gv_xstrdup(path);
	bool written = value == NULL;
	struct gv_lines in;
	size_t len = 0;

	if (check_value(key, value, err) < 0 || read_file(path, &text, &len, err) < 0)
		return -1;
	gv_lines_init(&in, text, len, GV_LINES_LF);
	while (gv_lines_next(&in)) {
		struct line line;

		if (parse_line(&line, in.line, in.len) == 1 && line.key_len == strlen(key) &&
		    memcmp(line.key, key, line.key_len) == 0) {
			if (!written)
				gv_str_addf(&out, "%s = %s\n", key, value);
			written = true;
			continue;
		}
		gv_str_addn(&out, in.line, in.len);
		gv_str_addc(&out, '\n');
	}
	if (!written)
		gv_str_addf(&out, "%s = %s\n", key, value);
	len = out.len;
	whole = gv_str_finish(&out, err);
	if (whole == NULL)
		return gv_err_wrap(err, "'%s'", path);
	if (gv_path_parent(dir) && gv_fs_mkdir_p(dir, err) < 0)
		return -1;
	return gv_fs_replace(path, whole, len, 0644, err);
}
