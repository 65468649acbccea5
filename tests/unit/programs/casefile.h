/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_UNIT_PROGRAMS_CASEFILE_H
#define GV_TESTS_UNIT_PROGRAMS_CASEFILE_H

/* Reads one case of tests/data/resolve, whose README describes the keys and files. */
#include <stdbool.h>

#include "tests/unit/vectors.h"

struct case_file {
	char *path, *text;
	size_t len;
};

struct test_case {
	char *cwd, *def, *system, *session;
	struct gv_strv installed, args, env, steps, forbid_bytes, forbid_lines, forbid_paths;
	bool escaped_paths;
	char *version, *source, *file, *warning, *error;
	unsigned line;
	bool clean;
	struct case_file *files;
	size_t n_files;
	char *unknown; /* a key that this runner does not know */
};

static void
split_words(struct gv_strv *out, const char *s)
{
	while (*(s += strspn(s, " ")) != '\0') {
		gv_strv_addn(out, s, strcspn(s, " "));
		s += strcspn(s, " ");
	}
}

/* A path in the tree. Decodes its escapes when the case says so. Caller frees. */
static char *
case_path(const struct test_case *c, const char *s)
{
	char *copy = gv_xstrdup(s);

	if (c->escaped_paths)
		vectors_unescape(copy);
	return copy;
}

static void
case_key(struct test_case *c, const char *key, const char *value)
{
	const struct {
		const char *key;
		char **text;
		struct gv_strv *words, *lines;
	} keys[] = {
		{ "cwd", &c->cwd, NULL, NULL },
		{ "default", &c->def, NULL, NULL },
		{ "system", &c->system, NULL, NULL },
		{ "session", &c->session, NULL, NULL },
		{ "expect-version", &c->version, NULL, NULL },
		{ "expect-source", &c->source, NULL, NULL },
		{ "expect-file", &c->file, NULL, NULL },
		{ "expect-warning", &c->warning, NULL, NULL },
		{ "expect-error", &c->error, NULL, NULL },
		{ "installed", NULL, &c->installed, NULL },
		{ "args", NULL, &c->args, NULL },
		{ "forbid-bytes", NULL, &c->forbid_bytes, NULL },
		{ "env", NULL, NULL, &c->env },
		{ "do", NULL, NULL, &c->steps },
		{ "forbid-line", NULL, NULL, &c->forbid_lines },
		{ "forbid-path", NULL, NULL, &c->forbid_paths },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].key, key) != 0)
			continue;
		if (keys[i].text != NULL) {
			free(*keys[i].text);
			*keys[i].text = gv_xstrdup(value);
		} else if (keys[i].words != NULL) {
			split_words(keys[i].words, value);
		} else {
			gv_strv_add(keys[i].lines, value);
		}
		return;
	}
	if (strcmp(key, "paths") == 0)
		c->escaped_paths = strcmp(value, "escaped") == 0;
	else if (strcmp(key, "expect-line") == 0)
		c->line = (unsigned)strtoul(value, NULL, 10);
	else if (strcmp(key, "expect-clean") == 0)
		c->clean = true;
	else
		c->unknown = gv_xstrdup(key);
}

/* Read "-- path --" or "-- path (escaped) --". */
static bool
file_head(const char *line, char **path, bool *escaped)
{
	static const char mark[] = " (escaped)";
	size_t len = strlen(line), n;

	if (len < 7 || strncmp(line, "-- ", 3) != 0 || strcmp(line + len - 3, " --") != 0)
		return false;
	n = len - 6;
	*escaped = n > sizeof(mark) - 1 && strncmp(line + 3 + n - (sizeof(mark) - 1), mark, sizeof(mark) - 1) == 0;
	*path = gv_xstrndup(line + 3, *escaped ? n - (sizeof(mark) - 1) : n);
	return true;
}

static void
file_line(struct case_file *f, const char *line, bool escaped)
{
	size_t len = strlen(line);

	f->text = gv_xrealloc(f->text, f->len + len + 2);
	memcpy(f->text + f->len, line, len + 1);
	f->len += len;
	if (!escaped)
		f->text[f->len++] = '\n';
	f->text[f->len] = '\0';
}

static struct test_case
case_read(const char *name)
{
	struct test_case c = { .cwd = gv_xstrdup(".") };
	size_t len;
	char *text = vectors_read(name, &len), *path;
	struct gv_strv lines = vectors_lines(text);
	struct case_file *f = NULL;
	bool escaped = false;

	for (size_t i = 0; i < lines.n; i++) {
		char *line = lines.v[i], *colon = strchr(line, ':');
		bool next_escaped;

		if (file_head(line, &path, &next_escaped)) {
			if (f != NULL && escaped)
				f->len = vectors_unescape(f->text);
			c.files = gv_xreallocarray(c.files, c.n_files + 1, sizeof(*c.files));
			f = &c.files[c.n_files++];
			*f = (struct case_file){ .path = path, .text = gv_xstrdup("") };
			escaped = next_escaped;
		} else if (f != NULL) {
			file_line(f, line, escaped);
		} else if (line[0] != '#' && colon != NULL) {
			*colon = '\0';
			case_key(&c, line, colon + 1 + (colon[1] == ' '));
		}
	}
	if (f != NULL && escaped)
		f->len = vectors_unescape(f->text);
	for (size_t i = 0; i < c.forbid_bytes.n; i++)
		vectors_unescape(c.forbid_bytes.v[i]);
	gv_strv_release(&lines);
	free(text);
	return c;
}

static void
case_free(struct test_case *c)
{
	struct gv_strv *const lists[] = { &c->installed,    &c->args,         &c->env,         &c->steps,
					  &c->forbid_bytes, &c->forbid_lines, &c->forbid_paths };
	char *const texts[] = { c->cwd,    c->def,  c->system,  c->session, c->version,
				c->source, c->file, c->warning, c->error,   c->unknown };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		gv_strv_release(lists[i]);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]);
	for (size_t i = 0; i < c->n_files; i++) {
		free(c->files[i].path);
		free(c->files[i].text);
	}
	free(c->files);
}

#endif
