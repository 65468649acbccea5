/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/lines.h"

#define SHOWN_PATH_MAX 600 /* bytes of a path in a message; leaves room for the reason after it */

static const char *
shorten(const char *path)
{
	size_t len = strlen(path);

	return len > SHOWN_PATH_MAX ? path + len - SHOWN_PATH_MAX : path;
}

int
gv_file_wrap(struct gv_err *err, const char *file, unsigned line)
{
	const char *dots = strlen(file) > SHOWN_PATH_MAX ? "..." : "";

	if (line == 0)
		return gv_err_wrap(err, "%s%s", dots, shorten(file));
	return gv_err_wrap(err, "%s%s:%u", dots, shorten(file), line);
}

/* Returns a descriptor or -1. When there is no such file, *absent is true and *err is not set. */
static int
open_file(const char *path, const char *shown, enum gv_file_kind kind, bool *absent, struct gv_err *err)
{
	static const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	/* O_NOFOLLOW distinguishes a dangling link from a missing file without a second call. */
	int fd = open(path, flags | O_NOFOLLOW);

	*absent = fd < 0 && (errno == ENOENT || errno == ENOTDIR);
	if (fd >= 0 || *absent)
		return fd;
	if (errno == ELOOP) {
		fd = open(path, flags);
		*absent = fd < 0 && errno == ENOENT && kind == GV_FILE_MODULE;
		if (fd >= 0 || *absent)
			return fd;
	}
	if (errno == ENXIO)
		return gv_err_set(err, GV_EFORMAT, "'%s' is not a regular file", shorten(shown));
	gv_err_sys(err, GV_EIO, "cannot open '%s'", shorten(shown));
	if (err->sys == EACCES)
		gv_err_help(err, "make it readable, or set GOVER_VERSION so that gover reads no such file");
	return -1;
}

int
gv_file_read(const char *path, const char *shown, enum gv_file_kind kind, size_t max, char **buf, size_t *len,
	     struct gv_err *err)
{
	gv_autofree char *data = NULL;
	gv_autofd int fd = -1;
	bool absent = false;
	struct stat st;
	size_t got = 0, cap;

