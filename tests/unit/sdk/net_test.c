/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/certs.h"
#include "net/netrc.h"
#include "net/proxy.h"
#include "net/url.h"
#include "net/xfer.h"
#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
test_url(void)
{
	static const struct {
		const char *in, *scheme, *host, *port, *user, *password, *path, *plain;
	} good[] = {
		{ "https://go.dev/dl/?mode=json", "https", "go.dev", "443", NULL, NULL, "/dl/",
		  "https://go.dev/dl/?mode=json" },
		{ "http://Example.COM:8080/a", "http", "example.com", "8080", NULL, NULL, "/a",
		  "http://Example.COM:8080/a" },
		{ "https://u:p%40s@h.test/x#frag", "https", "h.test", "443", "u", "p@s", "/x", "https://h.test/x" },
		{ "https://token@h.test/", "https", "h.test", "443", "token", NULL, "/", "https://h.test/" },
		{ "http://[::1]:90/", "http", "::1", "90", NULL, NULL, "/", "http://[::1]:90/" },
	};
	static const char *const bad[] = { "",
					   "go.dev",
					   "ftp://x/",
					   "file:///x",
					   "http://",
					   "https:///path",
					   "https:/path",
					   "http://a b/",
					   "http://x:99999/",
					   "//x/" };
	static const char *const shown[][2] = {
		{ "https://u:p@h/x", "https://h/x" }, { "https://u:p@s@h/x", "https://h/x" },
		{ "https://h/x@y", "https://h/x@y" }, { "https://h?a@b", "https://h?a@b" },
		{ "/dir/a@b", "/dir/a@b" },           { "socks5://u:p@h:1", "socks5://h:1" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(good); i++) {
		struct gv_err err = GV_ERR_INIT;
		gv_autourl struct gv_url u = { 0 };
		bool parsed = gv_url_parse(&u, good[i].in, &err) == 0;

		ok(parsed && same(u.scheme, good[i].scheme) && same(u.host, good[i].host) &&
		       same(u.port, good[i].port) && same(u.user, good[i].user) && same(u.password, good[i].password) &&
		       same(u.path, good[i].path) && same(u.plain, good[i].plain),
		   "'%s' is parsed", good[i].in);
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++) {
		struct gv_err err = GV_ERR_INIT;
		gv_autourl struct gv_url u = { 0 };

		ok(gv_url_parse(&u, bad[i], &err) == -1 && err.code == GV_EFORMAT, "'%s' is refused", bad[i]);
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(shown); i++) {
		gv_autofree char *s = gv_url_shown(shown[i][0]);

		ok(strcmp(s, shown[i][1]) == 0, "'%s' is shown as '%s'", shown[i][0], s);
	}
}

/* Most rows are from golang.org/x/net/http/httpproxy/proxy_test.go. */
static void
test_no_proxy(void)
{
	static const struct {
		const char *list, *host, *port;
		bool match;
	} cases[] = {
		{ "", "foo.com", "80", false },
		{ "foo.com", "foo.com", "80", true },
		{ "foo.com", "bar.foo.com", "80", true },
		{ "foo.com", "barfoo.com", "80", false },
		{ ".foo.com", "foo.com", "80", false },
		{ ".foo.com", "bar.foo.com", "80", true },
		{ "*.foo.com", "bar.foo.com", "80", true },
		{ "*.foo.com", "foo.com", "80", false },
		{ "foo.com:8080", "foo.com", "8080", true },
		{ "foo.com:8080", "foo.com", "80", false },
		{ "FOO.com", "foo.com", "443", true },
		{ " a.com , foo.com ", "foo.com", "443", true },
		{ "ample.com", "example.com", "80", false },
		{ "*", "anything.test", "80", true },
		{ "a.com,*,b.com", "c.com", "80", true },
		{ "1.2.3.4", "1.2.3.4", "80", true },
		{ "1.2.3.4", "1.2.3.5", "80", false },
		{ "1.2.3.4:80", "1.2.3.4", "80", true },
		{ "1.2.3.4:80", "1.2.3.4", "81", false },
		{ "10.0.0.0/8", "10.255.1.2", "80", true },
		{ "10.0.0.0/8", "11.0.0.1", "80", false },
		{ "192.168.1.128/25", "192.168.1.127", "80", false },
		{ "192.168.1.128/25", "192.168.1.200", "80", true },
		{ "0.0.0.0/0", "8.8.8.8", "80", true },
		{ "0.0.0.0/0", "name.test", "80", false },
		{ "fd00::/8", "fd12::1", "80", true },
		{ "fd00::/8", "fe80::1", "80", false },
		{ "[fd12::1]:80", "fd12::1", "80", true },
		{ "[fd12::1]:80", "fd12::1", "443", false },
		{ "fd12::1", "fd12:0::1", "443", true },
		{ "::ffff:1.2.3.4", "1.2.3.4", "80", true },
		{ ":80", "foo.com", "80", false },
		{ "10.0.0.0/33,foo.com", "foo.com", "80", true },
		{ ",,", "foo.com", "80", false },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++)
		ok(gv_no_proxy_match(cases[i].list, cases[i].host, cases[i].port) == cases[i].match,
		   "NO_PROXY='%s' %s %s:%s", cases[i].list, cases[i].match ? "covers" : "does not cover", cases[i].host,
		   cases[i].port);
}

static void
test_proxy_env(void)
{
	static const char *const all[] = { "HTTP_PROXY", "http_proxy", "HTTPS_PROXY",   "https_proxy",
					   "NO_PROXY",   "no_proxy",   "REQUEST_METHOD" };
	static const struct {
		const char *name, *env[3][2], *url, *want;
	} cases[] = {
		{ "none", { { 0 } }, "http://a.test/", NULL },
		{ "http", { { "HTTP_PROXY", "http://p:1" } }, "http://a.test/", "http://p:1" },
		{ "http's is not https's", { { "HTTP_PROXY", "http://p:1" } }, "https://a.test/", NULL },
		{ "https", { { "HTTPS_PROXY", "http://p:1" } }, "https://a.test/", "http://p:1" },
		{ "lower case", { { "https_proxy", "http://p:1" } }, "https://a.test/", "http://p:1" },
		{ "upper case first",
		  { { "https_proxy", "http://l:1" }, { "HTTPS_PROXY", "http://u:1" } },
		  "https://a.test/",
		  "http://u:1" },
		{ "empty is unset",
		  { { "https_proxy", "http://l:1" }, { "HTTPS_PROXY", "" } },
		  "https://a.test/",
		  "http://l:1" },
		{ "no scheme", { { "https_proxy", "p:3128" } }, "https://a.test/", "http://p:3128" },
		{ "the proxy resolves names",
		  { { "https_proxy", "socks5://p:1" } },
		  "https://a.test/",
		  "socks5h://p:1" },
		{ "localhost", { { "http_proxy", "http://p:1" } }, "http://localhost:8080/", NULL },
		{ "127.0.0.0/8", { { "http_proxy", "http://p:1" } }, "http://127.1.2.3/", NULL },
		{ "::1", { { "http_proxy", "http://p:1" } }, "http://[::1]/", NULL },
		{ "NO_PROXY", { { "http_proxy", "http://p:1" }, { "NO_PROXY", "a.test" } }, "http://a.test/", NULL },
		{ "no_proxy with a port",
		  { { "http_proxy", "http://p:1" }, { "no_proxy", "a.test:443" } },
		  "http://a.test/",
		  "http://p:1" },
		{ "https under CGI",
		  { { "HTTPS_PROXY", "http://p:1" }, { "REQUEST_METHOD", "GET" } },
		  "https://a.test/",
		  "http://p:1" },
	};
	struct gv_err err = GV_ERR_INIT;
	gv_autourl struct gv_url u = { 0 };
	struct gv_proxies p;
	const char *found;

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autourl struct gv_url url = { 0 };

		for (size_t k = 0; k < GV_ARRAY_LEN(all); k++)
			unsetenv(all[k]);
		for (size_t k = 0; k < 3 && cases[i].env[k][0] != NULL; k++)
			setenv(cases[i].env[k][0], cases[i].env[k][1], 1);
		gv_proxies_init(&p);
		ok(gv_url_parse(&url, cases[i].url, &err) == 0 && gv_proxies_find(&p, &url, &found, &err) == 0 &&
		       same(found, cases[i].want),
		   "proxy of %s: %s", cases[i].url, cases[i].name);
		gv_proxies_release(&p);
	}
	setenv("HTTP_PROXY", "http://p:1", 1);
	gv_proxies_init(&p);
	ok(gv_url_parse(&u, "http://a.test/", &err) == 0 && gv_proxies_find(&p, &u, &found, &err) == -1 &&
	       err.code == GV_EUSAGE,
	   "http under CGI is refused");
	gv_proxies_release(&p);
}

