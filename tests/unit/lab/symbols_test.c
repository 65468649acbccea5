/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "judge/symbols.h"
#include "tests/tap.h"
#include "util/auto.h"

static void
test_packages(void)
{
	static const struct {
		const char *path;
		int minor;
	} cases[] = {
		{ "archive/tar", 0 },   { "fmt", 0 },         { "context", 7 },        { "embed", 16 },
		{ "net/netip", 18 },    { "slices", 21 },     { "log/slog", 21 },      { "math/rand", 0 },
		{ "math/rand/v2", 22 }, { "iter", 23 },       { "weak", 24 },          { "testing/synctest", 25 },
		{ "time/tzdata", 15 },  { "syscall/js", 11 }, { "runtime/cgo", 0 },    { "unique", 23 },
		{ "slice", -1 },        { "log/slo", -1 },    { "example.com/x", -1 }, { "", -1 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		int got = gv_symbol_package(cases[i].path);

		ok(got == cases[i].minor, "package '%s' since %d, got %d", cases[i].path, cases[i].minor, got);
	}
}

static void
test_symbols(void)
{
	static const struct {
		const char *path, *symbol;
		int minor;
	} cases[] = {
		{ "strings", "CutPrefix", 20 },
		{ "errors", "Join", 20 },
		{ "sync/atomic", "Bool", 19 },
		{ "testing", "B.Loop", 24 },
		{ "encoding/binary", ".AppendUint16", 19 },
		{ "encoding/binary", ".AppendUint1", -1 },
		{ "testing", "(*B).Loop", 24 },
		{ "net/http", "Request.PathValue", 22 },
		{ "crypto/tls", "Config.EncryptedClientHelloConfigList", 23 },
		{ "slices", "Concat", 22 },
		{ "zzz", "Join", -1 },
		{ "errors", "New", -1 },
		{ "errors", "Joi", -1 },
		{ "errors", "20", -1 },
		{ "errors", "", -1 },
		{ "compress/bzip2", "NewReader", -1 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		int got = gv_symbol_added(cases[i].path, cases[i].symbol);

		ok(got == cases[i].minor, "'%s' of '%s' since %d, got %d", cases[i].symbol, cases[i].path,
		   cases[i].minor, got);
	}
}

static void
test_find(void)
{
	static const struct {
		const char *name, *symbol, *path;
		int minor, added;
	} cases[] = {
		{ "atomic", "Bool", "sync/atomic", 18, 19 },
		{ "atomic", "Bool", NULL, 19, 0 },
		{ "http", "Request.PathValue", "net/http", 21, 22 },
		{ "tomic", "Bool", NULL, 18, 0 },
		{ "rand", "Text", "crypto/rand", 20, 24 },
		{ "errors", "Join", "errors", 10, 20 },
		{ "json", "Marshal", NULL, 10, 0 },
		{ "", "Join", NULL, 10, 0 },
	};
	char path[64];

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		int added = 0;
		const char *got = gv_symbol_find(path, sizeof(path), cases[i].name, cases[i].symbol, cases[i].minor,
						 &added);

		ok(cases[i].path == NULL ? got == NULL : got != NULL && strcmp(got, cases[i].path) == 0,
		   "%s.%s after Go 1.%d is in %s, got %s", cases[i].name, cases[i].symbol, cases[i].minor,
		   cases[i].path != NULL ? cases[i].path : "no package", got != NULL ? got : "none");
		ok(added == cases[i].added, "%s.%s was added in %d", cases[i].name, cases[i].symbol, added);
	}
	ok(gv_symbol_find(path, 8, "atomic", "Bool", 18, &(int){ 0 }) == NULL, "a path that does not fit is not cut");
}

int
main(void)
{
	test_packages();
	test_symbols();
	test_find();
	return tap_done();
}
