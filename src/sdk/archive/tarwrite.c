/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/tarwrite.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"

#define CHUNK     (128u << 10)
#define OUT       (3 * CHUNK) /* almost one chunk, another one, and a header with the longest path and target */
#define DEPTH_MAX 200

/* The paths still to write, and the file that is being read. libarchive writes into `out`, which the source lends. */
struct tree {
	struct gv_source src;
	char *top, *as;
	const struct gv_strv *skip;
	unsigned uid, gid;
	struct gv_strv todo; /* relative to top; the last one is next */
	struct archive *tar;
	struct archive_entry *entry;
	int fd;
	uint64_t left; /* bytes of the file still to read */
	bool ended;
	char *out; /* OUT bytes */
	size_t len;
};

static la_ssize_t
on_write(struct archive *a, void *arg, const void *data, size_t len)
{
	struct tree *t = arg;

	if (len > OUT - t->len) {
		archive_set_error(a, ENOBUFS, "a header is too long");
		return -1;
	}
	/* file_chunk() has read its bytes to this place already. */
	if (data != t->out + t->len)
		memcpy(t->out + t->len, data, len);
	t->len += len;
	return (la_ssize_t)len;
}

static int
fail(const struct tree *t, const char *rel, struct gv_err *err)
{
	const char *text = archive_error_string(t->tar);

	return gv_err_set(err, GV_EIO, "cannot write '%s' of '%s' into a tar: %s", rel, t->top,
			  text != NULL ? text : "unknown error");
}

/* Whether errno says that the file is gone, or that this user may not read it. */
static bool
left_out(void)
{
	return errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EACCES || errno == EPERM;
}

static bool
is_ascii(const char *s)
{
	while (*s != '\0' && (unsigned char)*s < 0x80)
		s++;
	return *s == '\0';
}

static bool
skipped(const struct tree *t, const char *rel)
{
	for (size_t i = 0; t->skip != NULL && i < t->skip->n; i++)
		if (strcmp(rel, t->skip->v[i]) == 0)
			return true;
	return false;
}

/* Write the header of t->entry, and set its name, owner and mode. `link` is the target of a symbolic link, or "". */
static int
put_header(struct tree *t, const char *rel, const struct stat *st, const char *link, struct gv_err *err)
{
	gv_autofree char *below = rel[0] == '\0'            ? NULL
				  : strcmp(t->as, ".") == 0 ? gv_xstrdup(rel)
							    : gv_path_join(t->as, rel);
	const char *name = below != NULL ? below : t->as;
	int rc;

	archive_entry_clear(t->entry);
	archive_entry_set_pathname(t->entry, name);
	archive_entry_set_mode(t->entry, (st->st_mode & S_IFMT) | (st->st_mode & 0777));
	archive_entry_set_uid(t->entry, t->uid);
	archive_entry_set_gid(t->entry, t->gid);
	archive_entry_set_mtime(t->entry, st->st_mtime, 0);
	archive_entry_set_size(t->entry, S_ISREG(st->st_mode) ? st->st_size : 0);
	if (link[0] != '\0')
		archive_entry_set_symlink(t->entry, link);
	rc = archive_write_header(t->tar, t->entry);
	/* It warns if it cannot convert a name from the C locale, but it writes the right bytes. */
	if (rc == ARCHIVE_WARN && (!is_ascii(name) || !is_ascii(link)))
		rc = ARCHIVE_OK;
	return rc == ARCHIVE_OK ? 0 : fail(t, rel, err);
}

static int
list_dir(struct tree *t, const char *path, const char *rel, struct gv_err *err)
{
	gv_autofd int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	gv_autodir DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;
	unsigned depth = 0;

	if (d == NULL)
		return left_out() ? 0 : gv_err_sys(err, GV_EIO, "cannot read '%s'", path);
	fd = -1;
	for (const char *p = rel; *p != '\0'; p++)
		depth += *p == '/';
	for (errno = 0; (e = readdir(d)) != NULL; errno = 0) {
		gv_autofree char *name = NULL;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		name = rel[0] != '\0' ? gv_path_join(rel, e->d_name) : gv_xstrdup(e->d_name);
		if (skipped(t, name))
			continue;
		if (depth >= DEPTH_MAX)
			return gv_err_set(err, GV_ETOOBIG, "'%s' has directories nested more than %u deep", t->top,
					  DEPTH_MAX);
		gv_strv_take(&t->todo, gv_steal_ptr(&name));
	}
	return errno == 0 ? 0 : gv_err_sys(err, GV_EIO, "cannot read '%s'", path);
}

