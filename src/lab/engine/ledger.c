/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/limits.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/num.h"
#include "util/path.h"
#include "util/str.h"
#include "util/words.h"

#define LEDGER_MAX (1u << 20)

void
gv_ledger_release(struct gv_ledger *l)
{
	if (l->fd >= 0)
		close(l->fd);
	for (size_t i = 0; i < l->n_binds; i++) {
		free(l->binds[i].source);
		free(l->binds[i].target);
	}
	free(l->binds);
	free(l->path);
	free(l->engine);
	free(l->dir);
	free(l->image);
	gv_strv_release(&l->remove);
	gv_strv_release(&l->cgroups);
	gv_strv_release(&l->env);
	*l = (struct gv_ledger)GV_LEDGER_INIT;
}

/* "RUN-NAME"; borrowed. */
static const char *
name_of(const struct gv_ledger *l)
{
	return strrchr(l->path, '/') + 1;
}

char *
gv_ledger_id(const char *run, const char *name, struct gv_err *err)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	if (run[0] == '\0' || name[0] == '\0' || run[0] == '.' || strspn(run, allowed) != strlen(run) ||
	    strspn(name, allowed) != strlen(name) || strlen(run) + strlen(name) > 200) {
		gv_err_set(err, GV_EUSAGE, "'%s-%s' is not a cell name", run, name);
		return NULL;
	}
	return gv_xasprintf("%s-%s", run, name);
}

void
gv_ledger_add_bind(struct gv_ledger *l, const char *source, const char *target, bool writable)
{
	l->binds = gv_xreallocarray(l->binds, l->n_binds + 1, sizeof(*l->binds));
	l->binds[l->n_binds++] = (struct gv_bind){
		.source = gv_xstrdup(source),
		.target = gv_xstrdup(target),
		.writable = writable,
	};
}

static void
add_list(struct gv_str *s, const char *key, const struct gv_strv *list)
{
	for (size_t i = 0; i < list->n; i++) {
		gv_words_add(s, key);
		gv_words_add(s, list->v[i]);
		gv_str_addc(s, '\n');
	}
}

static void
add_text(struct gv_str *s, const struct gv_ledger *l)
{
	gv_str_addf(s, "gover-cell 1\nengine %s\n", l->engine);
	if (l->kept > 0)
		gv_str_addf(s, "kept %" PRId64 "\n", l->kept);
	add_list(s, "remove", &l->remove);
	add_list(s, "cgroup", &l->cgroups);
	if (l->dir != NULL) {
		gv_words_add(s, "dir");
		gv_words_add(s, l->dir);
		gv_str_addc(s, '\n');
	}
	add_list(s, "env", &l->env);
	if (l->image != NULL) {
		gv_words_add(s, "image");
		gv_words_add(s, l->image);
		gv_str_addc(s, '\n');
	}
	gv_str_addf(s, "limits %" PRIu64 " %u %u\n", l->memory_bytes, l->cpus_milli, l->pids);
	for (size_t i = 0; i < l->n_binds; i++) {
		gv_words_add(s, "bind");
		gv_words_add(s, l->binds[i].source);
		gv_words_add(s, l->binds[i].target);
		gv_str_add(s, l->binds[i].writable ? " rw\n" : " ro\n");
	}
}

/*
 * Open the record at `path` and lock it. Between the two steps another gover may remove or replace the file; then we
 * try again, because a lock on a file without a name guards nothing. -1 with errno; with LOCK_NB in `lock`, EWOULDBLOCK
 * if another process has the lock.
 */
static int
open_locked(const char *path, int flags, int lock)
{
	struct stat mine, there;

	for (;;) {
		gv_autofd int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | flags, 0600);

		if (fd < 0 || flock(fd, lock) < 0 || fstat(fd, &mine) < 0)
			return -1;
		if (lstat(path, &there) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
			return gv_steal_fd(&fd);
	}
}

/*
 * Write the record as a draft, whose name no cell can have (gv_ledger_list), lock it, and rename it when it is
 * complete. So the record is locked from its first moment. Besides us only a sweep may hold the lock of a draft, for a
 * moment. `*new` gets the locked file; it must be -1 and stays so on failure. A sweep removes the draft of a killed
 * gover.
 */
static int
write_ledger(const struct gv_ledger *l, const char *draft, bool replace, int *new, struct gv_err *err)
{
	gv_autostr struct gv_str s = GV_STR_INIT(LEDGER_MAX);
	gv_autofd int fd = open_locked(draft, O_CREAT, LOCK_EX);

	add_text(&s, l);
	if (s.over)
		gv_err_set(err, GV_ETOOBIG, "the record of a cell is larger than %u bytes", LEDGER_MAX);
	else if (fd < 0 || ftruncate(fd, 0) < 0)
		gv_err_sys(err, GV_EIO, "cannot make '%s'", draft);
	else if (gv_fs_write_all(fd, s.buf, s.len, err) < 0)
		gv_err_wrap(err, "'%s'", draft);
	else if ((replace ? rename(draft, l->path) : link(draft, l->path)) < 0)
		errno == EEXIST ? gv_err_set(err, GV_EBUSY, "there is a cell '%s'", name_of(l))
				: gv_err_sys(err, GV_EIO, "cannot make '%s'", l->path);
	else
		*new = gv_steal_fd(&fd);
	unlink(draft);
	return *new >= 0 ? 0 : -1;
}

