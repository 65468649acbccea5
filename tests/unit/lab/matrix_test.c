/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "project/matrix.h"
#include "resolve/dirs.h"
#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"

/* The cells of a command line, by their ids in reports and for --only. */
static struct gv_module modules[] = {
	{ .dir = (char[]){ "." }, .path = (char[]){ "example.com/m" }, .go = "1.22" },
	{ .dir = (char[]){ "sub/mod" }, .path = (char[]){ "example.com/m/sub/mod" }, .go = "1.99" },
};

/* Each axis is words separated by blanks; NULL: none. */
struct asked {
	const char *versions, *platforms, *tags, *envs, *only;
	size_t n_modules;
};

static void
split(struct gv_strv *out, const char *words)
{
	for (const char *p = words != NULL ? words : ""; *p != '\0';) {
		size_t n = strcspn(p, " ");

		gv_strv_addn(out, p, n);
		p += n + strspn(p + n, " ");
	}
}

/* The ids in one line, with brackets around those not wanted; "" and *err on an error. */
static char *
ids(const struct asked *a, struct gv_err *err)
{
	gv_autostrv struct gv_strv versions = GV_STRV_INIT, platforms = GV_STRV_INIT, tags = GV_STRV_INIT,
				   envs = GV_STRV_INIT, only = GV_STRV_INIT;
	struct gv_project project = { .modules = modules, .n = a->n_modules };
	struct gv_matrix_in in = { &project, &versions, &platforms, &tags, &envs, &only };
	gv_automatrix struct gv_matrix m = { 0 };
	char *line = gv_xstrdup("");

	split(&versions, a->versions);
	split(&platforms, a->platforms);
	split(&tags, a->tags);
	split(&envs, a->envs);
	split(&only, a->only);
	if (gv_matrix_make(&m, &in, err) < 0)
		return line;
	for (size_t i = 0; i < m.n; i++) {
		const char *id = m.cells[i].id;
		char *more = gv_xasprintf(m.cells[i].wanted ? "%s%s%s" : "%s%s[%s]", line, i > 0 ? " " : "", id);

		free(line);
		line = more;
	}
	return line;
}

