/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/origin.h"
#include "fetch/refresh.h"
#include "fetch/sumdbnet.h"
#include "tests/fake/httpd.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"
#include "version/known.h"

#define SHA   "8920ea521bad8f6b7bc377b4824982e011c19af27df88a815e3586ea895f1b36"
#define SHA_2 "0000000000000000000000000000000000000000000000000000000000000002"

/* No reply counts as late. */
static const struct gv_http_limits patient = { .stall_ms = 20000, .stall_rate = 1, .retry_ms = 90000, .backoff_ms = 5 };

static char root[] = "/tmp/gover-origin-XXXXXX";
static unsigned index_requests;

static void
text(struct httpd_conn *c, const char *body)
{
	httpd_reply(c, 200, "", body, strlen(body));
}

/* /dl is a download site, /bare one without an index, /p a module proxy with a checksum database. */
static void
answer(struct httpd_conn *c, const struct httpd_request *r, void *arg)
{
	static const char index[] =
	    "[{\"version\":\"go1.22.3\",\"files\":[{\"filename\":\"go1.22.3.linux-amd64.tar.gz\","
	    "\"os\":\"linux\",\"arch\":\"amd64\",\"version\":\"go1.22.3\",\"sha256\":\"" SHA
	    "\",\"size\":77,\"kind\":\"archive\"}]}]";
	const char *t = r->target;

	(void)arg;
	if (strncmp(t, "/dl/?", 5) == 0) {
		index_requests++;
		text(c, index);
	} else if (strcmp(t, "/dl/go1.99.1.linux-amd64.tar.gz.sha256") == 0 ||
		   strcmp(t, "/bare/go1.99.1.linux-armv6l.tar.gz.sha256") == 0) {
		text(c, SHA_2);
	} else if (strcmp(t, "/bare/go1.99.2.linux-amd64.tar.gz.sha256") == 0) {
		text(c, "<html>");
	} else if (strcmp(t, "/p/golang.org/toolchain/@v/list") == 0) {
		text(c, "v0.0.1-go1.99.5.linux-amd64\nv0.0.1-go1.99.5.linux-arm64\nv0.0.1-go1.22.3.linux-amd64\n"
			"v0.0.1-go1.22.3.linux-arm64\n");
	} else if (strcmp(t, "/p/sumdb/sum.test/supported") == 0) {
		text(c, "");
	} else if (strcmp(t, "/p/sumdb/sum.test/tile/8/0/000") == 0) {
		text(c, "through the proxy");
	} else if (strcmp(t, "/direct/tile/8/0/000") == 0) {
		text(c, "directly");
	} else if (strncmp(t, "/broken/", 8) == 0) {
		httpd_reply(c, 403, "", "", 0);
	} else {
		httpd_reply(c, 404, "", "", 0);
	}
}

/* Open origins with these variables only. `env` holds names and values. */
static struct gv_origins *
origins(const char *const env[][2], struct gv_dirs *d, struct gv_err *err)
{
	static const char *const names[] = { "GOPROXY",          "GONOPROXY",     "GOPRIVATE",         "GOVER_SOURCES",
					     "GOVER_GOLANG_URL", "GOVER_GOPROXY", "RUNNER_TOOL_CACHE", "GOENV" };
	gv_autoconfig struct gv_config c = { 0 };
	struct gv_err warn = GV_ERR_INIT;

	for (size_t i = 0; i < GV_ARRAY_LEN(names); i++)
		unsetenv(names[i]);
	for (size_t i = 0; env[i][0] != NULL; i++)
		setenv(env[i][0], env[i][1], 1);
	if (gv_dirs_init(d, err) < 0)
		return NULL;
	if (gv_config_load(&c, d->config, &warn, err) < 0) {
		gv_dirs_release(d);
		return NULL;
	}
	return gv_origins_new(&c, d, err);
}

/* Try all places until one must not be skipped. Writes "goproxy:URL|" for each, and '!' and the code for a failure. */
static void
walk(struct gv_origins *o, struct gv_http *h, const char *version, const char *platform, struct gv_str *s)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_download d;
	size_t pos = 0;
	int rc;

	while ((rc = gv_origins_next(o, h, version, platform, &pos, &d, &err)) != 0) {
		if (s->len > 0)
			gv_str_addc(s, ' ');
		if (rc > 0) {
			gv_str_addf(s, "%s:%s%s", d.origin, d.shown, d.any_error ? "|" : ",");
			gv_download_release(&d);
			continue;
		}
		gv_str_addf(s, "!%d", (int)err.code);
		if (!gv_origins_may_go_on(o, pos, &err)) {
			gv_str_add(s, "!");
			return;
		}
	}
}

