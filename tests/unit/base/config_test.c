/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"
#include "util/auto.h"
#include "util/fs.h"

static char dir[] = "/tmp/gover-config-XXXXXX";
static const char path[] = "config"; /* the settings file, in the test's directory */

static void
put(const char *text, size_t len)
{
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_fs_replace(path, text, len, 0644, &err) == 0, "%s", err.msg);
}

static void
defaults(void)
{
	struct gv_err err = GV_ERR_INIT, warn = GV_ERR_INIT;
	gv_autoconfig struct gv_config c = { 0 };

	ok(gv_config_load(&c, "missing", &warn, &err) == 0 && warn.code == GV_OK, "no file is no failure");
	ok(gv_config_is(&c, "auto_install", "yes") && gv_config_is(&c, "sources", "auto") &&
	       gv_config_is(&c, "verify", "log") && gv_config_is(&c, "golang_url", "https://go.dev/dl") &&
	       gv_config_is(&c, "goproxy", ""),
	   "the defaults");
	for (size_t i = 0; i < gv_settings_len; i++)
		ok(gv_settings[i].fallback[0] == '\0' || gv_settings[i].check(gv_settings[i].fallback, &err) == 0,
		   "the default of %s is well formed", gv_settings[i].key);
}

static void
files(void)
{
	static const struct {
		const char *name, *text;
		const char *key, *value; /* value NULL: malformed, and the message contains `key` */
	} rows[] = {
		{ "plain", "auto_install = no\n", "auto_install", "no" },
		{ "no blanks", "auto_install=no", "auto_install", "no" },
		{ "blanks and CR", "  auto_install \t=\t no \r\n", "auto_install", "no" },
		{ "comments", "# auto_install = no\n\n\t# x\n", "auto_install", "yes" },
		{ "the last one counts", "auto_install = no\nauto_install = yes\n", "auto_install", "yes" },
		{ "an equals sign in a value", "goproxy = https://x/?a=b\n", "goproxy", "https://x/?a=b" },
		{ "a hash in a value", "goproxy = https://x/#a\n", "goproxy", "https://x/#a" },
		{ "empty", "goproxy =\n", "goproxy", "" },
		{ "a list", "sources = toolcache, goproxy ,/srv/go\n", "sources", "toolcache, goproxy ,/srv/go" },
		{ "off", "sources = off\n", "sources", "off" },
		{ "a mirror directory", "golang_url = /srv/dl\n", "golang_url", "/srv/dl" },
		{ "a mirror", "golang_url = http://127.0.0.1:1/dl\n", "golang_url", "http://127.0.0.1:1/dl" },
		{ "a file URL", "golang_url = file:///srv/dl\n", "golang_url", "file:///srv/dl" },
		{ "no proof", "verify = off\n", "verify", "off" },
		{ "no equals sign", "\nauto_install no\n", "config:2:", NULL },
		{ "no key", " = no\n", "config:1:", NULL },
		{ "neither yes nor no", "verify = log\nauto_install = maybe\n", "config:2: auto_install:", NULL },
		{ "an empty switch", "auto_install =\n", "config:1: auto_install:", NULL },
		{ "an unknown source", "sources = goproxy,ftp\n", "'ftp'", NULL },
		{ "an empty source", "sources = goproxy,\n", "''", NULL },
		{ "a relative directory", "sources = srv/go\n", "'srv/go'", NULL },
		{ "not a URL", "golang_url = go.dev/dl\n", "golang_url", NULL },
		{ "a carriage return in a value", "goproxy = https://x/\rHost: y\n", "config:1: goproxy:", NULL },
		{ "an escape sequence", "goproxy = \x1b[31m\n", "config:1: goproxy:", NULL },
		{ "half a proof", "verify = maybe\n", "verify", NULL },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		struct gv_err err = GV_ERR_INIT, warn = GV_ERR_INIT;
		gv_autoconfig struct gv_config c = { 0 };
		int rc;

		put(rows[i].text, strlen(rows[i].text));
		rc = gv_config_load(&c, path, &warn, &err);
		if (rows[i].value != NULL)
			ok(rc == 0 && warn.code == GV_OK && gv_config_is(&c, rows[i].key, rows[i].value), "%s",
			   rows[i].name);
		else
			ok(rc == -1 && err.code == GV_EFORMAT && strstr(err.msg, rows[i].key) != NULL,
			   "malformed: %s (%s)", rows[i].name, err.msg);
	}
}

