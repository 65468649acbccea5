/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "tests/tap.h"
#include "util/auto.h"
#include "util/lines.h"
#include "util/str.h"

/* The lines of `text`: each as its number, then the line in brackets. */
static const char *
shown(struct gv_str *out, const char *text, size_t len, enum gv_lines_end end)
{
	struct gv_lines in;

	gv_str_clear(out);
	gv_lines_init(&in, text, len, end);
	while (gv_lines_next(&in)) {
		gv_str_addf(out, "%u[", in.number);
		gv_str_addn(out, in.line, in.len);
		gv_str_addc(out, ']');
	}
	return gv_str_text(out);
}

static void
test_lines(void)
{
	static const struct {
		const char *text, *lf, *crlf;
	} rows[] = {
		{ "", "", "" },
		{ "a", "1[a]", "1[a]" },
		{ "a\n", "1[a]", "1[a]" },
		{ "\n", "1[]", "1[]" },
		{ "\n\na", "1[]2[]3[a]", "1[]2[]3[a]" },
		{ "a\r\nb\r", "1[a\r]2[b\r]", "1[a]2[b]" },
		{ "a\r\r\n\r\n", "1[a\r\r]2[\r]", "1[a\r]2[]" },
		{ "a\rb\n", "1[a\rb]", "1[a\rb]" },
	};
	gv_autostr struct gv_str out = GV_STR_INIT(100);

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].text);

		ok(strcmp(shown(&out, rows[i].text, len, GV_LINES_LF), rows[i].lf) == 0, "row %zu, LF", i);
		ok(strcmp(shown(&out, rows[i].text, len, GV_LINES_CRLF), rows[i].crlf) == 0, "row %zu, CRLF", i);
	}
	ok(strcmp(shown(&out, "ab\ncd", 4, GV_LINES_LF), "1[ab]2[c]") == 0, "no byte after the text is read");
	shown(&out, "a\0b\nc", 5, GV_LINES_LF);
	ok(out.len == 10 && memcmp(out.buf, "1[a\0b]2[c]", 10) == 0, "a NUL does not end a line");
}

static void
test_words(void)
{
	static const char good[] = "key one%20word %-\nx\n", nul[] = "key a\0b\n";
	static const char *const bad[] = { "a\n\nb\n", "a\nb  c\n", "a\nb %zz\n", "a\n b\n", "a\nb /cut" };
	gv_autostrv struct gv_strv w = GV_STRV_INIT;
	struct gv_lines in;

	gv_lines_init(&in, good, sizeof(good) - 1, GV_LINES_LF);
	ok(gv_lines_words(&in, &w) == 1 && w.n == 3 && strcmp(w.v[1], "one word") == 0 && w.v[2][0] == '\0',
	   "a line is split into words");
	ok(gv_lines_words(&in, &w) == 1 && w.n == 1 && strcmp(w.v[0], "x") == 0,
	   "the words of the next line replace those of the line before");
	ok(gv_lines_words(&in, &w) == 0 && in.number == 2, "0 at the end");
	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++) {
		gv_lines_init(&in, bad[i], strlen(bad[i]), GV_LINES_LF);
		ok(gv_lines_words(&in, &w) == 1 && gv_lines_words(&in, &w) == -1 && in.number == 2,
		   "malformed line %zu is refused", i);
	}
	gv_lines_init(&in, nul, sizeof(nul) - 1, GV_LINES_LF);
	ok(gv_lines_words(&in, &w) == -1, "a line with a NUL is refused");
}

static void
test_format(void)
{
	static const char *const other[] = {
		"gover-pin", "gover-pin ", "gover-pin x", "gover-pin 1 ", "gover-pins 1", "x", ""
	};
	struct gv_err err = GV_ERR_INIT;

	ok(gv_lines_format("gover-pin 1", "gover-pin", 1, &err) == 0 &&
	       gv_lines_format("gover-pin 1\nrest", "gover-pin", 1, &err) == 0 && err.code == GV_OK,
	   "the right name and format are accepted");
	ok(gv_lines_format("gover-pin 2", "gover-pin", 1, &err) < 0 && err.code == GV_EFORMAT &&
	       strcmp(err.msg, "has format 2, but this gover reads only format 1") == 0 && err.help[0] != '\0',
	   "another format is refused: %s", err.msg);
	gv_err_clear(&err);
	ok(gv_lines_format(NULL, "gover-pin", 1, &err) < 0 && err.code == GV_EFORMAT,
	   "a file without a line is refused");
	for (size_t i = 0; i < GV_ARRAY_LEN(other); i++)
		ok(gv_lines_format(other[i], "gover-pin", 1, &err) < 0 &&
		       strcmp(err.msg, "does not begin with 'gover-pin 1'") == 0,
		   "'%s' is refused", other[i]);
}

static void
test_cut(void)
{
	char text[] = "one two\nlast";
	char *at = text, *one = gv_lines_cut(&at, ' '), *two = gv_lines_cut(&at, '\n'), *last = gv_lines_cut(&at, '\n');

	ok(one != NULL && strcmp(one, "one") == 0 && two != NULL && strcmp(two, "two") == 0,
	   "fields are cut at their ends");
	ok(last == NULL && at == NULL && gv_lines_cut(&at, '\n') == NULL,
	   "a field without an end is NULL, and so is the next");
}

int
main(void)
{
	test_lines();
	test_words();
	test_format();
	test_cut();
	return tap_done();
}