static void
test_netrc(void)
{
	/* The first entries are from src/cmd/go/internal/auth/netrc_test.go. */
	static const char text[] = "machine incomplete\npassword none\n\n"
				   "machine api.test\n  login user\n  password pwd\n\n"
				   "machine incomlete.test\n  login justlogin\n\n"
				   "machine test.host login user2 password pwd2\n\n"
				   "machine oneline login user3 password pwd3\r\n"
				   "machine ignore.host macdef ignore\n  login nobody\n  password nothing\n\n"
				   "machine hasmacro.too macdef ignore-next-lines login user4 password pwd4\n"
				   "  login nobody\n  password nothing\n\n"
				   "machine test.host login second password second\n"
				   "machine paths.test/a login pa password pa\n"
				   "machine paths.test/a/b/ login pab password pab\n"
				   "machine ports.test:8443 login port password port\n"
				   "default\nlogin anonymous\npassword gopher@golang.org\n\n"
				   "machine after.default\nlogin oops\npassword too-late-in-file\n";
	static const char *const cases[][2] = {
		{ "https://api.test/x", "user" },       { "http://api.test/x", NULL },
		{ "https://sub.api.test/", NULL },      { "https://api.test:444/", NULL },
		{ "https://incomplete/", NULL },        { "https://incomlete.test/", NULL },
		{ "https://test.host/", "user2" },      { "https://oneline/", "user3" },
		{ "https://ignore.host/", NULL },       { "https://hasmacro.too/", "user4" },
		{ "https://after.default/", NULL },     { "https://paths.test/", NULL },
		{ "https://paths.test/a", "pa" },       { "https://paths.test/ab", NULL },
		{ "https://paths.test/a/c", "pa" },     { "https://paths.test/a/b/c", "pab" },
		{ "https://ports.test:8443/", "port" }, { "https://ports.test/", NULL },
	};
	struct gv_netrc n;

	gv_netrc_parse(&n, text, sizeof(text) - 1);
	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = GV_ERR_INIT;
		gv_autourl struct gv_url u = { 0 };
		const struct gv_netrc_entry *e = NULL;

		if (gv_url_parse(&u, cases[i][0], &err) == 0)
			e = gv_netrc_find(&n, &u);
		ok(same(e != NULL ? e->login : NULL, cases[i][1]), "netrc: %s is %s", cases[i][0],
		   cases[i][1] != NULL ? cases[i][1] : "nobody");
	}
	gv_netrc_release(&n);
}

