/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fetch/release.h"
#include "tests/fake/httpd.h"
#include "tests/tap.h"
#include "tests/unit/sdk/tsv.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "version/known.h"

/* No reply counts as late. */
static const struct gv_http_limits patient = { .stall_ms = 20000, .stall_rate = 1, .retry_ms = 90000, .backoff_ms = 5 };

static char *sample;
static size_t sample_len;

static void
test_parse(void)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autostrv struct gv_strv versions = GV_STRV_INIT;
	const struct gv_index_file *f;
	struct gv_index ix;

	if (!ok(gv_index_parse(&ix, sample, sample_len, &err) == 0, "the sample is an index"))
		return;
	ok(ix.n == 5, "odd entries are skipped, %zu files stay", ix.n);
	f = gv_index_find(&ix, "1.22.3", "linux", "amd64");
	ok(f != NULL && strcmp(f->filename, "go1.22.3.linux-amd64.tar.gz") == 0 && f->size == 68964131 &&
	       f->sha256 != NULL,
	   "an archive");
	f = gv_index_find(&ix, "1.22.3", "linux", "arm");
	ok(f != NULL && strcmp(f->filename, "go1.22.3.linux-armv6l.tar.gz") == 0, "armv6l is arm");
	f = gv_index_find(&ix, "1.22.3", "windows", "amd64");
	ok(f != NULL && strcmp(f->filename, "go1.22.3.windows-amd64.zip") == 0, "a zip, not the installer");
	f = gv_index_find(&ix, "1.4.2", "linux", "amd64");
	ok(f != NULL && f->sha256 == NULL && f->size == -1, "an old one has neither hash nor size");
	ok(gv_index_find(&ix, "1.4.2", "darwin", "amd64") == NULL &&
	       gv_index_find(&ix, "1.9.2rc2", "linux", "amd64") == NULL &&
	       gv_index_find(&ix, "1.22.3", "plan9", "amd64") == NULL,
	   "odd and missing entries are not found");
	gv_index_versions(&ix, &versions);
	ok(versions.n == 3 && strcmp(versions.v[0], "1.22.3") == 0 && strcmp(versions.v[1], "1.23rc2") == 0 &&
	       strcmp(versions.v[2], "1.4.2") == 0,
	   "each version once");
	gv_index_release(&ix);
}

static void
test_malformed(void)
{
	static const char *const cases[][2] = {
		{ "{}", "$: want an array" },
		{ "[1]", "$[0]: want an object" },
		{ "[{}]", "$[0].files: want an array" },
		{ "[{\"files\":[{}]}]", "$[0].files[0].filename: want a string" },
		{ "[{\"files\":[]},{\"files\":[{\"filename\":\"f\",\"version\":7}]}]",
		  "$[1].files[0].version: want a string" },
		{ "[{\"files\":[{\"filename\":\"go1.2.linux-a.zip\",\"version\":\"go1.2\",\"os\":\"linux\",\"arch\":"
		  "\"a\","
		  "\"kind\":\"archive\",\"size\":1,\"sha256\":\"ABC\"}]}]",
		  "$[0].files[0].sha256: want 64 lower-case hex digits" },
		{ "<html>", "line 1, column 1: not JSON: invalid token near '<'" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_index ix;

		ok(gv_index_parse(&ix, cases[i][0], strlen(cases[i][0]), &err) == -1 && err.code == GV_EFORMAT &&
		       strcmp(err.msg, cases[i][1]) == 0,
		   "malformed: %s", err.msg);
	}
}

/* What the server does, and what it saw. */
static struct {
	enum { SERVE, NOT_FOUND, BROKEN, GARBAGE } mode;
	unsigned full, unchanged;
	char target[100];
} server;

static void
answer(struct httpd_conn *c, const struct httpd_request *r, void *arg)
{
	(void)arg;
	snprintf(server.target, sizeof(server.target), "%.99s", r->target);
	if (server.mode == NOT_FOUND) {
		httpd_reply(c, 404, "", "", 0);
	} else if (server.mode == BROKEN) {
		httpd_reply(c, 500, "", "", 0);
	} else if (server.mode == GARBAGE) {
		httpd_reply(c, 200, "", "<html>", 6);
	} else if (strcmp(httpd_header(r, "If-None-Match"), "\"v1\"") == 0) {
		server.unchanged++;
		httpd_send(c, "HTTP/1.1 304 Not Modified\r\n\r\n", 29);
	} else {
		server.full++;
		httpd_reply(c, 200, "ETag: \"v1\"\r\n", sample, sample_len);
	}
}

static enum gv_code
load(struct gv_http *h, const char *base, const char *dir, bool fresh)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_index ix;

	if (gv_index_load(&ix, h, base, dir, fresh, &err) < 0) {
		printf("# %s\n", err.msg);
		return err.code;
	}
	if (ix.n != 5)
		return GV_EFAIL;
	gv_index_release(&ix);
	return GV_OK;
}

