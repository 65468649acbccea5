/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/symbols.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "util/lines.h"
#include "util/num.h"

/* Lines "PATH TAB MINOR [TAB MINOR SYMBOL...]...", made from data/std-symbols.tsv by the makefile. */
static const char table[] =
#include <src/lab/judge/symbols.inc>
    ;

#define SYMBOL_MAX 256 /* bytes; the longest of Go 1.27 has 60 */

static const char *
find_package(const char *path)
{
	size_t len = strlen(path);
	struct gv_lines in;

	gv_lines_init(&in, table, sizeof(table) - 1, GV_LINES_LF);
	while (gv_lines_next(&in))
		if (strncmp(in.line, path, len) == 0 && in.line[len] == '\t')
			return in.line;
	return NULL;
}

static int
minor_at(const char *s)
{
	uint64_t minor;

	return gv_num_prefix(s, INT_MAX, &minor) != NULL ? (int)minor : GV_SYMBOL_UNKNOWN;
}

int
gv_symbol_package(const char *path)
{
	const char *line = find_package(path);

	return line != NULL ? minor_at(strchr(line, '\t') + 1) : GV_SYMBOL_UNKNOWN;
}

/* Whether one of the words of [p, end) is `symbol`, or ends with it if it begins with a dot (".Loop"). */
static bool
has_word(const char *p, const char *end, const char *symbol, size_t len)
{
	while (p < end) {
		size_t n = strcspn(p, " \t\n");

		if ((n == len || (n > len && symbol[0] == '.')) && memcmp(p + n - len, symbol, len) == 0)
			return true;
		p += n + 1;
	}
	return false;
}

static int
added_in_line(const char *line, const char *symbol)
{
	size_t len = strlen(symbol);
	const char *group = line + strcspn(line, "\t\n");

	if (*group == '\t')
		group++; /* at the package's own minor, a group without symbols */
	while (*group != '\n') {
		const char *end = group + strcspn(group, "\t\n");

		if (has_word(group + strcspn(group, " \t\n"), end, symbol, len))
			return minor_at(group);
		group = *end == '\t' ? end + 1 : end;
	}
	return GV_SYMBOL_UNKNOWN;
}

/* "(*B).Loop" -> "B.Loop"; false when it does not fit. */
static bool
normalize(char out[SYMBOL_MAX], const char *symbol)
{
	size_t n = 0;

	for (; *symbol != '\0'; symbol++) {
		if (strchr("(*)", *symbol) != NULL)
			continue;
		if (n + 1 >= SYMBOL_MAX)
			return false;
		out[n++] = *symbol;
	}
	out[n] = '\0';
	return n > 0;
}

int
gv_symbol_added(const char *path, const char *symbol)
{
	const char *line = find_package(path);
	char plain[SYMBOL_MAX];

	if (line == NULL || !normalize(plain, symbol))
		return GV_SYMBOL_UNKNOWN;
	return added_in_line(line, plain);
}

/* Whether the path that begins `line` ends in the element `name`; "v2" is skipped, as in math/rand/v2. */
static bool
is_called(const char *line, size_t path_len, const char *name, size_t name_len)
{
	if (path_len > 3 && memcmp(line + path_len - 3, "/v2", 3) == 0)
		path_len -= 3;
	return path_len >= name_len && memcmp(line + path_len - name_len, name, name_len) == 0 &&
	       (path_len == name_len || line[path_len - name_len - 1] == '/');
}

const char *
gv_symbol_find(char *path, size_t size, const char *name, const char *symbol, int minor, int *added)
{
	size_t name_len = strlen(name);
	char plain[SYMBOL_MAX];
	struct gv_lines in;

	if (name_len == 0 || !normalize(plain, symbol))
		return NULL;
	gv_lines_init(&in, table, sizeof(table) - 1, GV_LINES_LF);
	while (gv_lines_next(&in)) {
		const char *line = in.line;
		size_t path_len = strcspn(line, "\t");
		int n;

		if (path_len >= size || !is_called(line, path_len, name, name_len))
			continue;
		n = added_in_line(line, plain);
		if (n <= minor)
			continue;
		memcpy(path, line, path_len);
		path[path_len] = '\0';
		*added = n;
		return path;
	}
	return NULL;
}