static void
test_ids(void)
{
	static const struct {
		struct asked a;
		const char *want, *why;
	} cases[] = {
		{ { "1.21.0 1.22.3", NULL, NULL, NULL, NULL, 1 }, "go1.21.0 go1.22.3", "versions, in their order" },
		{ { "1.22.3", NULL, NULL, NULL, NULL, 2 },
		  "go1.22.3#. go1.22.3#sub/mod",
		  "modules, also one whose go line is newer: that is the go command's to say" },
		{ { "1.22.3", "linux/amd64 plan9/386", NULL, NULL, NULL, 1 },
		  "go1.22.3/linux-amd64 go1.22.3/plan9-386",
		  "platforms" },
		{ { "1.22.3", NULL, "a,b c", NULL, NULL, 1 }, "go1.22.3:a,b go1.22.3:c", "lists of tags" },
		{ { "1.22.3", NULL, NULL, "CGO_ENABLED=0 A=1,B=", NULL, 1 },
		  "go1.22.3@CGO_ENABLED=0 go1.22.3@A=1,B=",
		  "environments" },
		{ { "1.21.0 1.22.3", "js/wasm", "t u", "A=1 A=2", NULL, 2 },
		  "go1.21.0/js-wasm:t@A=1#. go1.21.0/js-wasm:t@A=1#sub/mod go1.21.0/js-wasm:t@A=2#. "
		  "go1.21.0/js-wasm:t@A=2#sub/mod go1.21.0/js-wasm:u@A=1#. go1.21.0/js-wasm:u@A=1#sub/mod "
		  "go1.21.0/js-wasm:u@A=2#. go1.21.0/js-wasm:u@A=2#sub/mod go1.22.3/js-wasm:t@A=1#. "
		  "go1.22.3/js-wasm:t@A=1#sub/mod go1.22.3/js-wasm:t@A=2#. go1.22.3/js-wasm:t@A=2#sub/mod "
		  "go1.22.3/js-wasm:u@A=1#. go1.22.3/js-wasm:u@A=1#sub/mod go1.22.3/js-wasm:u@A=2#. "
		  "go1.22.3/js-wasm:u@A=2#sub/mod",
		  "all of them: modules vary fastest, versions slowest" },
		{ { "1.22.3", "js/wasm plan9/386", "t u", "A=1", NULL, 1 },
		  "go1.22.3/js-wasm:t@A=1 go1.22.3/js-wasm:u@A=1 go1.22.3/plan9-386:t@A=1 go1.22.3/plan9-386:u@A=1",
		  "platforms vary slower than tags" },
		{ { "1.2.3 1.2.30", NULL, NULL, NULL, "go1.2.3", 2 },
		  "go1.2.3#. go1.2.3#sub/mod [go1.2.30#.] [go1.2.30#sub/mod]",
		  "--only with a beginning ends at a separator" },
		{ { "1.2.3 1.2.4", NULL, NULL, NULL, "go1.2.4#sub/mod go1.2.3#.", 2 },
		  "go1.2.3#. [go1.2.3#sub/mod] [go1.2.4#.] go1.2.4#sub/mod",
		  "--only twice: either, in the order of the matrix" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = GV_ERR_INIT;
		gv_autofree char *got = ids(&cases[i].a, &err);

		if (!ok(strcmp(got, cases[i].want) == 0, "%s", cases[i].why))
			printf("# got %s%s\n", got, err.msg);
	}
}

static void
test_bad(void)
{
	static const struct {
		struct asked a;
		const char *named;
	} cases[] = {
		{ { "1.22.3", "linux/amd64 linux", NULL, NULL, NULL, 1 }, "'linux'" },
		{ { "1.22.3", "linux/", NULL, NULL, NULL, 1 }, "'linux/'" },
		{ { "1.22.3", "linux/arm/v7", NULL, NULL, NULL, 1 }, "'linux/arm/v7'" },
		{ { "1.22.3", "Linux/amd64", NULL, NULL, NULL, 1 }, "'Linux/amd64'" },
		{ { "1.22.3", NULL, "a;b", NULL, NULL, 1 }, "'a;b'" },
		{ { "1.22.3", NULL, ",a", NULL, NULL, 1 }, "',a'" },
		{ { "1.22.3", NULL, NULL, "CGO_ENABLED", NULL, 1 }, "'CGO_ENABLED'" },
		{ { "1.22.3", NULL, NULL, "=1", NULL, 1 }, "'=1'" },
		{ { "1.22.3", NULL, NULL, NULL, "go1.22", 1 }, "--only" },
		{ { "1.22.3", NULL, NULL, NULL, "go1.22.3#su", 2 }, "--only" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = GV_ERR_INIT;
		gv_autofree char *got = ids(&cases[i].a, &err);

		ok(got[0] == '\0' && err.code == GV_EUSAGE && strstr(err.msg, cases[i].named) != NULL, "refused: %s",
		   err.msg);
		if (strcmp(cases[i].named, "--only") == 0)
			ok(strstr(err.help, "go1.22.3") != NULL, "and a cell's name is shown: %s", err.help);
	}
}

/* 4096 cells are made; 4098 are refused and leave none behind. */
static void
test_limit(void)
{
	gv_autostrv struct gv_strv versions = GV_STRV_INIT, none = GV_STRV_INIT;
	struct gv_project project = { .modules = modules, .n = 2 };
	struct gv_matrix_in in = { &project, &versions, &none, &none, &none, &none };
	gv_automatrix struct gv_matrix m = { 0 };
	struct gv_matrix over = { 0 };
	struct gv_err err = GV_ERR_INIT;

	for (unsigned i = 0; i < 2048; i++)
		gv_strv_take(&versions, gv_xasprintf("1.22.%u", i));
	ok(gv_matrix_make(&m, &in, &err) == 0 && m.n == 4096 && strcmp(m.cells[4095].id, "go1.22.2047#sub/mod") == 0,
	   "4096 cells");
	gv_strv_add(&versions, "1.23.0");
	ok(gv_matrix_make(&over, &in, &err) < 0 && err.code == GV_ETOOBIG && over.n == 0 &&
	       strstr(err.msg, "4096") != NULL,
	   "no more: %s", err.msg);
}

/* A program for another platform is built, but cannot run here. */
static void
test_cross(void)
{
	gv_autostrv struct gv_strv versions = GV_STRV_INIT, platforms = GV_STRV_INIT, none = GV_STRV_INIT;
	gv_autofree char *host = gv_xstrdup(gv_platform_host());
	struct gv_project project = { .modules = modules, .n = 1 };
	struct gv_matrix_in in = { &project, &versions, &platforms, &none, &none, &none };
	gv_automatrix struct gv_matrix plain = { 0 }, named = { 0 };
	struct gv_err err = GV_ERR_INIT;

	gv_strv_add(&versions, "1.22.3");
	ok(gv_matrix_make(&plain, &in, &err) == 0 && plain.n == 1 && !plain.cells[0].cross,
	   "no platform is the host's");
	*strchr(host, '-') = '/';
	gv_strv_add(&platforms, host);
	gv_strv_add(&platforms, "plan9/386");
	ok(gv_matrix_make(&named, &in, &err) == 0 && named.n == 2 && !named.cells[0].cross && named.cells[1].cross,
	   "%s runs here, plan9/386 does not", host);
	ok(named.n == 2 && named.cells[1].module == &modules[0] && strcmp(named.cells[1].platform, "plan9/386") == 0 &&
	       named.cells[1].tags[0] == '\0' && named.cells[1].env[0] == '\0',
	   "a cell has the values that its id is made of");
}

int
main(void)
{
	test_ids();
	test_bad();
	test_limit();
	test_cross();
	return tap_done();
}
