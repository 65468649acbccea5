/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "archive/entry.h"
#include "archive/unicode.h"
#include "tests/tap.h"
#include "util/auto.h"
#include "util/text.h"

static void
test_names(void)
{
	static const struct {
		const char *name;
		bool good;
	} cases[] = {
		{ "VERSION", true },
		{ "src/cmd/go/testdata/script/mod_get_svn.txt", true },
		{ "a b/c#d$e%f&g(h)i+j,k-l.m=n@o[p]q^r_s{t}u~v!w", true },
		{ ".github/CODEOWNERS", true },
		{ "test/fixedbugs/issue27836.dir/\xc3\x9e"
		  "foo.go",
		  true }, /* in every release since 1.12 */
		{ "\xe6\x97\xa5\xe6\x9c\xac", true },
		{ "consul/com10/com.go/lpt", true },
		{ "consul/com10/common/lpt0/nulls/auxiliary", true },
		{ "", false },
		{ "/etc/passwd", false },
		{ "a//b", false },
		{ "a/", false },
		{ ".", false },
		{ "..", false },
		{ "a/../b", false },
		{ "a/./b", false },
		{ "a/.../b", false },
		{ "a./b", false },
		{ "a/b.", false },
		{ "a\\b", false },
		{ "a:b", false },
		{ "a*b", false },
		{ "a?b", false },
		{ "a\"b", false },
		{ "a'b", false },
		{ "a`b", false },
		{ "a|b", false },
		{ "a<b", false },
		{ "a;b", false },
		{ "a\nb", false },
		{ "a\x7f", false },
		{ "a\xff", false },
		{ "a\xc0\xaf"
		  "b",
		  false },
		{ "a\xe2\x80\xae"
		  "b",
		  false },              /* U+202E turns the text around */
		{ "a\xc2\xb2", false }, /* superscript two is not a letter */
		{ "a\xcc\x81", false }, /* a combining accent is not a letter */
		{ "con", false },
		{ "src/CON.go", false },
		{ "nul.tar.gz", false },
		{ "Com1.x", false },
		{ "lpt9", false },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = GV_ERR_INIT;
		int rc = gv_entry_check_name(cases[i].name, strlen(cases[i].name), &err);
		char shown[128];

		gv_text_clean(shown, sizeof(shown), cases[i].name, strlen(cases[i].name));
		ok(cases[i].good ? rc == 0 : rc < 0 && err.code == GV_EPROOF, "'%s' is %s", shown,
		   cases[i].good ? "accepted" : "refused");
	}
}

static void
test_lengths(void)
{
	struct gv_err err = GV_ERR_INIT;
	char name[2048];

	memset(name, 'x', sizeof(name));
	ok(gv_entry_check_name(name, 255, &err) == 0, "an element of 255 bytes");
	ok(gv_entry_check_name(name, 256, &err) < 0, "an element of 256 bytes is refused");
	for (size_t i = 100; i < sizeof(name); i += 100)
		name[i] = '/';
	ok(gv_entry_check_name(name, 1024, &err) == 0, "a name of 1024 bytes");
	ok(gv_entry_check_name(name, 1025, &err) < 0, "a name of 1025 bytes is refused");
	ok(gv_entry_check_name("a\0b", 3, &err) < 0, "a name with a NUL is refused");
}

static void
test_modes(void)
{
	static const struct {
		const char *path;
		unsigned mode;
	} cases[] = {
		{ "bin/go", 0555 },
		{ "pkg/tool/linux_amd64/compile", 0555 },
		{ "pkg/include/textflag.h", 0444 },
		{ "src/make.bash", 0555 },
		{ "src/cmd/vendor/x/run.sh", 0555 },
		{ "src/make.rc", 0555 },
		{ "src/regexp/syntax/make_perl_groups.pl", 0555 },
		{ "src/bash", 0444 },
		{ "lib/wasm/go_js_wasm_exec", 0555 },
		{ "misc/go_android_exec/main.go", 0444 },
		{ "misc/go_android_exec", 0444 },
		{ "go_a__exec", 0444 },
		{ "src/bin/go", 0444 },
		{ "VERSION", 0444 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++)
		ok(gv_entry_mode(cases[i].path) == cases[i].mode, "%s has mode %o", cases[i].path, cases[i].mode);
}

/* Names are added in order. The last one must be accepted or refused. */
static void
test_set(void)
{
	static const struct {
		const char *names[4];
		bool good;
		const char *what;
	} cases[] = {
		{ { "a/b", "a/c", "a/d/e" }, true, "siblings" },
		{ { "a/b", "a/b" }, false, "the same name twice" },
		{ { "a/b", "a/B" }, false, "file names that differ in case" },
		{ { "a/b", "A/c" }, false, "directories that differ in case" },
		{ { "a", "a/b" }, false, "a file, then a file below it" },
		{ { "a/b", "a" }, false, "a file below a directory, then a file of its name" },
		{ { "a/b", "A" }, false, "the same with another case" },
		{ { "\xc3\xa9", "\xc3\x89" }, false, "e and E with an accent" },
		{ { "\xcf\x83", "\xcf\x82" }, false, "sigma and final sigma" },
		{ { "k", "\xe2\x84\xaa" }, false, "k and the Kelvin sign" },
		{ { "s", "\xc5\xbf" }, false, "s and the long s" },
		{ { "\xc3\x9f", "\xe1\xba\x9e" }, false, "sharp s, small and capital" },
		{ { "i", "\xc4\xb0" }, true, "i and the dotted capital I (Turkish only)" },
		{ { "i", "\xc4\xb1" }, true, "i and the dotless i (Turkish only)" },
		{ { "\xc3\x9f", "ss" }, true, "sharp s and ss (simple folding)" },
		{ { "\xd0\xb4", "\xd0\x94" }, false, "Cyrillic de" },
		{ { "\xf0\x90\x90\xa8", "\xf0\x90\x90\x80" }, false, "Deseret long I" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_entry_set *s = gv_entry_set_new();
		int rc = 0;

		for (size_t k = 0; cases[i].names[k] != NULL; k++)
			if (rc == 0)
				rc = gv_entry_set_add(s, cases[i].names[k], &err);
		ok(cases[i].good ? rc == 0 : rc < 0 && err.code == GV_EPROOF, "%s: %s", cases[i].what,
		   cases[i].good ? "accepted" : "refused");
		gv_entry_set_free(s);
	}
}

static void
test_many(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_entry_set *s = gv_entry_set_new();
	char name[64];
	int bad = 0;

	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "dir%d/file%d", i % 100, i);
		bad += gv_entry_set_add(s, name, &err) < 0;
	}
	ok(bad == 0, "20,000 different names");
	ok(gv_entry_set_add(s, "dir7/File7", &err) < 0, "one of them in another case is refused");
	gv_entry_set_free(s);
}

int
main(void)
{
	test_names();
	test_lengths();
	test_modes();
	test_set();
	test_many();
	ok(gv_unicode_is_letter(0x10ffff) == false && gv_unicode_fold(0x10ffff) == 0x10ffff, "the last code point");
	ok(gv_unicode_is_letter(0xaa) && !gv_unicode_is_letter(0xab), "the first range of letters");
	return tap_done();
}
