/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "report/clean.h"
#include "tests/tap.h"
#include "util/auto.h"
#include "util/text.h"

/* Each format's functions make untrusted text safe. */
static void
test_clean(void)
{
	static const struct {
		const char *what, *in, *out;
		void (*clean)(struct gv_str *out, const char *s, size_t max);
		size_t max;
	} cases[] = {
		{ "XML: text", "a\tb\nc <&>\" \xc3\xa9\r", "a\tb\nc &lt;&amp;&gt;&quot; \xc3\xa9&#13;", gv_clean_xml,
		  99 },
		{ "XML: lines that CI systems obey", " ::error::x\n##[group]a::b", " &#58;:error::x\n&#35;#[group]a::b",
		  gv_clean_xml, 99 },
		{ "XML: an attribute", "a\tb\n<\">", "a&#9;b&#10;&lt;&quot;&gt;", gv_clean_xml_attr, 99 },
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
		  gv_clean_markdown_code, 99 },
		{ "Markdown: names", "@a #1 !2", "&#064;&#8203;a &#035;&#8203;1 &#033;&#8203;2", gv_clean_markdown,
		  99 },
		{ "Markdown: the beginning of a line", " \xc2\xa0 ::error::x", "&#058;:error::x", gv_clean_markdown,
		  99 },
		{ "Markdown: no block", "1. a", "&#049;. a", gv_clean_markdown, 99 },
		{ "pre: lines that CI systems obey", "a\n\x1b[0m::error::x\n##vso[y",
		  "a\n&#58;:error::x\n&#35;#vso[y\n", gv_clean_pre, 99 },
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

/* Lines as a whole: GitHub's runner looks behind blanks of any kind, and for the old form in the middle, too. */
static void
test_commands(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "a\n\n  b::c\n", "a\n\n  b::c\n" },
		{ "::error::x", "\\x3a:error::x" },
		{ "a\n \t\xc2\xa0\xe3\x80\x80::x\n", "a\n \t\xc2\xa0\xe3\x80\x80\\x3a:x\n" },
		{ "a ##[x] ##VSO[y] ##teamcity[z #[ ##", "a \\x23#[x] \\x23#VSO[y] \\x23#teamcity[z #[ ##" },
		{ "###[x]", "#\\x23#[x]" },
		{ "", "" },
	};
	char text[64];

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autostr struct gv_str out = GV_STR_INIT(4096);

		gv_clean_commands(&out, cases[i].in);
		ok(strcmp(gv_str_text(&out), cases[i].out) == 0, "line %zu for the output of a job", i);
	}
	gv_text_clean(text, sizeof(text), "  ::a ##[b]", 11);
	ok(strcmp(text, "  \\x3a:a \\x23#[b]") == 0, "messages are cleaned in the same way: %s", text);
}

int
main(void)
{
	test_clean();
	test_commands();
	return tap_done();
}
