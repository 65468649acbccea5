/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/gotest_line.h"

#include <string.h>

/* "0.004s", "(cached)"; -1 when it is neither. Locale-free, unlike strtod. */
static double
parse_time(const char *s, size_t len)
{
	double value = 0, unit = 0;

	if (len >= 8 && memcmp(s, "(cached)", 8) == 0)
		return 0;
	for (size_t i = 0; i < len && i < 16; i++) {
		if (s[i] >= '0' && s[i] <= '9') {
			value = value * 10 + (s[i] - '0');
			unit *= 10;
		} else if (s[i] == '.' && unit < 1) {
			unit = 1;
		} else if (s[i] == 's' && i > 0) {
			return unit > 0 ? value / unit : value;
		} else {
			return -1;
		}
	}
	return -1;
}

static bool
has(const char *s, size_t len, const char *word)
{
	return memmem(s, len, word, strlen(word)) != NULL;
}

/* The rest of a package line: "PACKAGE\tTIME\t...", "PACKAGE [build failed]", "PACKAGE\t[no test files]". */
static void
package_rest(struct gv_gotest_line *l, const char *s, size_t len)
{
	size_t n = 0;
	double seconds;

	while (n < len && s[n] != '\t' && s[n] != ' ')
		n++;
	if (n == 0 || n == len)
		return; /* "FAIL\t" printed by a test */
	l->name = s;
	l->name_len = n;
	l->note = s + n + 1;
	l->note_len = len - n - 1;
	seconds = parse_time(l->note, l->note_len);
	l->ran = seconds >= 0;
	l->seconds = l->ran ? seconds : 0;
	l->empty = has(l->note, l->note_len, "[no test files]") || has(l->note, l->note_len, "[no tests to run]");
	if (!l->ran && l->note[0] != '[')
		return;
	l->kind = GV_LINE_PACKAGE;
}

/* "NAME (0.00s)" */
static void
test_rest(struct gv_gotest_line *l, const char *s, size_t len)
{
	const char *paren = memrchr(s, '(', len);

	if (paren == NULL || paren < s + 2 || paren[-1] != ' ')
		return;
	l->seconds = parse_time(paren + 1, len - (size_t)(paren + 1 - s));
	if (l->seconds < 0)
		return;
	l->name = s;
	l->name_len = (size_t)(paren - 1 - s);
	l->kind = GV_LINE_TEST;
}

static bool
is(const char *s, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(s, word, len) == 0;
}

void
gv_gotest_line(struct gv_gotest_line *l, const char *line, size_t len)
{
	static const struct {
		char prefix[12];
		enum gv_outcome outcome;
		bool test;
	} forms[] = {
		{ "ok  \t", GV_PASS, false },    { "FAIL\t", GV_FAIL, false },    { "?   \t", GV_SKIPPED, false },
		{ "--- FAIL: ", GV_FAIL, true }, { "--- PASS: ", GV_PASS, true }, { "--- SKIP: ", GV_SKIPPED, true },
	};
	size_t indent = 0;

	memset(l, 0, sizeof(*l));
	while (indent < len && line[indent] == ' ')
		indent++;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t n = strlen(forms[i].prefix), at = forms[i].test ? indent : 0;

		if (len - at <= n || memcmp(line + at, forms[i].prefix, n) != 0)
			continue;
		l->outcome = forms[i].outcome;
		if (forms[i].test)
			test_rest(l, line + at + n, len - at - n);
		else
			package_rest(l, line + at + n, len - at - n);
		return;
	}
	if (is(line, len, "PASS") || is(line, len, "FAIL") || (len >= 4 && memcmp(line, "=== ", 4) == 0))
		l->kind = GV_LINE_FRAME;
}
