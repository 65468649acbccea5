/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "engine/cgroup.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"
#include "util/words.h"

#define RECORD_MAX (1u << 20)

void
gv_record_free(struct gv_record *r)
{
	if (r->fd >= 0)
		close(r->fd);
	for (size_t i = 0; i < r->n_binds; i++) {
		free(r->binds[i].source);
		free(r->binds[i].target);
	}
	free(r->binds);
	free(r->path);
	free(r->engine);
	free(r->dir);
	free(r->image);
	gv_strv_free(&r->remove);
	gv_strv_free(&r->cgroups);
	gv_strv_free(&r->env);
	*r = (struct gv_record)GV_RECORD_INIT;
}

char *
gv_record_id(const char *run, const char *name, struct gv_err *err)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	if (run[0] == '\0' || name[0] == '\0' || run[0] == '.' || strspn(run, allowed) != strlen(run) ||
	    strspn(name, allowed) != strlen(name) || strlen(run) + strlen(name) > 200) {
		gv_err_set(err, GV_EUSAGE, "'%s-%s' is no name for a cell", run, name);
		return NULL;
	}
	return gv_xasprintf("%s-%s", run, name);
}

void
gv_record_add_bind(struct gv_record *r, const char *source, const char *target, bool writable)
{
	r->binds = gv_xreallocarray(r->binds, r->n_binds + 1, sizeof(*r->binds));
	r->binds[r->n_binds++] = (struct gv_bind){
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

static int
write_record(const struct gv_record *r, struct gv_err *err)
{
	gv_autostr struct gv_str s = GV_STR_INIT(RECORD_MAX);

	gv_str_addf(&s, "gover-cell 1\nengine %s\n", r->engine);
	if (r->kept > 0)
		gv_str_addf(&s, "kept %" PRId64 "\n", r->kept);
	add_list(&s, "remove", &r->remove);
	add_list(&s, "cgroup", &r->cgroups);
	if (r->dir != NULL) {
		gv_words_add(&s, "dir");
		gv_words_add(&s, r->dir);
		gv_str_addc(&s, '\n');
	}
	add_list(&s, "env", &r->env);
	if (r->image != NULL) {
		gv_words_add(&s, "image");
		gv_words_add(&s, r->image);
		gv_str_addc(&s, '\n');
	}
	gv_str_addf(&s, "limits %" PRIu64 " %u %u\n", r->memory_bytes, r->cpus_milli, r->pids);
	for (size_t i = 0; i < r->n_binds; i++) {
		gv_words_add(&s, "bind");
		gv_words_add(&s, r->binds[i].source);
		gv_words_add(&s, r->binds[i].target);
		gv_str_add(&s, r->binds[i].writable ? " rw\n" : " ro\n");
	}
	if (s.over)
		return gv_err_set(err, GV_ETOOBIG, "the record of a cell is larger than %u bytes", RECORD_MAX);
	if (ftruncate(r->fd, 0) < 0 || lseek(r->fd, 0, SEEK_SET) < 0 || gv_fs_write_all(r->fd, s.buf, s.len, err) < 0)
		return gv_err_sys(err, GV_EIO, "cannot write '%s'", r->path);
	return 0;
}

int
gv_record_create(struct gv_record *r, const char *state, const char *id, struct gv_err *err)
{
	gv_autofree char *dir = gv_path_join(state, "cells");

	if (gv_fs_mkdir_p(dir, err) < 0)
		return -1;
	r->path = gv_path_join(dir, id);
	r->fd = open(r->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (r->fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot make '%s'", r->path);
	if (flock(r->fd, LOCK_EX | LOCK_NB) < 0)
		return gv_err_set(err, GV_EBUSY, "the cell '%s' is running", id);
	return write_record(r, err);
}

int
gv_record_keep(struct gv_record *r, int64_t kept, struct gv_err *err)
{
	r->kept = kept;
	if (write_record(r, err) < 0)
		return -1;
	close(r->fd);
	r->fd = -1;
	return 0;
}

void
gv_record_sweep(struct gv_record *r)
{
	struct gv_err err = GV_ERR_INIT;
	bool clean = true;

	for (size_t i = 0; i < r->cgroups.n; i++)
		gv_cgroup_remove_dir(r->cgroups.v[i]);
	for (size_t i = 0; i < r->remove.n; i++)
		clean = gv_fs_remove_tree(AT_FDCWD, r->remove.v[i], &err) == 0 && clean;
	/* What could not be removed now stays on the list. */
	if (clean && r->path != NULL)
		unlink(r->path);
}

static void
read_limits(struct gv_record *r, char *const *words)
{
	r->memory_bytes = strtoull(words[0], NULL, 10);
	r->cpus_milli = (unsigned)strtoul(words[1], NULL, 10);
	r->pids = (unsigned)strtoul(words[2], NULL, 10);
}

static int
read_line(struct gv_record *r, const struct gv_strv *w)
{
	const char *key = w->v[0];

	if (w->n == 4 && strcmp(key, "bind") == 0)
		gv_record_add_bind(r, w->v[1], w->v[2], strcmp(w->v[3], "rw") == 0);
	else if (w->n == 4 && strcmp(key, "limits") == 0)
		read_limits(r, w->v + 1);
	else if (w->n != 2)
		return -1;
	else if (strcmp(key, "engine") == 0 && r->engine == NULL)
		r->engine = gv_xstrdup(w->v[1]);
	else if (strcmp(key, "kept") == 0)
		r->kept = strtoll(w->v[1], NULL, 10);
	else if (strcmp(key, "remove") == 0 && w->v[1][0] == '/')
		gv_strv_add(&r->remove, w->v[1]);
	else if (strcmp(key, "cgroup") == 0 && w->v[1][0] == '/')
		gv_strv_add(&r->cgroups, w->v[1]);
	else if (strcmp(key, "dir") == 0 && r->dir == NULL)
		r->dir = gv_xstrdup(w->v[1]);
	else if (strcmp(key, "image") == 0 && r->image == NULL)
		r->image = gv_xstrdup(w->v[1]);
	else if (strcmp(key, "env") == 0)
		gv_strv_add(&r->env, w->v[1]);
	else
		return -1;
	return 0;
}

int
gv_record_read(struct gv_record *r, const char *path, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	const char *at;
	size_t len;
	unsigned line = 0;

	*r = (struct gv_record)GV_RECORD_INIT;
	if (gv_fs_read(AT_FDCWD, path, RECORD_MAX, &text, &len, err) < 0) {
		if (err->sys == ENOENT)
			err->code = GV_ENOTFOUND;
		return -1;
	}
	for (at = text; *at != '\0';) {
		gv_autostrv struct gv_strv words = GV_STRV_INIT;
		size_t n = strcspn(at, "\n");
		bool good = gv_words_split(&words, at, n) == 0;

		if (line++ == 0)
			good = good && words.n == 2 && strcmp(words.v[0], "gover-cell") == 0 &&
			       strcmp(words.v[1], "1") == 0;
		else
			good = good && read_line(r, &words) == 0;
		if (!good) {
			gv_record_free(r);
			return gv_err_set(err, GV_EFORMAT, "'%s', line %u: not understood", path, line);
		}
		at += n + (at[n] == '\n');
	}
	r->path = gv_xstrdup(path);
	return 0;
}

int
gv_record_find(struct gv_record *r, const char *state, const char *id, struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("%s/cells/%s", state, id);

	if (strchr(id, '/') != NULL)
		return gv_err_set(err, GV_EUSAGE, "'%s' is no name of a cell", id);
	return gv_record_read(r, path, err) < 0 ? gv_err_wrap(err, "no kept cell '%s'", id) : 0;
}

static void
reap_one(const char *path)
{
	gv_autofd int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	struct gv_record r;
	struct gv_err err = GV_ERR_INIT;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || gv_record_read(&r, path, &err) < 0)
		return;
	if (r.kept <= (int64_t)time(NULL))
		gv_record_sweep(&r);
	gv_record_free(&r);
}

void
gv_record_reap(const char *state)
{
	gv_autofree char *path = gv_path_join(state, "cells");
	gv_autodir DIR *d = opendir(path);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		gv_autofree char *file = gv_path_join(path, e->d_name);

		if (e->d_name[0] != '.')
			reap_one(file);
	}
}
