/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "shell/goenv.h"
#include "tests/tap.h"
#include "util/auto.h"

/* The value in the line for `name`; NULL when there is none, "(twice)" when there are several. */
static const char *
value_of(const struct gv_strv *lines, const char *name)
{
	const char *value = NULL;
	size_t len = strlen(name);

	for (size_t i = 0; i < lines->n; i++)
		if (strncmp(lines->v[i], name, len) == 0 && lines->v[i][len] == '=')
			value = value == NULL ? lines->v[i] + len + 1 : "(twice)";
	return value;
}

static void
expect(const struct gv_strv *lines, const char *who, const char *name, const char *value)
{
	const char *got = value_of(lines, name);

	ok(value == NULL ? got == NULL : got != NULL && strcmp(got, value) == 0, "%s: %s is %s", who, name,
	   value != NULL ? value : "not there");
}

/* A cell's Go gets exactly these variables, and none of ours. */
static void
test_cell(void)
{
	static const char *const want[][2] = {
		{ "PATH", "/s/bin:/usr/local/bin:/usr/bin:/bin" },
		{ "HOME", "/home/gover" },
		{ "USER", "gover" },
		{ "TMPDIR", "/tmp" },
		{ "LANG", "C.UTF-8" },
		{ "GOENV", "off" },
		{ "GOTOOLCHAIN", "local" },
		{ "GOTELEMETRY", "off" },
		{ "GOFLAGS", "" },
		{ "GOPROXY", "off" },
		{ "GOSUMDB", "off" },
		{ "GOCACHE", "/c" },
		{ "GOMODCACHE", "/m" },
		{ "CGO_ENABLED", "0" },
		{ "GOMAXPROCS", "2" },
	};
	gv_autostrv struct gv_strv lines = GV_STRV_INIT, cross = GV_STRV_INIT, axis = GV_STRV_INIT, over = GV_STRV_INIT;
	struct gv_goenv_cell in = {
		.sdk = "/s", .bin = "/b", .cache = "/c", .mod = "/m", .axis = "", .cpus_milli = 1500
	};

	unsetenv("GOWORK");
	setenv("GOVER_VERSION", "1.22.3", 1);
	setenv("GOPROXY", "https://proxy.example", 1);
	gv_goenv_cell(&lines, &in);
	for (size_t i = 0; i < GV_ARRAY_LEN(want); i++)
		expect(&lines, "a cell", want[i][0], want[i][1]);
	ok(lines.n == GV_ARRAY_LEN(want), "a cell is told nothing else");

	in.platform = "linux/arm64";
	in.cpus_milli = 8000;
	gv_goenv_cell(&cross, &in);
	expect(&cross, "another platform", "GOOS", "linux");
	expect(&cross, "another platform", "GOARCH", "arm64");
	expect(&cross, "eight processors", "GOMAXPROCS", "8");

	in.axis = "CGO_ENABLED=1,GODEBUG=a=1,b=2";
	gv_goenv_cell(&axis, &in);
	expect(&axis, "the axis", "CGO_ENABLED", "1");
	expect(&axis, "the axis", "GODEBUG", "a=1,b=2");
	expect(&axis, "cgo without CC", "PATH", "/s/bin:/b");

	/* When a variable is there twice, Go uses the first. */
	in.axis = "GOFLAGS=-mod=mod,GOMAXPROCS=1,LANG=C";
	gv_goenv_cell(&over, &in);
	expect(&over, "the axis", "GOFLAGS", "-mod=mod");
	expect(&over, "the axis", "GOMAXPROCS", "1");
	expect(&over, "the axis", "LANG", "C");
}

/* A fetch keeps the caller's proxies and credentials, but no variable that would make it differ from the cell. */
static void
test_fetch(void)
{
	static const char *const gone[] = { "GOROOT", "GOVER_VERSION", "GOOS", "GOARCH", "CGO_ENABLED", "PWD" };
	gv_autostrv struct gv_strv lines = GV_STRV_INIT, work = GV_STRV_INIT;

	for (size_t i = 0; i < GV_ARRAY_LEN(gone); i++)
		setenv(gone[i], "x", 1);
	setenv("GOFLAGS", "-mod=vendor", 1);
	setenv("GOTOOLCHAIN", "auto", 1);
	setenv("GOMODCACHE", "/mine", 1);
	setenv("GOPROXY", "https://proxy.example", 1);
	setenv("GOPRIVATE", "example.com", 1);
	setenv("HOME", "/home/me", 1);
	gv_goenv_fetch(&lines, "/m", NULL);
	for (size_t i = 0; i < GV_ARRAY_LEN(gone); i++)
		expect(&lines, "a fetch", gone[i], NULL);
	expect(&lines, "a fetch", "GOFLAGS", "-modcacherw");
	expect(&lines, "a fetch", "GOTOOLCHAIN", "local");
	expect(&lines, "a fetch", "GOMODCACHE", "/m");
	expect(&lines, "a fetch without a workspace", "GOWORK", "off");
	gv_goenv_fetch(&work, "/m", "/p/go.work");
	expect(&work, "a fetch in a workspace", "GOWORK", "/p/go.work");
	expect(&lines, "a fetch", "GOPROXY", "https://proxy.example");
	expect(&lines, "a fetch", "GOPRIVATE", "example.com");
	expect(&lines, "a fetch", "HOME", "/home/me");
}

int
main(void)
{
	test_cell();
	test_fetch();
	return tap_done();
}
