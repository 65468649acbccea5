/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/adopt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/entry.h"
#include "store/proof.h"
#include "store/staging.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/sig.h"

#define MAX_FILES (100u << 10)
#define MAX_DEPTH 64

struct walk {
	struct gv_manifest *m;
	size_t cap;
	const char *module_prefix;
	struct gv_dirhash *h1;
	struct gv_sha256 *hash;
	unsigned depth;
};

static int
hash_file(struct walk *w, int fd, const char *path, struct gv_err *err)
{
	struct gv_unpack_file f = { .mode = gv_entry_mode(path) };
	gv_autofree char *hash_name = gv_dirhash_module_name(w->module_prefix, path);
	char buf[64 << 10];
	ssize_t n;

	if (w->m->n_files == MAX_FILES)
		return gv_err_set(err, GV_EPROOF, "more than %u files in the tree", MAX_FILES);
	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gv_err_sys(err, GV_EIO, "cannot read '%s'", path);
		gv_sha256_update(w->hash, buf, (size_t)n);
		f.size += (uint64_t)n;
	}
	gv_sha256_final(w->hash, f.sha256);
	if (hash_name != NULL)
		gv_dirhash_add(w->h1, hash_name, f.sha256);
	if (w->m->n_files == w->cap) {
		w->cap = w->cap == 0 ? 1024 : w->cap * 2;
		w->m->files = gv_xreallocarray(w->m->files, w->cap, sizeof(f));
	}
	f.path = gv_xstrdup(path);
	w->m->files[w->m->n_files++] = f;
	return 0;
}

/* Hash a directory. `path` is relative to the tree, "" for its root. Takes ownership of `fd`. */
static int
walk_dir(struct walk *w, int fd, const char *path, struct gv_err *err)
{
	gv_autodir DIR *dir = fdopendir(fd);
	const struct dirent *e;

	if (dir == NULL) {
		gv_err_sys(err, GV_EIO, "cannot read directory '%s'", path);
		close(fd);
		return -1;
	}
	if (++w->depth > MAX_DEPTH)
		return gv_err_set(err, GV_EPROOF, "'%s' is in too many directories", path);
	while ((e = readdir(dir)) != NULL) {
		gv_autofree char *name = gv_path_join(path, e->d_name);
		struct stat st;
		int rc, sub;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (gv_sig_check(err) < 0)
			return -1;
		sub = openat(fd, e->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (sub < 0 || fstat(sub, &st) < 0) {
			gv_err_sys(err, GV_EIO, "cannot open '%s'", name);
			if (sub >= 0)
				close(sub);
			return -1;
		}
		if (S_ISDIR(st.st_mode)) {
			if (walk_dir(w, sub, name, err) < 0)
				return -1;
			continue;
		}
		rc = S_ISREG(st.st_mode) ? hash_file(w, sub, name, err)
					 : gv_err_set(err, GV_EPROOF, "'%s' is not a regular file", name);
		close(sub);
		if (rc < 0)
			return -1;
	}
	w->depth--;
	return 0;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct gv_unpack_file *)a)->path, ((const struct gv_unpack_file *)b)->path);
}

static int
hash_tree(const struct gv_download *dl, struct gv_manifest *m, char h1[GV_H1_MAX], struct gv_err *err)
{
	gv_autofree char *prefix = gv_xasprintf("%s@%s/", dl->module, dl->modversion);
	struct walk w = { .m = m, .module_prefix = prefix, .h1 = gv_dirhash_new(), .hash = gv_sha256_new() };
	int fd = open(dl->url, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = -1;

	if (fd < 0)
		gv_err_sys(err, GV_EIO, "cannot open '%s'", dl->shown);
	else if (walk_dir(&w, fd, "", err) < 0)
		gv_err_wrap(err, "'%s'", dl->shown);
	else
		rc = gv_dirhash_finish(w.h1, h1, err);
	gv_dirhash_free(w.h1);
	gv_sha256_free(w.hash);
	if (m->n_files > 0)
		qsort(m->files, m->n_files, sizeof(*m->files), by_path);
	return rc;
}

/* Write the manifest, then the link, each atomically. */
static int
commit_link(const struct gv_dirs *d, const char *name, const char *target, const struct gv_manifest *m,
	    struct gv_err *err)
{
	gv_autofree char *sdk = gv_path_join(d->sdks, name);
	gv_autofree char *manifest = gv_path_join(d->manifests, name);
	gv_autofree char *new_manifest = gv_xasprintf("%s" GV_MANIFEST_NEW, manifest);
	struct gv_staging dir = GV_STAGING_INIT, old = GV_STAGING_INIT;
	gv_autofree char *link = NULL;
	struct stat st;
	int rc = -1;

	if (gv_staging_make(&dir, d, err) < 0)
		return -1;
	link = gv_path_join(dir.path, name);
	if (symlink(target, link) < 0)
		gv_err_sys(err, GV_EIO, "cannot make link '%s'", link);
	else if (gv_manifest_write_new(m, d->manifests, name, err) < 0)
		unlink(new_manifest);
	else if (lstat(sdk, &st) == 0 && S_ISDIR(st.st_mode) && gv_staging_take(&old, d, sdk, err) < 0)
		unlink(new_manifest);
	else if (rename(new_manifest, manifest) < 0 || rename(link, sdk) < 0)
		gv_err_sys(err, GV_EIO, "cannot make link '%s'", sdk);
	else
		rc = gv_fs_sync_dir(d->sdks, err);
	gv_staging_remove(&dir);
	gv_staging_remove(&old);
	return rc;
}

int
gv_adopt(struct gv_store *s, const char *name, const struct gv_download *dl, struct gv_manifest *m,
	 struct gv_str *report, struct gv_err *err)
{
	struct gv_origins *o = gv_store_origins(s, err);
	struct gv_proof *proof = o != NULL ? gv_proof_begin(s->dirs, s->config, o, dl, err) : NULL;
	char h1[GV_H1_MAX];
	int rc = -1;

	if (proof != NULL && hash_tree(dl, m, h1, err) == 0)
		rc = gv_proof_check(proof, h1, m, report, err);
	gv_proof_free(proof);
	if (rc == 0)
		rc = commit_link(s->dirs, name, dl->url, m, err);
	return rc;
}