int
gv_ledger_create(struct gv_ledger *l, const char *state, const char *id, struct gv_err *err)
{
	gv_autofree char *dir = gv_path_join(state, "cells"), *draft = gv_xasprintf("%s/.%s", dir, id);

	if (gv_fs_mkdir_p(dir, err) < 0)
		return -1;
	l->path = gv_path_join(dir, id);
	if (write_ledger(l, draft, false, &l->fd, err) == 0)
		return 0;
	/* A file with this name belongs to another cell: do not sweep it. */
	free(l->path);
	l->path = NULL;
	if (err->code == GV_EBUSY) {
		gv_strv_release(&l->remove);
		gv_strv_release(&l->cgroups);
	}
	return -1;
}

int
gv_ledger_keep(struct gv_ledger *l, int64_t kept, struct gv_err *err)
{
	gv_autofree char *dir = gv_xstrdup(l->path), *draft = NULL;
	gv_autofd int new = -1;

	gv_path_parent(dir);
	draft = gv_xasprintf("%s/.%s", dir, name_of(l));
	l->kept = kept;
	if (write_ledger(l, draft, true, &new, err) < 0)
		return -1;
	close(l->fd);
	l->fd = -1;
	return 0;
}

/*
 * Remove the cell's directory in `scratch`. Trust neither the record nor the directory: somebody else may have changed
 * the text of the record, or put a link in place of the directory.
 */