static void
odd_files(void)
{
	static const char nul[] = "auto_install = no\0\n";
	static char big[(64 << 10) + 1];
	struct gv_err err = GV_ERR_INIT, warn = GV_ERR_INIT;
	gv_autoconfig struct gv_config c = { 0 };

	put("colour = red\nauto_install = no\n", 31);
	ok(gv_config_load(&c, path, &warn, &err) == 0 && warn.code != GV_OK && strstr(warn.msg, "config:1:") != NULL &&
	       strstr(warn.msg, "'colour'") != NULL && gv_config_is(&c, "auto_install", "no"),
	   "an unknown key is noted and skipped");
	gv_config_release(&c);
	put(nul, sizeof(nul) - 1);
	ok(gv_config_load(&c, path, &warn, &err) == -1, "NUL");
	memset(big, '#', sizeof(big));
	put(big, sizeof(big));
	ok(gv_config_load(&c, path, &warn, &err) == -1 && err.code == GV_ETOOBIG, "a file over 64 KiB");
	ok(gv_config_load(&c, ".", &warn, &err) == -1, "a directory");
}

static void
variables(void)
{
	struct gv_err err = GV_ERR_INIT, warn = GV_ERR_INIT;
	gv_autoconfig struct gv_config c = { 0 };

	put("auto_install = no\nverify = off\n", 31);
	setenv("GOVER_AUTO_INSTALL", "yes", 1);
	setenv("GOVER_VERIFY", "", 1);
	tap_need(gv_config_load(&c, path, &warn, &err) == 0, "%s", err.msg);
	ok(gv_config_is(&c, "auto_install", "yes") && c.sources[0] == GV_CONFIG_ENV, "a variable wins over the file");
	ok(gv_config_is(&c, "verify", "off"), "an empty one does not");
	gv_config_release(&c);
	setenv("GOVER_AUTO_INSTALL", "perhaps", 1);
	ok(gv_config_load(&c, path, &warn, &err) == -1 && err.code == GV_EFORMAT &&
	       strstr(err.msg, "GOVER_AUTO_INSTALL") != NULL,
	   "a malformed one is named");
	unsetenv("GOVER_AUTO_INSTALL");
	unsetenv("GOVER_VERIFY");
	ok(gv_config_load(&c, path, &warn, &err) == 0 && c.sources[0] == GV_CONFIG_FILE &&
	       c.sources[1] == GV_CONFIG_DEFAULT,
	   "each value knows its source");
}

static void
setting(void)
{
	static const struct {
		const char *name, *before, *key, *value, *after;
	} rows[] = {
		{ "into an empty file", "", "verify", "off", "verify = off\n" },
		{ "behind others", "# mine\nsources = off", "verify", "off", "# mine\nsources = off\nverify = off\n" },
		{ "in place", "# a\nverify=log\n\nsources = off\n", "verify", "off",
		  "# a\nverify = off\n\nsources = off\n" },
		{ "once", "verify = log\nverify = log\n", "verify", "off", "verify = off\n" },
		{ "removed", "# a\nverify = off\nsources = off\n", "verify", NULL, "# a\nsources = off\n" },
		{ "removed where there is none", "# a\n", "verify", NULL, "# a\n" },
		{ "beside what is unknown", "colour = red\nnonsense\n", "verify", "off",
		  "colour = red\nnonsense\nverify = off\n" },
	};
	struct gv_err err = GV_ERR_INIT;
	struct stat st;

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		gv_autofree char *text = NULL;
		size_t len = 0;

		put(rows[i].before, strlen(rows[i].before));
		ok(gv_config_set(path, rows[i].key, rows[i].value, &err) == 0 &&
		       gv_fs_read(AT_FDCWD, path, 1000, &text, &len, &err) == 0 && strcmp(text, rows[i].after) == 0,
		   "set: %s", rows[i].name);
	}
	ok(gv_config_set(path, "colour", "red", &err) == -1 && err.code == GV_EUSAGE, "an unknown key is not set");
	ok(gv_config_set(path, "verify", "maybe", &err) == -1, "a malformed value is not set");
	ok(gv_config_set(path, "goproxy", "a\nverify = off", &err) == -1, "nor one of two lines");
	ok(gv_config_set("new/dir/config", "verify", "off", &err) == 0 && stat("new/dir/config", &st) == 0,
	   "directories are made");
}

int
main(void)
{
	struct gv_err err = GV_ERR_INIT;

	tap_need(mkdtemp(dir) != NULL && chdir(dir) == 0, "a directory");
	for (size_t i = 0; i < gv_settings_len; i++)
		unsetenv(gv_settings[i].variable);
	defaults();
	files();
	odd_files();
	variables();
	setting();
	if (chdir("/") < 0 || gv_fs_remove_tree(AT_FDCWD, dir, &err) < 0)
		printf("# %s\n", err.msg);
	return tap_done();
}