static void
test_order(struct gv_http *h, struct httpd *srv)
{
	gv_autofree char *dl = gv_xstrdup(httpd_url(srv, "/dl")), *cache = gv_path_join(root, "cache");
	gv_autofree char *goenv = gv_path_join(root, "goenv"), *mirror = gv_path_join(root, "my mirror");
	gv_autofree char *sources = gv_xasprintf("%s, goproxy", mirror), *file = gv_xasprintf("file://%s/mod", root);
	const struct {
		const char *name, *env[4][2], *want;
	} cases[] = {
		{ "nothing is set", { { 0 } }, "golang:DL/go1.22.3.linux-amd64.tar.gz|" },
		{ "a proxy",
		  { { "GOPROXY", "https://u:secret@a.test/" } },
		  "goproxy:https://a.test/golang.org/toolchain/@v/v0.0.1-go1.22.3.linux-amd64.zip|" },
		{ "two",
		  { { "GOPROXY", "https://a.test,https://b.test" } },
		  "goproxy:https://a.test/golang.org/toolchain/@v/v0.0.1-go1.22.3.linux-amd64.zip, "
		  "goproxy:https://b.test/golang.org/toolchain/@v/v0.0.1-go1.22.3.linux-amd64.zip|" },
		{ "direct", { { "GOPROXY", "direct" } }, "golang:DL/go1.22.3.linux-amd64.tar.gz|" },
		{ "off", { { "GOPROXY", "off" } }, "!5!" },
		{ "off after a missing file",
		  {
		      { "GOPROXY", file },
		  },
		  "!4" },
		{ "GONOPROXY",
		  { { "GOPROXY", "https://a.test" }, { "GONOPROXY", "golang.org" } },
		  "golang:DL/go1.22.3.linux-amd64.tar.gz|" },
		{ "the file of go env -w",
		  { { "GOENV", goenv } },
		  "goproxy:https://w.test/golang.org/toolchain/@v/v0.0.1-go1.22.3.linux-amd64.zip| "
		  "golang:DL/go1.22.3.linux-amd64.tar.gz|" },
		{ "the setting goproxy",
		  { { "GOVER_GOPROXY", "https://s.test" } },
		  "goproxy:https://s.test/golang.org/toolchain/@v/v0.0.1-go1.22.3.linux-amd64.zip|" },
		{ "sources: golang",
		  { { "GOVER_SOURCES", "golang" }, { "GOPROXY", "https://a.test" } },
		  "golang:DL/go1.22.3.linux-amd64.tar.gz|" },
		{ "sources: off", { { "GOVER_SOURCES", "off" }, { "GOPROXY", "https://a.test" } }, "!5!" },
		{ "sources: a directory first",
		  { { "GOVER_SOURCES", sources }, { "GOPROXY", "direct" } },
		  "directory:ROOT/my mirror/dl/go1.22.3.linux-amd64.tar.gz| golang:DL/go1.22.3.linux-amd64.tar.gz|" },
		{ "toolcache",
		  { { "GOVER_SOURCES", "toolcache,golang" }, { "RUNNER_TOOL_CACHE", cache } },
		  "toolcache:ROOT/cache/go/1.22.3/x64| golang:DL/go1.22.3.linux-amd64.tar.gz|" },
		{ "toolcache that is not there",
		  { { "GOVER_SOURCES", "toolcache,golang" } },
		  "golang:DL/go1.22.3.linux-amd64.tar.gz|" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autostr struct gv_str got = GV_STR_INIT(2000), want = GV_STR_INIT(2000);
		struct gv_err err = GV_ERR_INIT;
		gv_autodirs struct gv_dirs d = { 0 };
		const char *env[6][2] = { { "GOVER_GOLANG_URL", dl } };
		struct gv_origins *o;

		memcpy(env + 1, cases[i].env, sizeof(cases[i].env));
		o = origins(env, &d, &err);
		if (o == NULL) {
			ok(false, "%s: %s", cases[i].name, err.msg);
			continue;
		}
		walk(o, h, "1.22.3", "linux-amd64", &got);
		for (const char *p = cases[i].want; *p != '\0'; p++) {
			bool is_dl = strncmp(p, "DL/", 3) == 0, is_root = strncmp(p, "ROOT/", 5) == 0;

			gv_str_add(&want, is_dl ? dl : is_root ? root : "");
			p += is_dl ? 2 : is_root ? 4 : 0;
			gv_str_addc(&want, *p);
		}
		ok(strcmp(gv_str_text(&got), gv_str_text(&want)) == 0, "%s: %s", cases[i].name, gv_str_text(&got));
		gv_origins_free(o);
	}
}

static void
put(const char *name, const char *content, mode_t mode)
{
	put_file(root, name, content, mode);
}

/* The go command on PATH is a link, as in distributions. go.env is beside its target. */
static void
test_system_go(void)
{
	gv_autofree char *path = gv_path_join(root, "path"), *link = gv_path_join(path, "go");
	const char *env[2][2] = { { 0 } };
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	struct gv_origins *o;

	put("lib/go/bin/go", "", 0755);
	put("lib/go/go.env", "# defaults\nGOPROXY=https://sys.test\n", 0644);
	tap_need(mkdir(path, 0755) == 0 && symlink("../lib/go/bin/go", link) == 0, "a go on PATH");
	setenv("PATH", path, 1);
	o = origins(env, &d, &err);
	setenv("PATH", "/nonexistent", 1);
	ok(o != NULL && strcmp(gv_origins_goenv(o, "GOPROXY"), "https://sys.test") == 0,
	   "go.env of the first system Go");
	gv_origins_free(o);
}

static void
test_bad_settings(void)
{
	static const char *const cases[][3] = {
		{ "GOPROXY", "nonsense", "GOPROXY: 'nonsense' has no scheme" },
		{ "GOVER_SOURCES", "goproxy,nonsense", "'nonsense' is not a source" },
		{ "GOPROXY", ",", "contains no entries" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		const char *env[2][2] = { { cases[i][0], cases[i][1] } };
		struct gv_err err = GV_ERR_INIT;
		gv_autodirs struct gv_dirs d = { 0 };

		ok(origins(env, &d, &err) == NULL && strstr(err.msg, cases[i][2]) != NULL, "%s=%s: %s", cases[i][0],
		   cases[i][1], err.msg);
	}
}

/* The place that the download site `base` gives. */
static int
one(struct gv_http *h, const char *base, const char *version, const char *platform, struct gv_download *out,
    struct gv_err *err)
{
	const char *env[3][2] = { { "GOVER_SOURCES", "golang" }, { "GOVER_GOLANG_URL", base } };
	gv_autodirs struct gv_dirs d = { 0 };
	struct gv_origins *o = origins(env, &d, err);
	size_t pos = 0;
	int rc = o != NULL ? gv_origins_next(o, h, version, platform, &pos, out, err) : -1;

	gv_origins_free(o);
	return rc;
}

static void
test_golang(struct gv_http *h, struct httpd *srv)
{
	gv_autofree char *dl = gv_xstrdup(httpd_url(srv, "/dl/")), *bare = gv_xstrdup(httpd_url(srv, "/bare"));
	gv_autofree char *broken = gv_xstrdup(httpd_url(srv, "/broken/x"));
	struct gv_err err = GV_ERR_INIT;
	struct gv_download d;

	ok(one(h, dl, "1.22.3", "linux-amd64", &d, &err) == 1 && d.kind == GV_ARCHIVE_TAR_GZ &&
	       strcmp(d.sha256, SHA) == 0 && d.size == 77 && strcmp(d.prefix, "go/") == 0 && !d.official,
	   "a version of the index");
	ok(strcmp(d.module, "golang.org/toolchain") == 0 && strcmp(d.modversion, "v0.0.1-go1.22.3.linux-amd64") == 0,
	   "and its name in the log");
	gv_download_release(&d);
	ok(one(h, dl, "1.99.1", "linux-amd64", &d, &err) == 1 && strcmp(d.sha256, SHA_2) == 0 && d.size == -1,
	   "a version that the site has, but not its index");
	gv_download_release(&d);
	ok(one(h, dl, "1.99.9", "linux-amd64", &d, &err) == -1 && err.code == GV_ENOTFOUND &&
	       strstr(err.msg, "has no go1.99.9 for linux/amd64") != NULL,
	   "a version that neither has: %s", err.msg);
	gv_err_clear(&err);
	ok(one(h, bare, "1.99.1", "linux-arm", &d, &err) == 1 && strcmp(d.sha256, SHA_2) == 0 &&
	       strcmp(strrchr(d.url, '/'), "/go1.99.1.linux-armv6l.tar.gz") == 0,
	   "a site without an index, arm is armv6l");
	gv_download_release(&d);
	ok(one(h, bare, "1.5", "windows-amd64", &d, &err) == 1 && d.sha256 == NULL && d.kind == GV_ARCHIVE_ZIP &&
	       strcmp(strrchr(d.url, '/'), "/go1.5.windows-amd64.zip") == 0,
	   "a file without a hash is still tried");
	gv_download_release(&d);
	ok(one(h, bare, "1.99.2", "linux-amd64", &d, &err) == -1 && err.code == GV_EFORMAT,
	   "a page of HTML is not a hash");
	ok(one(h, broken, "1.22.3", "linux-amd64", &d, &err) == -1 && err.code == GV_ENET, "a site that answers 403");
	gv_err_clear(&err);
	ok(one(h, dl, "1.22.3/../x", "linux-amd64", &d, &err) == -1 && err.code == GV_EFORMAT, "no version");
	ok(one(h, dl, "1.22.3", "linux/amd64", &d, &err) == -1 && err.code == GV_EUSAGE, "no platform");
}

static void
test_index_once(struct gv_http *h, struct httpd *srv)
{
	gv_autofree char *dl = gv_xstrdup(httpd_url(srv, "/dl"));
	const char *env[3][2] = { { "GOVER_SOURCES", "golang" }, { "GOVER_GOLANG_URL", dl } };
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	struct gv_origins *o = origins(env, &d, &err);
	gv_autostr struct gv_str s = GV_STR_INIT(1000);
	unsigned before = index_requests;

	if (!ok(o != NULL && gv_fs_remove_tree(AT_FDCWD, d.index, &err) == 0, "without a cache"))
		return;
	walk(o, h, "1.22.3", "linux-amd64", &s);
	walk(o, h, "1.22.3", "linux-amd64", &s);
	ok(index_requests == before + 1, "one process asks for the index once");
	gv_origins_free(o);
}

static void
test_go_on(void)
{
	static const struct {
		enum gv_code code;
		bool comma, pipe;
	} cases[] = {
		{ GV_ENOTFOUND, true, true }, { GV_ENET, false, true },    { GV_EFORMAT, false, true },
		{ GV_ETOOBIG, false, true },  { GV_EPROOF, false, false }, { GV_EINTR, false, false },
		{ GV_EIO, false, false },
	};
	const char *env[2][2] = { { "GOPROXY", "https://a.test,https://b.test|https://c.test,off" } };
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	struct gv_origins *o = origins(env, &d, &err);

	if (!ok(o != NULL, "three proxies"))
		return;
	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err e = { .code = cases[i].code };

		ok(gv_origins_may_go_on(o, 1, &e) == cases[i].comma, "failure %d before ','", (int)cases[i].code);
		ok(gv_origins_may_go_on(o, 2, &e) == cases[i].pipe, "failure %d before '|'", (int)cases[i].code);
		ok(!gv_origins_may_go_on(o, 4, &e), "failure %d at 'off'", (int)cases[i].code);
	}
	gv_origins_free(o);
}

static bool
refresh(struct gv_http *h, const char *proxy, bool force, struct gv_refreshed *r, struct gv_err *err)
{
	const char *env[2][2] = { { "GOPROXY", proxy } };
	gv_autodirs struct gv_dirs d = { 0 };
	struct gv_origins *o = origins(env, &d, err);
	bool done = o != NULL && gv_index_refresh(o, h, &d, force, r, err) == 0;

	gv_origins_free(o);
	return done;
}

static void
test_refresh(struct gv_http *h, struct httpd *srv)
{
	gv_autofree char *good = gv_xstrdup(httpd_url(srv, "/p")), *broken = gv_xstrdup(httpd_url(srv, "/broken"));
	gv_autofree char *missing = gv_xasprintf("%s,%s", httpd_url(srv, "/404"), good);
	gv_autofree char *path = gv_path_join(root, "index/releases");
	struct gv_err err = GV_ERR_INIT;
	gv_autoknown struct gv_known k = { 0 };
	struct gv_refreshed r;

	ok(!refresh(h, broken, false, &r, &err) && err.code == GV_ENET && r.fetched == 0, "no list: %s", err.msg);
	ok(!refresh(h, "off", false, &r, &err) && err.code == GV_ENET, "GOPROXY=off refuses");
	gv_err_clear(&err);
	ok(refresh(h, missing, false, &r, &err) && r.changed && r.fetched > 0, "a list from the second proxy");
	gv_known_load(&k, path, &err);
	ok(k.fetched == r.fetched && gv_known_find(&k, "1.99.5") != NULL, "a new version is known");
	ok(refresh(h, broken, false, &r, &err) && !r.changed && r.fetched > 0, "a young list stays as it is");
	ok(!refresh(h, broken, true, &r, &err) && !r.changed && r.fetched > 0,
	   "a forced refresh that fails keeps it, too");
}

static bool
tile_is(struct gv_http *h, const char *const env[][2], const char *direct, bool direct_only, const char *want)
{
	static const char *const paths[] = { "tile/8/0/000", "tile/8/0/001" };
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	struct gv_origins *o = origins(env, &d, &err);
	struct gv_sumdbnet *n = o != NULL ? gv_sumdbnet_new(o, h, "sum.test", direct, direct_only, &err) : NULL;
	struct gv_http_body b[2];
	bool pass;

	if (n == NULL) {
		gv_origins_free(o);
		return want == NULL && err.code == GV_ENET;
	}
	gv_sumdbnet_get(n, paths, 2, b);
	pass = b[0].code == GV_OK && want != NULL && strcmp(b[0].data, want) == 0 && b[1].code == GV_ENOTFOUND;
	free(b[0].data);
	free(b[1].data);
	gv_sumdbnet_free(n);
	gv_origins_free(o);
	return pass;
}

static void
test_sumdb(struct gv_http *h, struct httpd *srv)
{
	gv_autofree char *good = gv_xstrdup(httpd_url(srv, "/p")), *direct = gv_xstrdup(httpd_url(srv, "/direct/"));
	gv_autofree char *lacks = gv_xasprintf("%s,%s", httpd_url(srv, "/lacks"), good);
	gv_autofree char *broken = gv_xasprintf("%s,%s", httpd_url(srv, "/broken"), good);
	gv_autofree char *any = gv_xasprintf("%s|%s", httpd_url(srv, "/broken"), good);
	gv_autofree char *only_lacks = gv_xasprintf("%s,direct", httpd_url(srv, "/lacks"));
	gv_autofree char *mirror = gv_path_join(root, "dir"), *file = gv_xasprintf("file://%s", mirror);
	const struct {
		const char *name, *env[3][2];
		bool direct_only;
		const char *want;
	} cases[] = {
		{ "a proxy that has it", { { "GOPROXY", good } }, false, "through the proxy" },
		{ "unless the settings name its place", { { "GOPROXY", good } }, true, "directly" },
		{ "the second proxy", { { "GOPROXY", lacks } }, false, "through the proxy" },
		{ "a broken proxy is a failure", { { "GOPROXY", broken } }, false, NULL },
		{ "but not before '|'", { { "GOPROXY", any } }, false, "through the proxy" },
		{ "none has it", { { "GOPROXY", only_lacks } }, false, "directly" },
		{ "no proxy", { { "GOPROXY", "off" } }, false, "directly" },
		{ "a file proxy", { { "GOPROXY", file } }, false, "from a directory" },
		{ "a directory among the sources",
		  { { "GOVER_SOURCES", mirror }, { "GOPROXY", good } },
		  false,
		  "from a directory" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++)
		ok(tile_is(h, cases[i].env, direct, cases[i].direct_only, cases[i].want), "checksum database: %s",
		   cases[i].name);
}

static void
prepare(void)
{
	put("goenv", "GOPROXY=https://w.test|direct\n", 0644);
	put("my mirror/dl.json", "[]", 0644);
	put("my mirror/dl/go1.22.3.linux-amd64.tar.gz", "", 0644);
	put("my mirror/dl/go1.22.3.linux-amd64.tar.gz.sha256", SHA, 0644);
	put("cache/go/1.22.3/x64/bin/go", "", 0755);
	put("cache/go/1.22.3/x64.complete", "", 0644);
	put("dir/golang.org/toolchain/@v/list", "", 0644);
	put("dir/sumdb/sum.test/supported", "", 0644);
	put("dir/sumdb/sum.test/tile/8/0/000", "from a directory", 0644);
}

int
main(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_http *h;
	struct httpd *srv;

	setenv("NETRC", "/nonexistent", 1);
	setenv("PATH", "/nonexistent", 1);
	setenv("HOME", "/nonexistent", 1);
	unsetenv("XDG_CONFIG_HOME");
	tap_need(mkdtemp(root) != NULL, "a directory");
	setenv("GOVER_ROOT", root, 1);
	prepare();
	srv = httpd_start(answer, NULL);
	h = gv_http_new(&err);
	tap_need(srv != NULL && h != NULL, "a server on 127.0.0.1 and a handle: %s", err.msg);
	gv_http_set_limits(h, &patient);
	test_order(h, srv);
	test_system_go();
	test_bad_settings();
	test_golang(h, srv);
	test_index_once(h, srv);
	test_go_on();
	test_refresh(h, srv);
	test_sumdb(h, srv);
	gv_http_free(h);
	httpd_stop(srv);
	ok(gv_fs_remove_tree(AT_FDCWD, root, &err) == 0, "clean up");
	return tap_done();
}