static void
write_file(const char *path, const char *text)
{
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_fs_replace(path, text, strlen(text), 0644, &err) == 0, "%s", err.msg);
}

static size_t
times(const char *text, const char *part)
{
	size_t n = 0;

	while ((text = strstr(text, part)) != NULL) {
		text++;
		n++;
	}
	return n;
}

static void
test_certs(void)
{
	static const char pem[] = "-----BEGIN CERTIFICATE-----\n%s\n";
	char dir[] = "/tmp/gover-net-XXXXXX", path[64], text[100];
	struct gv_err err = GV_ERR_INIT;
	struct gv_certs c;

	tap_need(mkdtemp(dir) != NULL && chdir(dir) == 0 && mkdir("a", 0755) == 0 && mkdir("b", 0755) == 0,
		 "directories");
	for (const char *p = "a/hashed.pem\0a/plain.pem\0b/other.crt\0bundle.pem\0"; *p != '\0'; p += strlen(p) + 1) {
		snprintf(text, sizeof(text), pem, p);
		write_file(p, text);
	}
	write_file("b/readme", "nothing");
	tap_need(symlink("hashed.pem", "a/01234567.0") == 0 && symlink("plain.pem", "a/again.pem") == 0 &&
		     link("bundle.pem", "b/bundle.pem") == 0,
		 "links");
	setenv("SSL_CERT_FILE", "bundle.pem", 1);
	unsetenv("SSL_CERT_DIR");
	gv_certs_init(&c, "/nonexistent");
	ok(same(c.file, "bundle.pem") && c.dirs == NULL && c.blob == NULL, "SSL_CERT_FILE alone");
	gv_certs_release(&c);
	setenv("SSL_CERT_DIR", "/nonexistent", 1);
	gv_certs_init(&c, NULL);
	ok(same(c.dirs, "/nonexistent") && c.blob == NULL, "SSL_CERT_DIR with nothing in it");
	gv_certs_release(&c);
	snprintf(path, sizeof(path), "%s/a:%s/b", dir, dir);
	setenv("SSL_CERT_DIR", path, 1);
	gv_certs_init(&c, NULL);
	tap_need(c.blob != NULL, "files that were read");
	ok(same(c.dirs, path) && strstr(c.blob, "plain.pem") != NULL && strstr(c.blob, "other.crt") != NULL,
	   "files that are not named by a hash are read");
	ok(times(c.blob, "bundle.pem") == 1, "SSL_CERT_FILE is read too, once");
	ok(times(c.blob, "hashed.pem") == 0 && times(c.blob, "nothing") == 0 && times(c.blob, "plain.pem") == 1,
	   "the library reads the others");
	gv_certs_release(&c);
	unsetenv("SSL_CERT_FILE");
	gv_certs_init(&c, "bundle.pem");
	ok(c.file == NULL && c.blob != NULL && strstr(c.blob, "bundle.pem") != NULL,
	   "with SSL_CERT_DIR the default file is still used");
	gv_certs_release(&c);
	ok(chdir("/") == 0 && gv_fs_remove_tree(AT_FDCWD, dir, &err) == 0, "clean up");
}

