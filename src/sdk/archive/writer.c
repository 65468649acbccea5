/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "archive/inflate.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

#define MAX_DEPTH 64
/* Start to write out files from this size at once, so that the syncfs of the commit has less to do. */
#define EARLY_SYNC_BYTES (256u << 10)

/*
 * Archives hold a directory's files together, so the writer keeps the directories of the last file open: a stack of
 * descriptors, one for each path element.
 */
struct gv_writer {
	int dirs[MAX_DEPTH + 1]; /* [0] is the destination, borrowed */
	size_t depth;
	char *dir; /* path of dirs[depth] with a final slash, "" for the destination */
	size_t dir_len;
	int fd; /* of the file being written, or -1 */
	time_t now;
	bool crc;
	/* Modes that the umask does not change. A file created with one of them needs no fchmod. */
	unsigned kept[2];
	size_t n_kept;
	struct gv_sha256 *hash;
};

struct gv_writer *
gv_writer_new(int dest_fd, bool crc)
{
	struct gv_writer *w = gv_xcalloc(1, sizeof(*w));

	w->dirs[0] = dest_fd;
	w->dir = gv_xstrdup("");
	w->fd = -1;
	w->now = time(NULL);
	w->crc = crc;
	w->hash = gv_sha256_new();
	return w;
}

void
gv_writer_free(struct gv_writer *w)
{
	if (w == NULL)
		return;
	if (w->fd >= 0)
		close(w->fd);
	for (; w->depth > 0; w->depth--)
		close(w->dirs[w->depth]);
	gv_sha256_free(w->hash);
	free(w->dir);
	free(w);
}

/* Close directories up to the deepest open one that contains `path`. */
static void
leave_dirs(struct gv_writer *w, const char *path)
{
	size_t same = 0, slashes = 0;

	for (size_t i = 0; i < w->dir_len && path[i] == w->dir[i]; i++) {
		if (path[i] == '/') {
			same = i + 1;
			slashes++;
		}
	}
	for (; w->depth > slashes; w->depth--)
		close(w->dirs[w->depth]);
	w->dir_len = same;
}

/* Open the parent directory of `path`. Make missing directories. */
static int
enter_dirs(struct gv_writer *w, const char *path, struct gv_err *err)
{
	const char *end = strrchr(path, '/');
	size_t want = end != NULL ? (size_t)(end - path) + 1 : 0;

	leave_dirs(w, path);
	while (w->dir_len < want) {
		size_t n = (size_t)(strchr(path + w->dir_len, '/') - (path + w->dir_len));
		gv_autofree char *name = gv_xstrndup(path + w->dir_len, n);
		int fd, parent = w->dirs[w->depth];
		bool made;

		if (w->depth == MAX_DEPTH)
			return gv_err_set(err, GV_EPROOF, "archive entry '%s' is in too many directories", path);
		made = mkdirat(parent, name, 0755) == 0;
		if ((!made && errno != EEXIST) ||
		    (fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0)
			return gv_err_sys(err, GV_EIO, "cannot make directory of '%s'", path);
		w->dirs[++w->depth] = fd;
		w->dir_len += n + 1;
		if (made && fchmod(fd, 0755) < 0)
			return gv_err_sys(err, GV_EIO, "cannot set the mode of the directory of '%s'", path);
	}
	w->dir = gv_xrealloc(w->dir, want + 1);
	memcpy(w->dir, path, want);
	w->dir[want] = '\0';
	return 0;
}

static int
open_file(struct gv_writer *w, struct gv_member *m, struct gv_err *err)
{
	if (enter_dirs(w, m->path, err) < 0)
		return -1;
	w->fd = openat(w->dirs[w->depth], m->path + w->dir_len, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		       m->mode);
	if (w->fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot make '%s'", m->path);
	m->size = 0;
	m->crc = 0;
	return 0;
}

/* Make sure that the file being written has this mode; it was created with it. */
static int
set_mode(struct gv_writer *w, unsigned mode)
{
	struct stat st;

	for (size_t i = 0; i < w->n_kept; i++)
		if (w->kept[i] == mode)
			return 0;
	if (fstat(w->fd, &st) < 0)
		return -1;
	if ((st.st_mode & 07777) != mode)
		return fchmod(w->fd, mode);
	if (w->n_kept < GV_ARRAY_LEN(w->kept))
		w->kept[w->n_kept++] = mode;
	return 0;
}

static int
close_file(struct gv_writer *w, struct gv_member *m, struct gv_err *err)
{
	struct timespec times[2] = { { .tv_sec = m->mtime }, { .tv_sec = m->mtime } };

	gv_sha256_final(w->hash, m->sha256);
	if (set_mode(w, m->mode) < 0)
		return gv_err_sys(err, GV_EIO, "cannot set the mode of '%s'", m->path);
	/* With old times Go indexes the package at once: it does not trust files younger than two seconds. */
	if (m->mtime > 0 && m->mtime <= w->now && futimens(w->fd, times) < 0)
		return gv_err_sys(err, GV_EIO, "cannot set the time of '%s'", m->path);
#ifdef SYNC_FILE_RANGE_WRITE
	if (m->size >= EARLY_SYNC_BYTES)
		(void)sync_file_range(w->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
	if (close(gv_steal_fd(&w->fd)) < 0)
		return gv_err_sys(err, GV_EIO, "cannot write '%s'", m->path);
	return 0;
}

int
gv_writer_batch(struct gv_writer *w, const struct gv_batch *b, struct gv_err *err)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct gv_batch_piece *p = &b->pieces[i];
		struct gv_member *m = p->member;

		if (p->first && open_file(w, m, err) < 0)
			return -1;
		if (gv_fs_write_all(w->fd, b->data + p->off, p->len, err) < 0)
			return gv_err_wrap(err, "'%s'", m->path);
		gv_sha256_update(w->hash, b->data + p->off, p->len);
		if (w->crc)
			m->crc = gv_crc32(m->crc, b->data + p->off, p->len);
		m->size += p->len;
		if (p->last && close_file(w, m, err) < 0)
			return -1;
	}
	return 0;
}
