/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/hint.h"

#include <ctype.h>
#include <string.h>

#include "judge/godebug.h"
#include "judge/guard.h"
#include "judge/symbols.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/lines.h"

static const struct {
	const char *name;
	int minor;
} directives[] = { { "toolchain", 21 }, { "tool", 24 }, { "godebug", 23 }, { "ignore", 25 } };

static const struct {
	const char *name;
	int minor;
} builtins[] = { { "any", 18 }, { "comparable", 18 }, { "min", 21 }, { "max", 21 }, { "clear", 21 } };

/* Module paths in the cache write capitals as "!x". */
static bool
unescape(char *out, size_t size, const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (c == '!' && i + 1 < len)
			c = (char)toupper((unsigned char)s[++i]);
		if (n + 1 >= size)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return n > 0;
}

/* The first element of a path that can begin a module path: it has a dot, and is not "." or "..". */
static const char *
module_start(const char *path, const char *end)
{
	while (path < end) {
		size_t len = strcspn(path, "/");

		if (memchr(path, '.', len) != NULL && strspn(path, ".") != len)
			return path;
		path += len + 1;
	}
	return NULL;
}

static const char *
find_last(const char *path, const char *end, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = end - n; p >= path; p--)
		if (memcmp(p, word, n) == 0)
			return p + n;
	return NULL;
}

/*
 * The module whose file a line names: "/home/u/go/pkg/mod/github.com/x/y@v1.2.3/a.go:3:2: ..." ->
 * "github.com/x/y@v1.2.3", "vendor/github.com/x/y/a.go:1:2: ..." -> "github.com/x/y". False: a file of the project
 * itself, or no file.
 */
static bool
dependency_of(char *out, size_t size, const char *line)
{
	const char *path = strncmp(line, "vet: ", 5) == 0 ? line + 5 : line;
	const char *end = path + strcspn(path, ": \t"), *at = NULL, *start;

	for (const char *p = path; p + 2 < end; p++)
		if (p[0] == '@' && p[1] == 'v' && isdigit((unsigned char)p[2]))
			at = p;
	if (at != NULL) {
		start = find_last(path, at, "/pkg/mod/");
		if (start == NULL)
			start = module_start(path, at);
		return start != NULL && unescape(out, size, start, (size_t)(at - start) + strcspn(at, "/: \t"));
	}
	start = strncmp(path, "vendor/", 7) == 0 ? path + 7 : find_last(path, end, "/vendor/");
	if (start == NULL || (end = find_last(start, end, "/")) == NULL)
		return false;
	return unescape(out, size, start, (size_t)(end - 1 - start));
}

static void
added(struct gv_str *out, const char *name, int minor, const char *line)
{
	char dependency[256];

	gv_str_addf(out, "'%s' was added in Go 1.%d", name, minor);
	if (dependency_of(dependency, sizeof(dependency), line))
		gv_str_addf(out, "; %s needs it", dependency);
}

static void
hint_package(struct gv_str *out, const struct gv_match *m, const char *line)
{
	char path[128];

	if (!gv_span_copy(path, sizeof(path), m->group[1]))
		return;
	if (gv_symbol_package(path) >= 0)
		added(out, path, gv_symbol_package(path), line);
	else
		gv_str_addf(out, "no Go release known here has '%s'", path);
}

static void
hint_directive(struct gv_str *out, struct gv_span span)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(directives); i++)
		if (strlen(directives[i].name) == span.len && memcmp(directives[i].name, span.s, span.len) == 0)
			gv_str_addf(out, "'%s' lines need Go 1.%d", directives[i].name, directives[i].minor);
}

/* A built-in function that is older than the language of this Go; false when `span` names none. */
static bool
hint_builtin(struct gv_str *out, struct gv_span span, int minor)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(builtins); i++)
		if (builtins[i].minor > minor && strlen(builtins[i].name) == span.len &&
		    memcmp(builtins[i].name, span.s, span.len) == 0) {
			gv_str_addf(out, "'%s' was added to the language in Go 1.%d", builtins[i].name,
				    builtins[i].minor);
			return true;
		}
	return false;
}

/* Find lines that a compiler prints when it does not know a newer part of the language. */
static bool
hint_newer_language(struct gv_str *out, const char *line, int minor)
{
	static const struct {
		const char *words[2];
		int minor;
		const char *what;
	} forms[] = {
		{ { "cannot range over ", " (untyped int constant" }, 22, "a range over an integer" },
		{ { "cannot range over ", " of type int)" }, 22, "a range over an integer" },
		{ { "cannot range over ", " of type func(" }, 23, "a range over a function" },
		{ { "cannot range over ", " of type iter.Seq" }, 23, "a range over a function" },
		{ { "generic type cannot be alias", "" }, 24, "a generic alias" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(forms); i++)
		if (minor < forms[i].minor && strstr(line, forms[i].words[0]) != NULL &&
		    strstr(line, forms[i].words[1]) != NULL) {
			gv_str_addf(out, "%s needs Go 1.%d", forms[i].what, forms[i].minor);
			return true;
		}
	return false;
}

static void
hint_compile(struct gv_str *out, struct gv_span name, const char *line, int minor)
{
	char dependency[256];

	if (minor >= 0 && (hint_builtin(out, name, minor) || hint_newer_language(out, line, minor)))
		return;
	if (dependency_of(dependency, sizeof(dependency), line))
		gv_str_addf(out, "%s does not compile with this Go; another version of it may", dependency);
}

static bool
has_any(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(text, *words) != NULL)
			return true;
	return false;
}

