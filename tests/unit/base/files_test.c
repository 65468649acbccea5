/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/files.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

#define TEXT(s) s, sizeof(s) - 1

struct row {
	const char *name, *text;
	size_t len;
	const char *want; /* the request; "": none; NULL: malformed */
	unsigned line;
};

static const struct row go_version[] = {
	{ "plain", TEXT("1.22.3\n"), "1.22.3", 1 },
	{ "no newline", TEXT("1.22.3"), "1.22.3", 1 },
	{ "CR LF", TEXT("1.22.3\r\n"), "1.22.3", 1 },
	{ "CR LF around", TEXT("\r\n# x\r\n1.22.3\r\n\r\n"), "1.22.3", 3 },
	{ "BOM",
	  TEXT("\xef\xbb\xbf"
	       "1.22.3\n"),
	  "1.22.3", 1 },
	{ "BOM and CR LF",
	  TEXT("\xef\xbb\xbf"
	       "1.22.3\r\n"),
	  "1.22.3", 1 },
	{ "BOM and a comment", TEXT("\xef\xbb\xbf# x\n1.22.3\n"), "1.22.3", 2 },
	{ "blanks around", TEXT(" \t1.22.3\t \n"), "1.22.3", 1 },
	{ "comments", TEXT("# a\n//b\n#c\n\n  # d\n\t// e\n1.22.3\n"), "1.22.3", 7 },
	{ "trailing comment", TEXT("1.22.3 # pin\n"), "1.22.3", 1 },
	{ "trailing comment by a tab", TEXT("1.22.3\t#pin\n"), "1.22.3", 1 },
	{ "bare trailing hash", TEXT("1.22.3 #\n"), "1.22.3", 1 },
	{ "two hashes", TEXT("1.22.3 # a # b\n"), "1.22.3", 1 },
	{ "go", TEXT("go1.22.3\n"), "1.22.3", 1 },
	{ "go-", TEXT("go-1.22\n"), "1.22", 1 },
	{ "v", TEXT("v1.22.3\n"), "1.22.3", 1 },
	{ "1.22.*", TEXT("1.22.*\n"), "1.22.*", 1 },
	{ "system", TEXT("system\n"), "system", 1 },
	{ "latest", TEXT("latest\n"), "latest", 1 },
	{ "several", TEXT("1.22.3\n# old\n1.21.13\nstable\n"), "1.22.3", 1 },
	{ "a long comment",
	  TEXT("#xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	       "\n1.22.3\n"),
	  "1.22.3", 2 },
	{ "empty", TEXT(""), NULL, 0 },
	{ "newlines", TEXT("\n\n\r\n"), NULL, 0 },
	{ "BOM alone", TEXT("\xef\xbb\xbf"), NULL, 0 },
	{ "comments alone", TEXT("# 1.22.3\n// 1.22.3"), NULL, 0 },
	{ "one slash", TEXT("/ 1.22.3\n"), NULL, 1 },
	{ "a hash without a blank", TEXT("1.22.3# pin\n"), NULL, 1 },
	{ "trailing slashes", TEXT("1.22.3 // pin\n"), NULL, 1 },
	{ "semicolon comment", TEXT("; x\n1.22.3\n"), NULL, 1 },
	{ "blanks inside", TEXT("1.22. 3\n"), NULL, 1 },
	{ "two versions on a line", TEXT("1.22.3 1.21.13\n"), NULL, 1 },
	{ "go and a blank", TEXT("go 1.22.3\n"), NULL, 1 },
	{ "old line ends", TEXT("1.22.3\r1.21.13\r"), NULL, 1 },
	{ "BOM twice",
	  TEXT("\xef\xbb\xbf\xef\xbb\xbf"
	       "1.22.3\n"),
	  NULL, 1 },
	{ "BOM on the second line",
	  TEXT("# x\n\xef\xbb\xbf"
	       "1.22.3\n"),
	  NULL, 2 },
	{ "UTF-16",
	  TEXT("\xff\xfe"
	       "1\0.\0"
	       "2\0"
	       "2\0\n\0"),
	  NULL, 1 },
	{ "no-break space",
	  TEXT("\xc2\xa0"
	       "1.22.3\n"),
	  NULL, 1 },
	{ "NUL behind", TEXT("1.22.3\0\n"), NULL, 1 },
	{ "NUL and another version", TEXT("1.22.3\0\n1.21.13\n"), NULL, 1 },
	{ "form feed", TEXT("\f1.22.3\n"), NULL, 1 },
	{ "vertical tab", TEXT("1.22.3\v\n"), NULL, 1 },
	{ "the second line is bad", TEXT("1.22.3\nbanana\n"), NULL, 2 },
	{ "the last line is bad", TEXT("1.22.3\n\n# x\n1.21.13\n>>>>>>> x"), NULL, 5 },
	{ "capital prefix", TEXT("Go1.22.3\n"), NULL, 1 },
	{ "two prefixes", TEXT("gov1.22.3\n"), NULL, 1 },
	{ "prefixed word", TEXT("golatest\n"), NULL, 1 },
	{ "a range", TEXT(">=1.22\n"), NULL, 1 },
	{ "caret", TEXT("^1.22\n"), NULL, 1 },
	{ "bare star", TEXT("*\n"), NULL, 1 },
	{ "bare x", TEXT("x\n"), NULL, 1 },
	{ "an assignment", TEXT("GO_VERSION=1.22.3\n"), NULL, 1 },
	{ "quotes", TEXT("\"1.22.3\"\n"), NULL, 1 },
	{ "a list", TEXT("1.22.3,1.21.13\n"), NULL, 1 },
	{ "a colon list", TEXT("1.22.3:1.21.13\n"), NULL, 1 },
	{ "JSON", TEXT("{\"go\": \"1.22\"}\n"), NULL, 1 },
	{ "a suffix", TEXT("1.22.3-alpine\n"), NULL, 1 },
	{ "an architecture", TEXT("go1.22.3.linux-amd64\n"), NULL, 1 },
	{ "leading zero", TEXT("1.022\n"), NULL, 1 },
	{ "trailing dot", TEXT("1.22.\n"), NULL, 1 },
	{ "1.22d", TEXT("1.22d\n"), NULL, 1 },
	{ "rc without number", TEXT("1.23rc\n"), NULL, 1 },
	{ "rc of a patch", TEXT("1.23.1rc1\n"), NULL, 1 },
	{ "capital RC", TEXT("1.23RC1\n"), NULL, 1 },
	{ "full-width digits", TEXT("\xef\xbc\x91.22\n"), NULL, 1 },
	{ "a command", TEXT("$(touch x)\n"), NULL, 1 },
	{ "a shebang is a comment", TEXT("#!/bin/sh\n1.22.3\n"), "1.22.3", 2 },
};

static const struct row tool_versions[] = {
	{ "golang", TEXT("golang 1.22.3\n"), "1.22.3", 1 },
	{ "go", TEXT("go 1.22.3\n"), "1.22.3", 1 },
	{ "no newline", TEXT("golang 1.22.3"), "1.22.3", 1 },
	{ "tabs", TEXT("golang\t1.22.3\t\n"), "1.22.3", 1 },
	{ "CR LF", TEXT("nodejs 20\r\ngolang 1.22.3\r\n"), "1.22.3", 2 },
	{ "BOM", TEXT("\xef\xbb\xbfgolang 1.22.3\n"), "1.22.3", 1 },
	{ "prefix", TEXT("golang go1.22.3\n"), "1.22.3", 1 },
	{ "system", TEXT("golang system\n"), "system", 1 },
	{ "a minor", TEXT("golang 1.22\n"), "1.22", 1 },
	{ "the first line counts", TEXT("golang 1.22.3\ngo 1.21.13\n"), "1.22.3", 1 },
	{ "fallbacks", TEXT("golang 1.22.3 1.21.13 system\n"), "1.22.3", 1 },
	{ "fallbacks of asdf", TEXT("golang 1.22.3 ref:master path:/opt/go\n"), "1.22.3", 1 },
	{ "comment at once", TEXT("golang 1.22.3# x\n"), "1.22.3", 1 },
	{ "commented out", TEXT("# golang 1.22.3\n#golang 1.22.3\n"), "", 0 },
	{ "other tools", TEXT("nodejs 20.1.0\npython 3.12\ngolangci-lint 1.60\ngopls 0.16\n"), "", 0 },
	{ "empty", TEXT(""), "", 0 },
	{ "other junk is not ours", TEXT("\x1b[31m\nfoo\n\0\n"), "", 0 },
	{ "a conflict about another tool", TEXT("<<<<<<< a\nnodejs 20\n=======\nnodejs 21\n>>>>>>> b\n"), "", 0 },
	{ "a conflict", TEXT("nodejs 20\n<<<<<<< a\ngolang 1.22.3\n=======\ngolang 1.21.13\n>>>>>>> b\n"), NULL, 2 },
	{ "no version", TEXT("nodejs 20\ngolang\n"), NULL, 2 },
	{ "a comment for a version", TEXT("golang # 1.22.3\n"), NULL, 1 },
	{ "a word", TEXT("golang banana\n"), NULL, 1 },
	{ "latest:", TEXT("golang latest:1.22\n"), NULL, 1 },
	{ "ref:", TEXT("golang ref:master\n"), NULL, 1 },
	{ "path:", TEXT("golang path:/opt/go 1.22.3\n"), NULL, 1 },
	{ "a bad fallback", TEXT("golang 1.22.3 banana\n"), NULL, 1 },
	{ "a later bad line", TEXT("golang 1.22.3\nnodejs 20\ngolang banana\n"), NULL, 3 },
	{ "equals", TEXT("golang = 1.22.3\n"), NULL, 1 },
	{ "a range", TEXT("golang >=1.22\n"), NULL, 1 },
	{ "NUL", TEXT("golang 1.22.3\0\n"), NULL, 1 },
	{ "escape sequences", TEXT("golang \x1b[31m1.22.3\n"), NULL, 1 },
};

static void
parse_rows(void)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(go_version); i++) {
		const struct row *row = &go_version[i];
		struct gv_err err = GV_ERR_INIT;
		struct gv_request r = { .text = "" };
		unsigned line = 99;
		int rc = gv_go_version_parse(row->text, row->len, &r, NULL, &line, &err);

		if (row->want != NULL)
			ok(rc == 0 && strcmp(r.text, row->want) == 0 && line == row->line, ".go-version: %s",
			   row->name);
		else
			ok(rc == -1 && err.code == GV_EFORMAT && line == row->line && err.msg[0] != '\0',
			   ".go-version: %s is an error", row->name);
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(tool_versions); i++) {
		const struct row *row = &tool_versions[i];
		struct gv_err err = GV_ERR_INIT;
		struct gv_request r = { .text = "" };
		unsigned line = 99;
		int rc = gv_tool_versions_parse(row->text, row->len, &r, &line, &err);

		if (row->want == NULL)
			ok(rc == -1 && err.code == GV_EFORMAT && line == row->line, ".tool-versions: %s is an error",
			   row->name);
		else
			ok(rc == (row->want[0] != '\0') && strcmp(r.text, row->want) == 0 && line == row->line,
			   ".tool-versions: %s", row->name);
	}
}

