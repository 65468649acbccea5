/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "report/clean.h"
#include "tests/tap.h"
#include "util/auto.h"

/* Untrusted text, cleaned for each format. */
static void
test_clean(void)
{
	static const struct {
		const char *what, *in, *out;
		void (*clean)(struct gv_str *out, const char *s, size_t max);
		size_t max;
	} cases[] = {
		{ "XML: text", "a\tb\nc <&> \xc3\xa9", "a\tb\nc <&> \xc3\xa9", gv_clean_xml, 99 },
		{ "XML: controls",
		  "a\x01"
		  "b\x1b[1;31mc\x7f\xc2\x85",
		  "a\xef\xbf\xbd"
		  "bc\xef\xbf\xbd\xef\xbf\xbd",
		  gv_clean_xml, 99 },
		{ "XML: bad UTF-8", "\xff\xc3(\xed\xa0\x80",
		  "\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", gv_clean_xml, 99 },
		{ "XML: what is no character", "\xef\xbf\xbe", "\xef\xbf\xbd", gv_clean_xml, 99 },
		{ "XML: too long", "0123456789", "01\n...\n89", gv_clean_xml, 4 },
		{ "line: line ends", "a\r\nb\tc", "a  b c", gv_clean_line, 99 },
		{ "line: an operating system command", "\x1b]0;title\x07x\x1b]8;;u\x1b\\y", "xy", gv_clean_line, 99 },
		{ "line: an unfinished escape", "a\x1b[12", "a", gv_clean_line, 99 },
		{ "line: escape at the end", "a\x1b", "a", gv_clean_line, 99 },
		{ "line: escape before UTF-8", "a\x1b\xc3\xa9", "a\xc3\xa9", gv_clean_line, 99 },
		{ "line: bidirectional",
		  "a\xe2\x80\xae"
		  "b",
		  "a\xef\xbf\xbd"
		  "b",
		  gv_clean_line, 99 },
		{ "line: too long", "abcdef", "abc...", gv_clean_line, 3 },
		{ "log: lines", "a\r\n\tb\x1b[0K\n", "a\n\tb\n", gv_clean_log, 99 },
		{ "log: no line end", "a", "a\n", gv_clean_log, 99 },
		{ "log: too long", "first\nsecond\nthird\n", "...\nthird\n", gv_clean_log, 10 },
		{ "Markdown", "a|b `c` <d> *e* [f](g) #1 @h \\ ~~i~~ _j_ $k$ !l",
		  "a&#124;b &#096;c&#096; &lt;d&gt; &#042;e&#042; &#091;f&#093;(g) "
		  "&#035;1 &#064;h &#092; &#126;&#126;i&#126;&#126; &#095;j&#095; &#036;k&#036; &#033;l",
		  gv_clean_markdown, 99 },
		{ "pre", "</pre>&\nx", "&lt;/pre&gt;&amp;\nx\n", gv_clean_pre, 99 },
		{ "GitHub data", "50%\n::error::x", "50%25 ::error::x", gv_clean_github_data, 99 },
		{ "GitHub property", "a,b:c%", "a%2Cb%3Ac%25", gv_clean_github_property, 99 },
		{ "TAP", "x # SKIP y \\", "x \\# SKIP y \\\\", gv_clean_tap, 99 },
		{ "YAML", "a \"b\" \\ \n...", "\"a \\\"b\\\" \\\\  ...\"", gv_clean_yaml, 99 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autostr struct gv_str out = GV_STR_INIT(4096);

		cases[i].clean(&out, cases[i].in, cases[i].max);
		ok(strcmp(gv_str_text(&out), cases[i].out) == 0, "cleaned for %s", cases[i].what);
	}
}

int
main(void)
{
	test_clean();
	return tap_done();
}
