/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/guard.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "judge/godebug.h"
#include "judge/symbols.h"
#include "util/text.h"

#define CRASH_LINES  16 /* at most, between "panic:" and the first stack: nested panics, "running tests:" */
#define PAIRED_SINCE 22 /* go vet writes "# package" and "# [package]" for packages with tests from Go 1.22 */

bool
gv_guard_symbol(const struct gv_match *m, int minor, char name[GV_SYMBOL_NAME_MAX], int *added)
{
	char pkg[128], type[128], sym[128], path[128], symbol[GV_SYMBOL_NAME_MAX];
	const char *listed = symbol;

	if (!gv_span_copy(pkg, sizeof(pkg), m->pkg) || !gv_span_copy(sym, sizeof(sym), m->sym))
		return false;
	gv_span_copy(type, sizeof(type), m->type);
	gv_text_fit(symbol, sizeof(symbol), "%s%s%s", type, type[0] != '\0' ? "." : "", sym);
	if (type[0] >= 'a' && type[0] <= 'z') /* binary.bigEndian is not listed, but the interface that it fulfils is */
		listed = symbol + strlen(type);
	if (strchr(pkg, '/') != NULL) { /* the compiler gives the path of a package whose name is not unique */
		*added = gv_symbol_added(pkg, listed);
		if (*added <= minor)
			return false;
		gv_text_fit(path, sizeof(path), "%s", pkg);
	} else if (gv_symbol_find(path, sizeof(path), pkg, listed, minor, added) == NULL) {
		return false;
	}
	return snprintf(name, GV_SYMBOL_NAME_MAX, "%s.%s", path, symbol) < GV_SYMBOL_NAME_MAX;
}

static bool
is_later_package(struct gv_span span, int minor)
{
	char path[128];

	return gv_span_copy(path, sizeof(path), span) && gv_symbol_package(path) > minor;
}

/* The start of the line before the one that begins at `at`; false at the beginning of the text. */
static bool
line_before(const char *text, size_t at, size_t *before)
{
	if (at == 0)
		return false;
	at--;
	while (at > 0 && text[at - 1] != '\n')
		at--;
	*before = at;
	return true;
}

static size_t
line_start(const char *text, size_t at)
{
	while (at > 0 && text[at - 1] != '\n')
		at--;
	return at;
}

/* Who wrote the nearest "# " line above: '[' vet, 'c' the compiler; 0: there is none. */
static char
header_above(const char *text, size_t at)
{
	size_t line = line_start(text, at);

	while (line_before(text, line, &line))
		if (strncmp(text + line, "# ", 2) == 0)
			return text[line + 2] == '[' ? '[' : 'c';
	return 0;
}

static bool
stack_follows(const char *text, size_t len, size_t at)
{
	const char *end = text + len, *p = text + at;

	for (int i = 0; i < CRASH_LINES && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; i++) {
		p++;
		if (end - p > 10 && memcmp(p, "goroutine ", 10) == 0)
			return true;
	}
	return false;
}

/*
 * Whether the test binary ended by itself. Then it printed "FAIL" just before the line that go adds about its package.
 * What looks like a crash above was only printed: by a test that recovered from it, or by a program that a test ran.
 */
static bool
came_to_its_end(const char *text, size_t len, size_t at)
{
	const char *end = text + len, *p = text + at;
	bool last = false; /* the line before is "FAIL"; exit statuses and coverage do not count */

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL && ++p < end) {
		size_t left = (size_t)(end - p);

		if (left > 5 && memcmp(p, "FAIL\t", 5) == 0)
			return last;
		if (left > 5 && memcmp(p, "FAIL\n", 5) == 0)
			last = true;
		else if (left < 12 || (memcmp(p, "exit status ", 12) != 0 && memcmp(p, "coverage: ", 10) != 0))
			last = false;
	}
	return false;
}

bool
gv_guard_holds(const struct gv_match *m, const char *text, size_t len, int minor)
{
	char name[GV_SYMBOL_NAME_MAX];
	int added;

	switch (m->pattern->guard) {
	case GV_GUARD_NONE:
		return true;
	case GV_GUARD_STD_DIRECTORY:
	case GV_GUARD_STD_PACKAGE:
		return is_later_package(m->group[1], minor);
	case GV_GUARD_STD_SYMBOL:
		return gv_guard_symbol(m, minor, name, &added);
	case GV_GUARD_LATER_GODEBUG:
		return gv_godebug_since(m->group[1].s, m->group[1].len) > minor;
	case GV_GUARD_COMPILER:
		return header_above(text, m->start) != '[';
	case GV_GUARD_LONE_HEADER:
		return minor >= PAIRED_SINCE && header_above(text, m->start) == 'c';
	case GV_GUARD_VET_HEADER:
		return header_above(text, m->start) == '[';
	case GV_GUARD_CRASH:
		return stack_follows(text, len, m->start) && !came_to_its_end(text, len, m->start);
	case GV_GUARD_CUT_OFF:
		return !came_to_its_end(text, len, m->start);
	}
	return false;
}
