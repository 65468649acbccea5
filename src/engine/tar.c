/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/tar.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"
#include "util/strv.h"

#define BLOCK     512
#define CHUNK     (128u << 10)
#define DEPTH_MAX 200

/* Offsets and lengths of the fields of a header. */
enum {
	NAME = 0,
	NAME_LEN = 100,
	MODE = 100,
	UID = 108,
	GID = 116,
	SIZE = 124,
	MTIME = 136,
	SUM = 148,
	TYPE = 156,
	LINK = 157,
	MAGIC = 257,
};

struct entry {
	const char *name, *link;
	char type;
	mode_t mode;
	unsigned uid, gid;
	uint64_t size;
	int64_t mtime;
};

static void
octal(char *field, unsigned digits, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%0*llo", (int)digits, (unsigned long long)value);
	memcpy(field, text + strlen(text) - digits, digits);
}

static void
put_block(struct gv_str *t, const struct entry *e)
{
	char b[BLOCK] = { 0 };
	unsigned sum = 0;
	size_t n = strlen(e->name), l = e->link != NULL ? strlen(e->link) : 0;

	memcpy(b + NAME, e->name, n < NAME_LEN ? n : NAME_LEN);
	memcpy(b + LINK, e->link != NULL ? e->link : "", l < NAME_LEN ? l : NAME_LEN);
	octal(b + MODE, 7, e->mode & 07777);
	octal(b + UID, 7, e->uid);
	octal(b + GID, 7, e->gid);
	octal(b + SIZE, 11, e->size);
	octal(b + MTIME, 11, e->mtime > 0 ? (uint64_t)e->mtime : 0);
	memset(b + SUM, ' ', 8);
	b[TYPE] = e->type;
	memcpy(b + MAGIC, "ustar\00000", 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)b[i];
	octal(b + SUM, 6, sum);
	b[SUM + 6] = '\0';
	gv_str_addn(t, b, BLOCK);
}

static void
pad(struct gv_str *t, uint64_t size)
{
	static const char zeros[BLOCK];

	if (size % BLOCK != 0)
		gv_str_addn(t, zeros, BLOCK - (size_t)(size % BLOCK));
}

/* GNU: the long name is the content of an entry of type 'L' (or 'K' for a link's target) before the real one. */
static void
put_long(struct gv_str *t, char type, const char *text)
{
	size_t n = strlen(text) + 1;

	put_block(t, &(struct entry){ .name = "././@LongLink", .type = type, .mode = 0644, .size = n });
	gv_str_addn(t, text, n);
	pad(t, n);
}

static void
put_header(struct gv_str *t, const struct entry *e)
{
	if (strlen(e->name) > NAME_LEN)
		put_long(t, 'L', e->name);
	if (e->link != NULL && strlen(e->link) > NAME_LEN)
		put_long(t, 'K', e->link);
	put_block(t, e);
}

void
gv_tar_dir(struct gv_str *t, const char *name, mode_t mode, unsigned uid)
{
	gv_autofree char *slash = gv_xasprintf("%s/", name);

	put_header(t, &(struct entry){ .name = slash, .type = '5', .mode = mode, .uid = uid, .gid = uid });
}

void
gv_tar_file(struct gv_str *t, const char *name, mode_t mode, const void *data, size_t len)
{
	put_header(t, &(struct entry){ .name = name, .type = '0', .mode = mode, .size = len });
	gv_str_addn(t, data, len);
	pad(t, len);
}

void
gv_tar_link(struct gv_str *t, const char *name, const char *target)
{
	put_header(t, &(struct entry){ .name = name, .type = '2', .mode = 0777, .link = target });
}

void
gv_tar_end(struct gv_str *t)
{
	static const char zeros[2 * BLOCK];

	gv_str_addn(t, zeros, sizeof(zeros));
}

/* The stream of a tree: a list of paths still to come, and the file that is being read. */
struct tree {
	struct gv_source src;
	char *top, *as;
	struct gv_tar_pick pick;
	unsigned uid, gid;
	struct gv_strv todo; /* relative to top, taken from the end */
	int fd;
	uint64_t left; /* of the file, and then its padding */
	uint64_t size;
	bool ended;
	struct gv_str out;
};

static bool
skipped(const struct tree *t, const char *rel)
{
	for (size_t i = 0; t->pick.skip != NULL && i < t->pick.skip->n; i++)
		if (strcmp(rel, t->pick.skip->v[i]) == 0)
			return true;
	return false;
}

static void
list_dir(struct tree *t, const char *path, const char *rel)
{
	gv_autodir DIR *d = opendir(path);
	struct dirent *e;
	unsigned depth = 0;

	for (const char *p = rel; *p != '\0'; p++)
		depth += *p == '/';
	while (depth < DEPTH_MAX && d != NULL && (e = readdir(d)) != NULL) {
		gv_autofree char *name = NULL;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		name = rel[0] != '\0' ? gv_path_join(rel, e->d_name) : gv_xstrdup(e->d_name);
		if (!skipped(t, name))
			gv_strv_take(&t->todo, gv_steal_ptr(&name));
	}
}