	fd = open_file(path, shown, kind, &absent, err);
	if (fd < 0)
		return absent ? 0 : -1;
	if (fstat(fd, &st) < 0)
		return gv_err_sys(err, GV_EIO, "cannot stat '%s'", shorten(shown));
	if (S_ISDIR(st.st_mode) && kind == GV_FILE_MODULE)
		return 0;
	if (!S_ISREG(st.st_mode)) {
		gv_err_set(err, GV_EFORMAT, "'%s' is %s, not a regular file", shorten(shown),
			   S_ISDIR(st.st_mode) ? "a directory" : "special");
		return -1;
	}
	/* A size of 0 may be wrong, as in /proc. We trust any other size: nobody should be writing the file now. */
	cap = st.st_size <= 0 ? 4096 : (size_t)st.st_size;
	cap = cap > max ? max + 1 : cap;
	data = gv_xmalloc(cap + 1);
	for (;;) {
		ssize_t n = read(fd, data + got, cap - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gv_err_sys(err, GV_EIO, "cannot read '%s'", shorten(shown));
		got += (size_t)n;
		if (n == 0 || got > max || got == (size_t)st.st_size)
			break;
		if (got == cap) {
			cap = cap * 2 > max ? max + 1 : cap * 2;
			data = gv_xrealloc(data, cap + 1);
		}
	}
	data[got] = '\0';
	*buf = gv_steal_ptr(&data);
	*len = got;
	return 1;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A line, or a word in one; without a NUL. */
struct text {
	const char *s;
	size_t len;
};

static struct text
trim(struct text t)
{
	while (t.len > 0 && is_blank(*t.s))
		t.s++, t.len--;
	while (t.len > 0 && is_blank(t.s[t.len - 1]))
		t.len--;
	return t;
}

/*
 * Move to the next line of a text of `len` bytes. Returns 1, or 0 at the end, or -1 when the file is too large and this
 * line reaches its limit. Drops a byte order mark before the first line.
 */
static int
next_of(struct gv_lines *in, size_t len, struct text *line, struct gv_err *err)
{
	if (!gv_lines_next(in))
		return 0;
	if (len > GV_PROJECT_FILE_MAX && in->left == 0)
		return gv_err_set(err, GV_EFORMAT, "the file is larger than %u KiB", GV_PROJECT_FILE_MAX >> 10);
	*line = (struct text){ in->line, in->len };
	if (in->number == 1 && line->len >= 3 && memcmp(line->s, "\xef\xbb\xbf", 3) == 0)
		*line = (struct text){ line->s + 3, line->len - 3 };
	return 1;
}

/* Parse one version by the grammar of .go-version. */
static int
parse_version(struct gv_request *out, struct text t, struct gv_err *err)
{
	char copy[GV_REQUEST_MAX];

	if (memchr(t.s, '\0', t.len) != NULL)
		return gv_err_set(err, GV_EFORMAT, "the line holds a NUL byte");
	if (t.len >= sizeof(copy))
		return gv_err_set(err, GV_EFORMAT, "'%.60s...' is too long for a Go version", t.s);
	memcpy(copy, t.s, t.len);
	copy[t.len] = '\0';
	return gv_request_parse(out, copy, GV_REQUEST_FILE, err);
}

/* Remove the comment and the surrounding blanks of a .go-version line. */
static struct text
strip_comment(struct text line)
{
	line = trim(line);
	if (line.len > 0 && (line.s[0] == '#' || (line.len > 1 && memcmp(line.s, "//", 2) == 0)))
		line.len = 0;
	for (size_t i = 1; i < line.len; i++)
		if (line.s[i] == '#' && is_blank(line.s[i - 1]))
			line.len = i;
	return trim(line);
}

int
gv_go_version_parse(const char *text, size_t len, struct gv_request *first, struct gv_strv *requests, unsigned *line,
		    struct gv_err *err)
{
	struct gv_lines in;
	struct gv_request r, kept = { 0 };
	unsigned kept_line = 0;
	struct text t;
	int rc;

	gv_lines_init(&in, text, len, GV_LINES_LF); /* a CR is a blank */
	while ((rc = next_of(&in, len, &t, err)) > 0) {
		t = strip_comment(t);
		if (t.len == 0)
			continue;
		if (parse_version(&r, t, err) < 0) {
			rc = -1;
			break;
		}
		if (requests != NULL)
			gv_strv_add(requests, r.text);
		if (kept_line == 0) {
			kept = r;
			kept_line = in.number;
		}
	}
	if (rc < 0) {
		*line = in.number;
		return -1;
	}
	*line = kept_line;
	if (kept_line == 0) {
		gv_err_set(err, GV_EFORMAT, "names no version");
		return gv_err_help(err, "write a version like 1.22.3 into the file, or remove it");
	}
	*first = kept;
	return 0;
}

static bool
begins_with(struct text t, const char *word)
{
	return t.len >= strlen(word) && memcmp(t.s, word, strlen(word)) == 0;
}

/* Cut the first word off the line. */
static struct text
cut_word(struct text *line)
{
	struct text word = { line->s, 0 };

	while (word.len < line->len && !is_blank(word.s[word.len]))
		word.len++;
	*line = trim((struct text){ word.s + word.len, line->len - word.len });
	return word;
}

static bool
is_golang(struct text word)
{
	return (word.len == 6 && memcmp(word.s, "golang", 6) == 0) || (word.len == 2 && memcmp(word.s, "go", 2) == 0);
}

/* Parse the versions of a golang line. asdf's "ref:" and "path:" are accepted as fallbacks only: we cannot run them. */
static int
parse_versions(struct gv_request *out, struct text line, struct gv_err *err)
{
	struct gv_request r;
	bool first = true;

	if (line.len == 0)
		return gv_err_set(err, GV_EFORMAT, "the golang line names no version");
	while (line.len > 0) {
		struct text word = cut_word(&line);

		if (!first && (begins_with(word, "ref:") || begins_with(word, "path:")))
			continue;
		if (parse_version(&r, word, err) < 0)
			return -1;
		if (first)
			*out = r;
		first = false;
	}
	return 0;
}

/* Whether git left this line in a file that it could not merge. */
static bool
is_conflict(struct text line)
{
	return begins_with(line, "<<<<<<<") || begins_with(line, "=======") || begins_with(line, ">>>>>>>");
}

int
gv_tool_versions_parse(const char *text, size_t len, struct gv_request *out, unsigned *line, struct gv_err *err)
{
	struct gv_lines in;
	struct gv_request r, kept = { 0 };
	unsigned kept_line = 0, conflict_line = 0;
	struct text t;
	int rc;

	gv_lines_init(&in, text, len, GV_LINES_LF); /* a CR is a blank */
	while ((rc = next_of(&in, len, &t, err)) > 0) {
		const char *hash = memchr(t.s, '#', t.len);

		if (conflict_line == 0 && is_conflict(t))
			conflict_line = in.number;
		if (hash != NULL)
			t.len = (size_t)(hash - t.s);
		t = trim(t);
		if (!is_golang(cut_word(&t)))
			continue;
		if (parse_versions(&r, t, err) < 0) {
			rc = -1;
			break;
		}
		if (kept_line == 0) {
			kept = r;
			kept_line = in.number;
		}
	}
	*line = rc < 0 ? in.number : kept_line;
	if (rc < 0 || kept_line == 0)
		return rc;
	if (conflict_line > 0) {
		*line = conflict_line;
		return gv_err_set(err, GV_EFORMAT, "the file has an unresolved merge conflict");
	}
	*out = kept;
	return 1;
}