static void
test_stall_rule(void)
{
	static const struct {
		const char *name;
		unsigned at_once, per_second, seconds, stalls_at; /* 0: never */
	} cases[] = {
		{ "nothing at all", 0, 0, 30, 20 },
		{ "1023 bytes a second", 0, 1023, 60, 20 },
		{ "1024 bytes a second", 0, 1024, 600, 0 },
		{ "a megabyte, then nothing", 1000000, 0, 60, 21 },
		{ "fast", 0, 1000000, 600, 0 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_stall s = { 0 };
		uint64_t bytes = 0;
		unsigned at = 0;

		for (unsigned ms = 0; ms <= cases[i].seconds * 1000 && at == 0; ms += 250) {
			if (gv_stall_tick(&s, &gv_http_limits_default, 5000 + ms, bytes))
				at = ms / 1000;
			bytes += cases[i].per_second / 4 + (ms % 1000 == 0 ? cases[i].per_second % 4 : 0);
			if (ms == 0)
				bytes += cases[i].at_once;
		}
		ok(at == cases[i].stalls_at, "%s stalls after %u s, got %u", cases[i].name, cases[i].stalls_at, at);
	}
}

int
main(void)
{
	test_url();
	test_no_proxy();
	test_proxy_env();
	test_netrc();
	test_certs();
	test_stall_rule();
	return tap_done();
}