/* Write the header of a regular file. The file stays open until file_chunk() has read it. */
static int
open_file(struct tree *t, const char *path, const char *rel, struct gv_err *err)
{
	gv_autofd int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return left_out() ? 0 : gv_err_sys(err, GV_EIO, "cannot read '%s'", path);
	if (fstat(fd, &st) < 0)
		return gv_err_sys(err, GV_EIO, "cannot read '%s'", path);
	if (!S_ISREG(st.st_mode))
		return 0;
	if (put_header(t, rel, &st, "", err) < 0)
		return -1;
	t->left = (uint64_t)st.st_size;
	t->fd = gv_steal_fd(&fd);
	return 0;
}

/* Write the header of the next path, unless it is left out. */
static int
next_entry(struct tree *t, struct gv_err *err)
{
	gv_autofree char *rel = t->todo.v[--t->todo.n], *path = NULL;
	char target[PATH_MAX];
	struct stat st;
	ssize_t n;

	t->todo.v[t->todo.n] = NULL;
	path = rel[0] != '\0' ? gv_path_join(t->top, rel) : gv_xstrdup(t->top);
	if (lstat(path, &st) < 0)
		return left_out() ? 0 : gv_err_sys(err, GV_EIO, "cannot read '%s'", path);
	if (S_ISREG(st.st_mode))
		return open_file(t, path, rel, err);
	if (S_ISDIR(st.st_mode))
		return put_header(t, rel, &st, "", err) < 0 ? -1 : list_dir(t, path, rel, err);
	if (!S_ISLNK(st.st_mode) || (n = readlink(path, target, sizeof(target) - 1)) <= 0)
		return 0;
	target[n] = '\0';
	return put_header(t, rel, &st, target, err);
}

/* Write more of the file, or zeros if it is now shorter than its header says. */
static int
file_chunk(struct tree *t, struct gv_err *err)
{
	size_t want = t->left < CHUNK ? (size_t)t->left : CHUNK;
	char *to = t->out + t->len;
	ssize_t n = want > 0 ? read(t->fd, to, want) : 0;

	if (n < 0 && errno == EINTR)
		return 0;
	if (n < 0)
		return gv_err_sys(err, GV_EIO, "cannot read a file of '%s'", t->top);
	if (n == 0 && want > 0) {
		memset(to, 0, want);
		n = (ssize_t)want;
	}
	if (n > 0 && archive_write_data(t->tar, to, (size_t)n) != n)
		return fail(t, "a file", err);
	t->left -= (uint64_t)n;
	if (t->left > 0)
		return 0;
	close(t->fd);
	t->fd = -1;
	return archive_write_finish_entry(t->tar) == ARCHIVE_OK ? 0 : fail(t, "a file", err);
}

static ssize_t
tree_read(struct gv_source *src, const void **chunk, struct gv_err *err)
{
	struct tree *t = (struct tree *)src;
	int rc = 0;

	t->len = 0;
	/* One chunk can hold several small files. */
	while (rc == 0 && t->len < CHUNK && !t->ended) {
		if (t->fd >= 0) {
			rc = file_chunk(t, err);
		} else if (t->todo.n > 0) {
			rc = next_entry(t, err);
		} else {
			rc = archive_write_close(t->tar) == ARCHIVE_OK ? 0 : fail(t, "the end", err);
			t->ended = true;
		}
	}
	*chunk = t->out;
	return rc < 0 ? -1 : (ssize_t)t->len;
}

static void
tree_close(struct gv_source *src)
{
	struct tree *t = (struct tree *)src;

	if (t->fd >= 0)
		close(t->fd);
	/* libarchive may still write zeros up to the end of a file. Nobody reads them, so drop them. */
	t->len = OUT;
	archive_write_free(t->tar);
	archive_entry_free(t->entry);
	gv_strv_release(&t->todo);
	free(t->out);
	free(t->top);
	free(t->as);
	free(t);
}

struct gv_source *
gv_tar_tree(const char *dir, const char *as, const struct gv_strv *skip, unsigned uid, unsigned gid, struct gv_err *err)
{
	char *top = realpath(dir, NULL);
	struct tree *t;

	if (top == NULL) {
		gv_err_sys(err, GV_EIO, "cannot read '%s'", dir);
		return NULL;
	}
	t = gv_xcalloc(1, sizeof(*t));
	*t = (struct tree){ .src = { .read = tree_read, .close = tree_close },
			    .top = top,
			    .as = gv_xstrdup(as != NULL ? as : "."),
			    .skip = skip,
			    .uid = uid,
			    .gid = gid,
			    .tar = archive_write_new(),
			    .entry = archive_entry_new(),
			    .fd = -1,
			    .out = gv_xmalloc(OUT) };
	gv_strv_add(&t->todo, "");
	/* libarchive must not collect blocks: it writes each piece to `out` at once. */
	if (t->tar == NULL || t->entry == NULL || archive_write_set_format_pax_restricted(t->tar) != ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(t->tar, 0) != ARCHIVE_OK ||
	    archive_write_open(t->tar, t, NULL, on_write, NULL) != ARCHIVE_OK) {
		fail(t, "anything", err);
		tree_close(&t->src);
		return NULL;
	}
	return &t->src;
}
