/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "fetch/goproxy.h"
#include "fetch/gosettings.h"
#include "fetch/refresh.h"
#include "tests/tap.h"
#include "util/auto.h"
#include "util/str.h"

/* "url https://a|;dir /b,;direct,": kind, base and separator of each place. */
static void
describe(struct gv_str *s, const struct gv_places *p)
{
	static const char *const kinds[] = { "url", "dir", "direct", "off" };

	for (size_t i = 0; i < p->n; i++)
		gv_str_addf(s, "%s%s%s%s%s", i > 0 ? ";" : "", kinds[p->v[i].kind], p->v[i].base != NULL ? " " : "",
			    p->v[i].base != NULL ? p->v[i].base : "", p->v[i].any_error ? "|" : ",");
}

static void
test_list(void)
{
	static const char *const good[][2] = {
		{ "https://a.test", "url https://a.test," },
		{ "https://a.test,direct", "url https://a.test,;direct," },
		{ "https://a.test|https://b.test/x/,off", "url https://a.test|;url https://b.test/x,;off," },
		{ "direct,https://a.test", "direct," },
		{ "off|https://a.test", "off|" },
		{ " https://a.test ,, | direct ", "url https://a.test,;direct," },
		{ "a.test/go", "url https://a.test/go," },
		{ "localhost:8080", "url https://localhost:8080," },
		{ "http://u:p@127.0.0.1:9/", "url http://u:p@127.0.0.1:9," },
		{ "file:///srv/go%20mod/", "dir /srv/go mod," },
		{ "file:///", "dir /," },
	};
	static const char *const bad[][2] = {
		{ "", "no entries" },
		{ ", |", "no entries" },
		{ "proxy", "'proxy' has no scheme" },
		{ "/srv/mod", "'/srv/mod' has no scheme" },
		{ "ftp://a.test", "'ftp://a.test' is not an http or https URL" },
		{ "file://host/dir", "not of the form file:///directory" },
		{ "file:///a?b", "not of the form file:///directory" },
		{ "file:///a%0", "not of the form file:///directory" },
		{ "file:///a%00", "not of the form file:///directory" },
		{ "https://a.test,https://u:secret@/x", "'https:///x' is not an http or https URL" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(good); i++) {
		gv_autostr struct gv_str s = GV_STR_INIT(500);
		struct gv_err err = GV_ERR_INIT;
		struct gv_places p = { 0 };
		bool parsed = gv_goproxy_parse(&p, good[i][0], &err) == 0;

		describe(&s, &p);
		ok(parsed && strcmp(gv_str_text(&s), good[i][1]) == 0, "GOPROXY='%s' is %s", good[i][0],
		   gv_str_text(&s));
		gv_places_release(&p);
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_places p = { 0 };

		ok(gv_goproxy_parse(&p, bad[i][0], &err) == -1 && err.code == GV_EUSAGE &&
		       strstr(err.msg, bad[i][1]) != NULL,
		   "GOPROXY='%s': %s", bad[i][0], err.msg);
	}
}

static void
test_patterns(void)
{
	static const struct {
		const char *patterns;
		bool match;
	} cases[] = {
		{ "", false },
		{ "golang.org/toolchain", true },
		{ "golang.org", true },
		{ "golang.org/", true },
		{ "golang.org/*", true },
		{ "*.org", true },
		{ "*", true },
		{ "golang.org/tool", false },
		{ "golang.org/toolchain/x", false },
		{ "*.corp.test,golang.org/t*", true },
		{ "*.corp.test,example.com", false },
		{ "g[a-o]lang.org", true },
		{ "*/x", false },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++)
		ok(gv_goproxy_match(cases[i].patterns, "golang.org/toolchain") == cases[i].match,
		   "GONOPROXY='%s' %s the toolchain", cases[i].patterns, cases[i].match ? "names" : "does not name");
}

static void
test_goenv(void)
{
	static const char user[] = "GOPROXY=https://first.test\n# comment=1\nlower=2\nGOPROXY=https://second.test\n"
				   "GOSUMDB= spaces \nNOEQUALS\nEMPTY=\nGOPRIVATE=\"quoted\"\nLAST=yes";
	static const char goroot[] = "GOPROXY=https://goroot.test\nGOTOOLCHAIN=local\nEMPTY=full\n";
	struct gv_gosettings g = { .goproxy = (char *)"" };

	unsetenv("GOPROXY");
	unsetenv("GOSUMDB");
	unsetenv("GOPRIVATE");
	unsetenv("GONOPROXY");
	unsetenv("GOTOOLCHAIN");
	gv_gosettings_parse(&g.user, user, sizeof(user) - 1);
	gv_gosettings_parse(&g.goroot, goroot, sizeof(goroot) - 1);
	ok(strcmp(gv_gosettings_get(&g, "GOPROXY"), "https://second.test") == 0,
	   "the last line of the user's file wins");
	ok(strcmp(gv_gosettings_get(&g, "GOSUMDB"), " spaces ") == 0, "nothing is trimmed");
	ok(strcmp(gv_gosettings_get(&g, "GONOPROXY"), "\"quoted\"") == 0,
	   "GONOPROXY is GOPRIVATE, and nothing is unquoted");
	ok(strcmp(gv_gosettings_get(&g, "GOTOOLCHAIN"), "local") == 0, "then go.env");
	ok(strcmp(gv_gosettings_get(&g, "EMPTY"), "") == 0, "an empty line in the user's file hides go.env's");
	ok(strcmp(gv_gosettings_get(&g, "LAST"), "yes") == 0, "a last line without a newline counts");
	ok(strcmp(gv_gosettings_get(&g, "lower"), "") == 0 && strcmp(gv_gosettings_get(&g, "GOFOO"), "") == 0,
	   "an unset variable is empty");
	g.goproxy = (char *)"https://setting.test";
	ok(strcmp(gv_gosettings_get(&g, "GOPROXY"), "https://setting.test") == 0, "the setting wins over the files");
	setenv("GOPROXY", "off", 1);
	ok(strcmp(gv_gosettings_get(&g, "GOPROXY"), "off") == 0, "and the environment over all");
	setenv("GOPROXY", "", 1);
	ok(strcmp(gv_gosettings_get(&g, "GOPROXY"), "https://setting.test") == 0, "unless it is empty");
	gv_strv_release(&g.user);
	gv_strv_release(&g.goroot);
}

static void
test_toolchain_list(void)
{
	static const char text[] =
	    "v0.0.1-go1.22.3.linux-amd64\nv0.0.1-go1.22.3.linux-arm64\nv0.0.1-go1.23rc1.linux-amd64\r\n"
	    "v0.0.2-go1.1.linux-amd64\nv0.0.1-go.linux-amd64\nv0.0.1-golinux-amd64\nlinux-amd64\n\n"
	    "v0.0.1-go1.2xlinux-amd64\nv0.0.1-go1.20.linux-amd64";
	gv_autostrv struct gv_strv sv = GV_STRV_INIT;

	gv_toolchain_list_parse(&sv, text, sizeof(text) - 1, "linux-amd64");
	ok(sv.n == 3 && strcmp(sv.v[0], "1.22.3") == 0 && strcmp(sv.v[1], "1.23rc1") == 0 &&
	       strcmp(sv.v[2], "1.20") == 0,
	   "the toolchains of one platform");
}

int
main(void)
{
	test_list();
	test_patterns();
	test_goenv();
	test_toolchain_list();
	return tap_done();
}