/* Make the cached copy look two hours old. */
static void
age(const char *dir)
{
	gv_autofree char *path = gv_path_join(dir, "golang.cache");
	struct timespec when[2];

	clock_gettime(CLOCK_REALTIME, &when[0]);
	when[0].tv_sec -= 7200;
	when[1] = when[0];
	tap_need(utimensat(AT_FDCWD, path, when, 0) == 0, "a cached copy to make older");
}

static void
test_cache(const char *dir)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_http *h = gv_http_new(&err);
	struct httpd *s = httpd_start(answer, NULL);
	gv_autofree char *cache = gv_path_join(dir, "deep/cache"), *base = NULL;

	tap_need(h != NULL && s != NULL, "a server on 127.0.0.1 and a handle: %s", err.msg);
	gv_http_set_limits(h, &patient);
	base = gv_xstrdup(httpd_url(s, "/dl/"));
	ok(load(h, base, cache, false) == GV_OK && server.full == 1 &&
	       strcmp(server.target, "/dl/?mode=json&include=all") == 0,
	   "the first load asks for everything");
	ok(load(h, base, cache, false) == GV_OK && server.full == 1 && server.unchanged == 0,
	   "a young copy needs no request");
	ok(load(h, base, cache, true) == GV_OK && server.full == 1 && server.unchanged == 1,
	   "unless the caller wants it fresh");
	age(cache);
	ok(load(h, base, cache, false) == GV_OK && server.full == 1 && server.unchanged == 2,
	   "with an old copy the server is asked for changes");
	ok(load(h, base, cache, false) == GV_OK && server.unchanged == 2, "and is young again");
	ok(load(h, httpd_url(s, "/mirror"), cache, false) == GV_OK && server.full == 2,
	   "another site has another copy");
	ok(load(h, base, cache, false) == GV_OK && server.full == 3, "which replaced the first");
	age(cache);
	server.mode = BROKEN;
	ok(load(h, base, cache, false) == GV_OK, "with a broken server the old copy is used");
	ok(load(h, base, cache, true) == GV_ENET, "but not if the caller wants it fresh");
	server.mode = NOT_FOUND;
	ok(load(h, base, cache, false) == GV_ENOTFOUND, "no index at that place");
	server.mode = GARBAGE;
	ok(load(h, base, cache, true) == GV_EFORMAT, "a page of HTML is not an index");
	server.mode = SERVE;
	ok(load(h, base, cache, false) == GV_OK && server.unchanged == 3, "and did not replace the copy");
	ok(load(h, base, "/proc/nonexistent", false) == GV_OK, "an unwritable cache is not a failure");
	gv_http_free(h);
	httpd_stop(s);
}

static void
test_directory(const char *dir)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *path = gv_path_join(dir, "index.json");

	ok(load(NULL, dir, dir, false) == GV_ENOTFOUND, "a directory without an index");
	ok(gv_fs_replace(path, sample, sample_len, 0644, &err) == 0 && load(NULL, dir, dir, false) == GV_OK,
	   "and with one");
}

static void
test_write_known(const char *dir)
{
	static const char *const versions[] = { "1.99.0", "1.22.3", "1.20",     "1.23rc2", "1.20",
						"1.21",   "1.20.0", "1.9.2rc2", "bad",     "1.99beta1" };
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *path = gv_path_join(dir, "x/releases"), *text = NULL;
	gv_autostrv struct gv_strv sv = GV_STRV_INIT;
	gv_autoknown struct gv_known k = { 0 };
	size_t len = 0;

	for (size_t i = 0; i < GV_ARRAY_LEN(versions); i++)
		gv_strv_add(&sv, versions[i]);
	ok(gv_index_write_known(&sv, "https://a.test/dl", path, &err) == 0 &&
	       gv_fs_read(AT_FDCWD, path, 4096, &text, &len, &err) == 0,
	   "the index of releases is written");
	ok(text != NULL && strchr(text, '\n') != NULL &&
	       strcmp(strchr(text, '\n'), "\n1.20\t2023-02-01\tstable\n1.22.3\t2024-05-07\tstable\n"
					  "1.23rc2\t2024-07-16\trc\n1.99beta1\t-\tbeta\n1.99.0\t-\tstable\n") == 0,
	   "sorted, with dates where they are known");
	gv_known_load(&k, path, &err);
	ok(err.code == GV_OK && k.fetched > 0 && gv_known_find(&k, "1.99.0") != NULL &&
	       gv_known_find(&k, "1.18") != NULL,
	   "and read back");
}

int
main(void)
{
	char dir[] = "/tmp/gover-index-XXXXXX";
	gv_autofree char *path = test_data("index/sample.json");
	struct gv_err err = GV_ERR_INIT;

	setenv("NETRC", "/nonexistent", 1);
	tap_need(mkdtemp(dir) != NULL, "a directory");
	tap_need(gv_fs_read(AT_FDCWD, path, 1 << 20, &sample, &sample_len, &err) == 0, "%s", err.msg);
	test_parse();
	test_malformed();
	test_cache(dir);
	test_directory(dir);
	test_write_known(dir);
	ok(gv_fs_remove_tree(AT_FDCWD, dir, &err) == 0, "clean up");
	free(sample);
	return tap_done();
}
