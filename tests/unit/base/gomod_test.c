/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "version/gomod.h"

#include <string.h>

#include "tests/tap.h"
#include "util/auto.h"

struct row {
	const char *name, *text;
	const char *go;
	unsigned go_line;
	const char *toolchain;
	unsigned toolchain_line;
};

static const struct row good[] = {
	{ "empty", "", "", 0, "", 0 },
	{ "no version", "module m\n", "", 0, "", 0 },
	{ "plain", "module m\n\ngo 1.22\n", "1.22", 3, "", 0 },
	{ "no final newline", "module m\ngo 1.22.3", "1.22.3", 2, "", 0 },
	{ "CR LF", "module m\r\ngo 1.22\r\ntoolchain go1.23.4\r\n", "1.22", 2, "1.23.4", 3 },
	{ "tabs and blanks", "\t go\t 1.22 \t\n", "1.22", 1, "", 0 },
	{ "toolchain first", "toolchain go1.22.3\ngo 1.21\n", "1.21", 2, "1.22.3", 1 },
	{ "only a toolchain", "module m\ntoolchain go1.22.3\n", "", 0, "1.22.3", 2 },
	{ "toolchain default", "go 1.21\ntoolchain default\n", "1.21", 1, "", 2 },
	{ "a suffix is cut", "toolchain go1.22.3-bigcorp\n", "", 0, "1.22.3", 1 },
	{ "a suffix after a blank is cut", "toolchain go1.22.3 +x\n", "", 0, "1.22.3", 1 },
	{ "a language version as toolchain", "toolchain go1.22\n", "", 0, "1.22", 1 },
	{ "a comment after the version", "go 1.22.3 // not 1.23\n", "1.22.3", 1, "", 0 },
	{ "a comment without a blank before it", "go 1.22.3//not 1.23\n", "1.22.3", 1, "", 0 },
	{ "comment lines", "// go 1.20\n//go 1.21\ngo 1.22\n", "1.22", 3, "", 0 },
	{ "release candidate", "go 1.23rc2\n", "1.23rc2", 1, "", 0 },
	{ "the first line of each kind counts", "go 1.21\ngo 1.22\ntoolchain go1.22.3\ntoolchain go1.23.4\n", "1.21", 1,
	  "1.22.3", 3 },
	{ "a malformed second go line is ignored", "go 1.21\ngo banana\n", "1.21", 1, "", 0 },
	{ "godebug, gofoo and toolchains are other words", "godebug x=y\ngofoo 1\ntoolchains 1\ngo 1.22\n", "1.22", 4,
	  "", 0 },
	{ "go and toolchain without a value are ignored", "go\ntoolchain\n", "", 0, "", 0 },
	{ "a long number", "go 1.22.18446744073709551616\n", "1.22.18446744073709551616", 1, "", 0 },
	{ "block comments are not recognised, as in cmd/go", "/*\ngo 1.20\n*/\ngo 1.22\n", "1.20", 2, "", 0 },
	{ "a require block",
	  "module m\n\nrequire (\n\tgolang.org/x/mod v0.1.0\n\tgopkg.in/yaml.v2 v2.0.0\n)\n\ngo 1.22\n", "1.22", 8, "",
	  0 },
};

static const struct {
	const char *name, *text;
	unsigned line;
} bad[] = {
	{ "a word as version", "module m\ngo banana\n", 2 },
	{ "a comment instead of a version", "go // 1.22\n", 1 },
	{ "prefix go", "go go1.22\n", 1 },
	{ "prefix v", "go v1.22\n", 1 },
	{ "no minor", "go 1\n", 1 },
	{ "major 0", "go 0.22\n", 1 },
	{ "a wildcard", "go 1.22.x\n", 1 },
	{ "two versions", "go 1.22 1.23\n", 1 },
	{ "quotes", "go \"1.22\"\n", 1 },
	{ "kind without number", "go 1.22rc\n", 1 },
	{ "kind after a patch", "go 1.22.3rc1\n", 1 },
	{ "leading zero", "go 1.022\n", 1 },
	{ "dots", "go 1..22\n", 1 },
	{ "too long", "go 1.22.11111111111111111111111111111111111111111111111111111111111111\n", 1 },
	{ "equals", "go = 1.22\n", 1 },
	{ "a word as toolchain", "go 1.22\n\ntoolchain banana\n", 3 },
	{ "toolchain without go", "toolchain 1.22.3\n", 1 },
	{ "toolchain local", "toolchain local\n", 1 },
	{ "toolchain with +auto", "toolchain go1.22.3+auto\n", 1 },
	{ "toolchain with a slash", "toolchain go1.22.3-/../x\n", 1 },
	{ "toolchain with a backslash", "toolchain go1.22.3-\\x\n", 1 },
	{ "toolchain in quotes", "toolchain \"go1.22.3\"\n", 1 },
	{ "toolchain with no version after go", "toolchain go\n", 1 },
	{ "toolchain gccgo", "toolchain gccgo-1.22\n", 1 },
	{ "a comment instead of a toolchain", "toolchain // go1.22.3\n", 1 },
	{ "toolchain too long", "toolchain go1.22.11111111111111111111111111111111111111111111111111111111111111\n",
	  1 },
	{ "escape sequences", "go \x1b[31m1.22\n", 1 },
};

static void
nul_bytes(void)
{
	static const char go[] = "go 1.22\0.3\n", toolchain[] = "toolchain go1.22.3\0-x\n";
	struct gv_err err = GV_ERR_INIT;
	struct gv_gomod m;
	unsigned line = 0;

	ok(gv_gomod_scan(&m, go, sizeof(go) - 1, &line, &err) == -1 && line == 1, "a NUL in a go line is refused");
	ok(gv_gomod_scan(&m, toolchain, sizeof(toolchain) - 1, &line, &err) == -1 && line == 1,
	   "a NUL in a toolchain line is refused");
}

int
main(void)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(good); i++) {
		const struct row *r = &good[i];
		struct gv_err err = GV_ERR_INIT;
		struct gv_gomod m = { .go = "x" };
		unsigned line = 0;

		ok(gv_gomod_scan(&m, r->text, strlen(r->text), &line, &err) == 0 && strcmp(m.go, r->go) == 0 &&
		       m.go_line == r->go_line && strcmp(m.toolchain, r->toolchain) == 0 &&
		       m.toolchain_line == r->toolchain_line,
		   "%s", r->name);
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_gomod m = { .go = "untouched" };
		unsigned line = 0;

		ok(gv_gomod_scan(&m, bad[i].text, strlen(bad[i].text), &line, &err) == -1 && err.code == GV_EFORMAT &&
		       line == bad[i].line && strcmp(m.go, "untouched") == 0 && strchr(err.msg, '\x1b') == NULL,
		   "malformed: %s", bad[i].name);
	}
	nul_bytes();
	return tap_done();
}