static bool
remove_scratch(const struct gv_ledger *l, const char *scratch, const char *path)
{
	const char *id = l->path != NULL ? name_of(l) : gv_path_base(path);
	gv_autofree char *made = gv_path_join(scratch, id);
	gv_autofd int dir = open(scratch, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct gv_err err = GV_ERR_INIT;
	struct stat st;

	if (strcmp(made, path) != 0)
		return false;
	if (dir < 0)
		return errno == ENOENT;
	return fstat(dir, &st) == 0 && st.st_uid == geteuid() && gv_fs_remove_tree(dir, id, &err) == 0;
}

void
gv_ledger_sweep(struct gv_ledger *l, const char *scratch)
{
	bool clean = true;

	for (size_t i = 0; i < l->cgroups.n; i++)
		gv_cgroup_remove_dir(l->cgroups.v[i]);
	for (size_t i = 0; i < l->remove.n; i++)
		clean = remove_scratch(l, scratch, l->remove.v[i]) && clean;
	/* If something could not be removed, the record stays for the next time. */
	if (clean && l->path != NULL)
		unlink(l->path);
}

static int
read_limits(struct gv_ledger *l, char *const *words)
{
	uint64_t cpus, pids;

	if (gv_num_u64(words[0], UINT64_MAX, &l->memory_bytes) < 0 || gv_num_u64(words[1], UINT_MAX, &cpus) < 0 ||
	    gv_num_u64(words[2], UINT_MAX, &pids) < 0)
		return -1;
	l->cpus_milli = (unsigned)cpus;
	l->pids = (unsigned)pids;
	return 0;
}

static int
read_kept(struct gv_ledger *l, const char *word)
{
	uint64_t kept;

	if (gv_num_u64(word, INT64_MAX, &kept) < 0)
		return -1;
	l->kept = (int64_t)kept;
	return 0;
}

static int
read_line(struct gv_ledger *l, const struct gv_strv *w)
{
	const char *key = w->v[0];

	if (w->n == 4 && strcmp(key, "bind") == 0)
		gv_ledger_add_bind(l, w->v[1], w->v[2], strcmp(w->v[3], "rw") == 0);
	else if (w->n == 4 && strcmp(key, "limits") == 0)
		return read_limits(l, w->v + 1);
	else if (w->n != 2)
		return -1;
	else if (strcmp(key, "engine") == 0 && l->engine == NULL)
		l->engine = gv_xstrdup(w->v[1]);
	else if (strcmp(key, "kept") == 0)
		return read_kept(l, w->v[1]);
	else if (strcmp(key, "remove") == 0 && w->v[1][0] == '/')
		gv_strv_add(&l->remove, w->v[1]);
	else if (strcmp(key, "cgroup") == 0 && gv_cgroup_is_ours(w->v[1]))
		gv_strv_add(&l->cgroups, w->v[1]);
	else if (strcmp(key, "dir") == 0 && l->dir == NULL)
		l->dir = gv_xstrdup(w->v[1]);
	else if (strcmp(key, "image") == 0 && l->image == NULL)
		l->image = gv_xstrdup(w->v[1]);
	else if (strcmp(key, "env") == 0)
		gv_strv_add(&l->env, w->v[1]);
	else
		return -1;
	return 0;
}

/* Errors: GV_ENOTFOUND, GV_EFORMAT. */
static int
read_ledger(struct gv_ledger *l, const char *path, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	gv_autostrv struct gv_strv words = GV_STRV_INIT;
	struct gv_lines in;
	size_t len;
	int rc;

	*l = (struct gv_ledger)GV_LEDGER_INIT;
	if (gv_fs_read(AT_FDCWD, path, LEDGER_MAX, &text, &len, err) < 0) {
		if (err->sys == ENOENT)
			err->code = GV_ENOTFOUND;
		return -1;
	}
	gv_lines_init(&in, text, len, GV_LINES_LF);
	/* An empty record is valid: its gover was killed before it wrote anything. */
	if (gv_lines_next(&in) && gv_lines_format(in.line, "gover-cell", 1, err) < 0)
		return gv_err_wrap(err, "'%s'", path);
	while ((rc = gv_lines_words(&in, &words)) > 0 && (rc = read_line(l, &words)) == 0)
		;
	if (rc < 0) {
		gv_ledger_release(l);
		return gv_err_set(err, GV_EFORMAT, "'%s', line %u: not understood", path, in.number);
	}
	l->path = gv_xstrdup(path);
	return 0;
}

/* List records and drafts. The name of a draft begins with a dot. */
static void
list_names(struct gv_strv *names, const char *dir)
{
	gv_autodir DIR *d = opendir(dir);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			gv_strv_add(names, e->d_name);
}

void
gv_ledger_list(struct gv_strv *ids, const char *state)
{
	gv_autofree char *dir = gv_path_join(state, "cells");
	gv_autostrv struct gv_strv names = GV_STRV_INIT;

	list_names(&names, dir);
	for (size_t i = 0; i < names.n; i++)
		if (names.v[i][0] != '.')
			gv_strv_add(ids, names.v[i]);
	gv_strv_sort(ids, strcmp);
}

int
gv_ledger_find(struct gv_ledger *l, const char *state, const char *id, struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("%s/cells/%s", state, id);

	if (id[0] == '\0' || id[0] == '.' || strchr(id, '/') != NULL)
		return gv_err_set(err, GV_EUSAGE, "'%s' is not a cell name", id);
	return read_ledger(l, path, err) < 0 ? gv_err_wrap(err, "no kept cell '%s'", id) : 0;
}

int
gv_ledger_hold(struct gv_ledger *l, bool alone, struct gv_err *err)
{
	int fd;

	/* A sweep holds the lock for a moment; the gover that runs the cell holds it longer. */
	for (int i = 0;
	     (fd = open_locked(l->path, 0, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB)) < 0 && errno == EWOULDBLOCK && i < 3;
	     i++)
		usleep(2000);
	if (fd < 0 && errno == EWOULDBLOCK)
		return gv_err_set(err, GV_EBUSY, "the cell '%s' is running", name_of(l));
	if (fd < 0)
		return gv_err_sys(err, errno == ENOENT ? GV_ENOTFOUND : GV_EIO, "cannot open '%s'", l->path);
	l->fd = fd;
	return 0;
}

static void
reap_one(const char *path, const char *scratch)
{
	gv_autofd int fd = -1;
	struct gv_ledger l;
	struct gv_err err = GV_ERR_INIT;
	bool over;

	/* First read it without a lock: a user who enters a kept cell would take our lock for a running cell. */
	for (int i = 0; i < 2; i++) {
		if (read_ledger(&l, path, &err) < 0)
			return;
		over = l.kept <= (int64_t)time(NULL);
		if (over && fd >= 0)
			gv_ledger_sweep(&l, scratch);
		gv_ledger_release(&l);
		if (!over || fd >= 0 || (fd = open_locked(path, 0, LOCK_EX | LOCK_NB)) < 0)
			return;
	}
}

/* Remove a draft that no gover writes any more. */
static void
reap_draft(const char *path)
{
	gv_autofd int fd = open_locked(path, 0, LOCK_EX | LOCK_NB);

	if (fd >= 0)
		unlink(path);
}

void
gv_ledger_reap(const char *state, const char *scratch)
{
	gv_autofree char *dir = gv_path_join(state, "cells");
	gv_autostrv struct gv_strv names = GV_STRV_INIT;

	list_names(&names, dir);
	for (size_t i = 0; i < names.n; i++) {
		gv_autofree char *file = gv_path_join(dir, names.v[i]);

		if (names.v[i][0] == '.')
			reap_draft(file);
		else
			reap_one(file, scratch);
	}
}
