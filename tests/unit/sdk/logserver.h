/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_LOGSERVER_H
#define GV_TESTS_LOGSERVER_H

/*
 * A checksum database for tests. tests/fake/fakelog.py writes it below `root`, httpd serves it on the loopback, and
 * GOSUMDB names it. A store is below the same `root`. httpd's thread reads only files written before.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/private.h"
#include "tests/fake/httpd.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"
#include "util/str.h"

#define MODULE     "golang.org/toolchain"
#define MODVERSION "v0.0.1-go1.22.3.linux-amd64"

static char root[] = "/tmp/gover-log-XXXXXX";

struct bench {
	struct httpd *httpd;
	struct gv_dirs dirs;
	struct gv_config config;
	struct gv_store *store;
	unsigned logs;
};

static void
answer(struct httpd_conn *c, const struct httpd_request *r, void *arg)
{
	gv_autofree char *file = gv_xasprintf("%s%s", root, r->target), *data = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t len = 0;

	(void)arg;
	if (gv_fs_read(AT_FDCWD, file, 1 << 20, &data, &len, &err) == 0)
		httpd_reply(c, 200, "", data, len);
	else
		httpd_reply(c, 404, "", "", 0);
}

/* Make a log with the lines of `records`, and forget the heads of older logs. False on failure. */
static bool
bench_log(struct bench *b, const char *records)
{
	const char *top = getenv("top_srcdir");
	gv_autofree char *name = gv_xasprintf("log%u", b->logs++);
	gv_autofree char *cmd = gv_xasprintf("python3 '%s/tests/fake/fakelog.py' sumdb.test seed %s/%s %s/records",
					     top != NULL ? top : ".", root, name, root);
	gv_autofree char *path = gv_xasprintf("/%s", name), *value = NULL;
	struct gv_err err = GV_ERR_INIT;
	char key[512] = "";
	FILE *out;

	put_file(root, "records", records, 0644);
	if ((gv_fs_exists(b->dirs.heads) && gv_fs_remove_tree(AT_FDCWD, b->dirs.heads, &err) < 0) ||
	    (gv_fs_exists(b->dirs.tiles) && gv_fs_remove_tree(AT_FDCWD, b->dirs.tiles, &err) < 0))
		return false;
	out = popen(cmd, "r");
	if (out == NULL || fgets(key, sizeof(key), out) == NULL || pclose(out) != 0)
		return false;
	key[strcspn(key, "\n")] = '\0';
	value = gv_xasprintf("%s %s", key, httpd_url(b->httpd, path));
	return setenv("GOSUMDB", value, 1) == 0;
}

/* Open a store with the current settings and GOSUMDB. */
static bool
bench_store(struct bench *b)
{
	struct gv_err err = GV_ERR_INIT, warn = GV_ERR_INIT;

	gv_store_close(b->store);
	b->store = NULL;
	gv_config_release(&b->config);
	if (gv_config_load(&b->config, b->dirs.config, &warn, &err) == 0)
		b->store = gv_store_open(&b->dirs, &b->config, &err);
	return b->store != NULL;
}

static bool
bench_begin(struct bench *b)
{
	static const char *const unset[] = { "GONOSUMDB", "GOPRIVATE", "GOVER_VERIFY", "GOVER_SOURCES",
					     "GOVER_GOPROXY" };
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *store = NULL;

	tap_skip_without("python3");
	if (mkdtemp(root) == NULL)
		return false;
	store = gv_path_join(root, "store");
	for (size_t i = 0; i < GV_ARRAY_LEN(unset); i++)
		unsetenv(unset[i]);
	setenv("GOVER_ROOT", store, 1);
	setenv("GOENV", "off", 1);
	setenv("GOPROXY", "off", 1);
	b->httpd = httpd_start(answer, NULL);
	return b->httpd != NULL && gv_dirs_init(&b->dirs, &err) == 0 && bench_log(b, "") && bench_store(b);
}

static void
bench_end(struct bench *b)
{
	struct gv_err err = GV_ERR_INIT;

	gv_store_close(b->store);
	gv_config_release(&b->config);
	gv_dirs_release(&b->dirs);
	if (b->httpd != NULL)
		httpd_stop(b->httpd);
	ok(chdir("/") == 0 && gv_fs_remove_tree(AT_FDCWD, root, &err) == 0, "clean up %s", err.msg);
}

#endif