static void
all_requests(void)
{
	static const char text[] = "go1.22.3\n1.21\n# x\nstable\n";
	gv_autostrv struct gv_strv all = GV_STRV_INIT;
	struct gv_err err = GV_ERR_INIT;
	struct gv_request r;
	unsigned line;

	ok(gv_go_version_parse(text, sizeof(text) - 1, &r, &all, &line, &err) == 0 && all.n == 3 &&
	       strcmp(all.v[0], "1.22.3") == 0 && strcmp(all.v[1], "1.21") == 0 && strcmp(all.v[2], "stable") == 0,
	   "all lines are returned when asked for");
}

/* Parse `text`, repeated up to `len` bytes. Returns the line where it exceeds the limit, or 0 when it parses. */
static unsigned
over_limit(const char *text, size_t len)
{
	gv_autofree char *big = gv_xmalloc(len);
	struct gv_err err = GV_ERR_INIT;
	struct gv_request r;
	unsigned line = 0;

	for (size_t i = 0; i < len; i++)
		big[i] = text[i % strlen(text)];
	return gv_go_version_parse(big, len, &r, NULL, &line, &err) < 0 && strstr(err.msg, "64 KiB") != NULL ? line : 0;
}

static void
size_limit(void)
{
	ok(over_limit("1.22.3#\n", GV_PROJECT_FILE_MAX + 1) == 0, "malformed before it is too large");
	ok(over_limit("1.22.30\n", GV_PROJECT_FILE_MAX) == 0, "64 KiB of lines are taken");
	ok(over_limit("1.22.30\n", GV_PROJECT_FILE_MAX + 1) == GV_PROJECT_FILE_MAX / 8 + 1, "a byte more is too large");
	ok(over_limit("\n", GV_PROJECT_FILE_MAX + 1) == GV_PROJECT_FILE_MAX + 1, "even when the last byte ends a line");
	ok(over_limit("x", GV_PROJECT_FILE_MAX + 1) == 1, "one long line");
}