static void
open_file(struct tree *t, const char *path, struct entry *e)
{
	struct stat st;

	t->fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0 || fstat(t->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		if (t->fd >= 0)
			close(t->fd);
		t->fd = -1;
		return;
	}
	e->type = '0';
	e->size = t->size = t->left = (uint64_t)st.st_size;
	put_header(&t->out, e);
}

/* Put the header of the next path into `out`; a path that is left out puts nothing. */
static void
next_entry(struct tree *t)
{
	gv_autofree char *rel = t->todo.v[--t->todo.n], *path = NULL, *name = NULL, *slash = NULL;
	char target[PATH_MAX];
	struct stat st;
	struct entry e = { .uid = t->uid, .gid = t->gid };
	ssize_t n;

	t->todo.v[t->todo.n] = NULL;
	path = rel[0] != '\0' ? gv_path_join(t->top, rel) : gv_xstrdup(t->top);
	name = rel[0] != '\0' && strcmp(t->as, ".") == 0 ? gv_xstrdup(rel)
	       : rel[0] != '\0'                          ? gv_path_join(t->as, rel)
							 : gv_xstrdup(t->as);
	if (lstat(path, &st) < 0)
		return;
	e.name = name;
	e.mode = st.st_mode & 0777;
	e.mtime = st.st_mtime;
	if (S_ISREG(st.st_mode)) {
		open_file(t, path, &e);
	} else if (S_ISDIR(st.st_mode)) {
		slash = gv_xasprintf("%s/", name);
		e.name = slash;
		e.type = '5';
		put_header(&t->out, &e);
		list_dir(t, path, rel);
	} else if (S_ISLNK(st.st_mode) && (n = readlink(path, target, sizeof(target) - 1)) > 0) {
		target[n] = '\0';
		e.link = target;
		e.type = '2';
		put_header(&t->out, &e);
	}
}

/* More of the file into `out`; zeros when it became shorter than its header said. */
static int
file_chunk(struct tree *t, struct gv_err *err)
{
	char buf[CHUNK];
	size_t want = t->left < sizeof(buf) ? (size_t)t->left : sizeof(buf);
	ssize_t n = want > 0 ? read(t->fd, buf, want) : 0;

	if (n < 0 && errno == EINTR)
		return 0;
	if (n < 0)
		return gv_err_sys(err, GV_EIO, "cannot read a file of '%s'", t->top);
	if (n == 0 && want > 0) {
		memset(buf, 0, want);
		n = (ssize_t)want;
	}
	gv_str_addn(&t->out, buf, (size_t)n);
	t->left -= (uint64_t)n;
	if (t->left == 0) {
		pad(&t->out, t->size);
		close(t->fd);
		t->fd = -1;
	}
	return 0;
}

static ssize_t
tree_read(struct gv_source *src, const void **chunk, struct gv_err *err)
{
	struct tree *t = (struct tree *)src;

	gv_str_clear(&t->out);
	/* Small files share a chunk. */
	while (t->out.len < CHUNK && !t->ended) {
		if (t->fd >= 0) {
			if (file_chunk(t, err) < 0)
				return -1;
		} else if (t->todo.n > 0) {
			next_entry(t);
		} else {
			gv_tar_end(&t->out);
			t->ended = true;
		}
	}
	*chunk = t->out.buf;
	return (ssize_t)t->out.len;
}

static void
tree_close(struct gv_source *src)
{
	struct tree *t = (struct tree *)src;

	if (t->fd >= 0)
		close(t->fd);
	gv_strv_free(&t->todo);
	gv_str_free(&t->out);
	free(t->top);
	free(t->as);
	free(t);
}

struct gv_source *
gv_tar_tree(const char *dir, const char *as, const struct gv_tar_pick *pick, unsigned uid, unsigned gid,
	    struct gv_err *err)
{
	struct tree *t;
	struct stat st;

	if (stat(dir, &st) < 0) {
		gv_err_sys(err, GV_EIO, "cannot read '%s'", dir);
		return NULL;
	}
	t = gv_xcalloc(1, sizeof(*t));
	t->src.read = tree_read;
	t->src.close = tree_close;
	t->top = realpath(dir, NULL);
	t->as = gv_xstrdup(as != NULL ? as : ".");
	t->pick = pick != NULL ? *pick : (struct gv_tar_pick){ 0 };
	t->uid = uid;
	t->gid = gid;
	t->fd = -1;
	t->out = (struct gv_str)GV_STR_INIT(4 * CHUNK);
	if (t->top == NULL)
		t->top = gv_xstrdup(dir);
	for (size_t i = t->pick.only != NULL ? t->pick.only->n : 0; i > 0; i--)
		gv_strv_add(&t->todo, t->pick.only->v[i - 1]);
	if (t->pick.only == NULL)
		gv_strv_add(&t->todo, "");
	return &t->src;
}