/* The name in `exec: "NAME": executable file not found in $PATH`; false when there is none. */
static bool
missing_command(char *name, size_t size, const char *text)
{
	static const char before[] = "exec: \"", after[] = "\": executable file not found in $PATH";

	for (const char *p = text; (p = strstr(p, before)) != NULL;) {
		size_t len;

		p += sizeof(before) - 1;
		len = strcspn(p, "\"\n");
		if (len > 0 && len < size && strncmp(p + len, after, sizeof(after) - 1) == 0) {
			memcpy(name, p, len);
			name[len] = '\0';
			return true;
		}
	}
	return false;
}

/* Say what a cell does not have, if this line of a failing test shows that the test wanted it. */
static bool
hint_missing(struct gv_str *out, const char *line, size_t len)
{
	static const char *const local[] = { "dial tcp 127.0.0.1:", "dial tcp [::1]:", "dial tcp localhost:",
					     "dial tcp :", NULL };
	static const char *const network[] = { "dial tcp",
					       "dial udp",
					       "no such host",
					       "network is unreachable",
					       "no route to host",
					       "Temporary failure in name resolution",
					       "Could not resolve host",
					       "server misbehaving",
					       NULL };
	gv_autofree char *text = gv_xstrndup(line, len);
	char name[64];

	if (missing_command(name, sizeof(name), text))
		gv_str_addf(out, "the tests look for a command '%s', which a cell does not have", name);
	else if (has_any(text, local) && strstr(text, "connection refused") != NULL)
		gv_str_add(out, "the tests look for a server on this host, and a cell has none");
	else if (has_any(text, network))
		gv_str_add(out, "the tests run without a network");
	else if (strstr(text, "not a git repository") != NULL)
		gv_str_add(out, "the project is tested without its .git");
	return out->len > 0;
}

/*
 * Look at the deciding line, then at lines that are indented or begin with "panic: ": failing tests print these. Other
 * lines may come from anything, often from tests that pass.
 */
static void
hint_surroundings(struct gv_str *out, const char *line, const char *text)
{
	struct gv_lines in;

	if (hint_missing(out, line, strlen(line)))
		return;
	gv_lines_init(&in, text, strlen(text), GV_LINES_LF);
	while (gv_lines_next(&in))
		if ((strncmp(in.line, "    ", 4) == 0 || strncmp(in.line, "panic: ", 7) == 0) &&
		    hint_missing(out, in.line, in.len))
			return;
}

/* Append the sentence, with groups of the match in place of {1} to {3}. */
static void
say(struct gv_str *out, const char *sentence, const struct gv_match *m)
{
	for (const char *p = sentence; *p != '\0'; p++) {
		if (p[0] == '{' && p[1] >= '1' && p[1] <= '3' && p[2] == '}') {
			const struct gv_span *group = &m->group[p[1] - '0'];

			gv_str_addn(out, group->s != NULL ? group->s : "", group->len);
			p += 2;
		} else {
			gv_str_addc(out, *p);
		}
	}
}

void
gv_hint_add(struct gv_str *out, const struct gv_match *m, const char *line, const char *text, int minor)
{
	char name[GV_SYMBOL_NAME_MAX];
	int since;

	switch (m->pattern->hint) {
	case GV_HINT_NONE:
		break;
	case GV_HINT_SENTENCE:
		say(out, m->pattern->sentence, m);
		break;
	case GV_HINT_DIRECTIVE:
		hint_directive(out, m->group[1]);
		break;
	case GV_HINT_GODEBUG:
		say(out, "'{1}' is a GODEBUG setting of Go 1.", m);
		gv_str_addf(out, "%d", gv_godebug_since(m->group[1].s, m->group[1].len));
		break;
	case GV_HINT_PACKAGE:
		hint_package(out, m, line);
		break;
	case GV_HINT_SYMBOL:
		if (gv_guard_symbol(m, minor, name, &since))
			added(out, name, since, line);
		break;
	case GV_HINT_COMPILE:
		hint_compile(out, m->group[1], line, minor);
		break;
	case GV_HINT_SURROUNDINGS:
		hint_surroundings(out, line, text);
		break;
	case GV_HINT_NO_MODULE:
		gv_str_add(out, strstr(line, "go.work") != NULL ? "run 'go work use .'"
								: "there is no go.mod: 'go mod init' makes one");
		break;
	}
}