static int
read_kind(const char *path, enum gv_file_kind kind, struct gv_err *err)
{
	gv_autofree char *buf = NULL;
	size_t len = 0;
	int rc = gv_file_read(path, path, kind, 16, &buf, &len, err);

	return rc > 0 && (strlen(buf) != len || (len != 3 && len != 17)) ? 99 : rc;
}

static void
reading(void)
{
	static const struct {
		const char *path;
		int strict, module;
	} rows[] = {
		{ "file", 1, 1 },      { "big", 1, 1 },    { "link", 1, 1 },     { "missing", 0, 0 },
		{ "file/x", 0, 0 },    { "dir", -1, 0 },   { "dirlink", -1, 0 }, { "fifo", -1, -1 },
		{ "dangling", -1, 0 }, { "loop", -1, -1 }, { "null", -1, -1 },
	};
	char dir[] = "/tmp/gover-files-XXXXXX";
	struct gv_err err = GV_ERR_INIT;
	bool made;

	tap_need(mkdtemp(dir) != NULL && chdir(dir) == 0, "a directory");
	made = gv_fs_replace("file", "abc", 3, 0644, &err) == 0 &&
	       gv_fs_replace("big", "0123456789abcdefghi", 19, 0644, &err) == 0 && mkdir("dir", 0755) == 0 &&
	       symlink("file", "link") == 0 && symlink("dir", "dirlink") == 0 && mkfifo("fifo", 0644) == 0 &&
	       symlink("nowhere", "dangling") == 0 && symlink("loop", "loop") == 0 && symlink("/dev/null", "null") == 0;
	ok(made, "the files are there: %s", err.msg);
	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		int strict = read_kind(rows[i].path, GV_FILE_STRICT, &err),
		    module = read_kind(rows[i].path, GV_FILE_MODULE, &err);

		ok(strict == rows[i].strict && module == rows[i].module, "reading '%s' gives %d and %d", rows[i].path,
		   strict, module);
	}
	if (chdir("/") < 0 || gv_fs_remove_tree(AT_FDCWD, dir, &err) < 0)
		printf("# %s\n", err.msg);
}

static void
long_path(void)
{
	struct gv_err err = GV_ERR_INIT;
	char path[3000];

	memset(path, 'd', sizeof(path));
	memcpy(path + sizeof(path) - 5, "/end", 5);
	gv_err_set(&err, GV_EFORMAT, "the reason");
	gv_file_wrap(&err, path, 7);
	ok(strstr(err.msg, "/end:7: the reason") != NULL, "a long path does not hide the line and the reason");
}

int
main(void)
{
	parse_rows();
	all_requests();
	size_limit();
	reading();
	long_path();
	return tap_done();
}
