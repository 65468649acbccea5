/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "project/modset.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/path.h"
#include "util/str.h"
#include "verify/hash.h"
#include "version/gomod.h"

#define FILES_MAX 2000 /* go.mod files that are not in the cache */

struct walk {
	const char *modcache;
	struct gv_strv seen; /* "PATH@VERSION", sorted */
	struct gv_strv todo; /* the same, a stack */
	struct gv_strv have; /* "PATH@VERSION HASHES" of the modules in the cache */
	struct gv_strv
	    files; /* go.mod files of the project and of directories that replace modules; grows during a scan */
};

void
gv_modset_release(struct gv_modset *s)
{
	gv_strv_release(&s->paths);
	free(s->key);
	s->key = NULL;
}

/* Insert `name` in its place. Returns whether it is new. */
static bool
see(struct gv_strv *seen, const char *name)
{
	size_t low = 0, high = seen->n;
	char *added;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strcmp(seen->v[mid], name);

		if (order == 0)
			return false;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	gv_strv_add(seen, name);
	added = seen->v[seen->n - 1];
	memmove(seen->v + low + 1, seen->v + low, (seen->n - 1 - low) * sizeof(*seen->v));
	seen->v[low] = added;
	return true;
}

/* Whether the name has only characters of module paths and versions, and does not lead out of the cache. */
static bool
is_name(const char *s, size_t len, bool slashes)
{
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) && strchr(slashes ? "-._~+/" : "-._~+", s[i]) == NULL)
			return false;
	return len > 0 && s[0] != '/' && memmem(s, len, "..", 2) == NULL;
}

static void
add_pair(struct walk *w, const char *path, size_t path_len, const char *version, size_t version_len)
{
	gv_autofree char *name = NULL;

	if (version_len < 2 || version[0] != 'v' || !isdigit((unsigned char)version[1]) ||
	    !is_name(path, path_len, true) || !is_name(version, version_len, false))
		return;
	name = gv_xasprintf("%.*s@%.*s", (int)path_len, path, (int)version_len, version);
	if (see(&w->seen, name))
		gv_strv_take(&w->todo, gv_steal_ptr(&name));
}

/*
 * If the word after "=>" is a directory with a go.mod, add that go.mod to the files to scan. `dir` is the directory of
 * the file with the directive.
 */
static void
add_replacement(struct walk *w, const char *dir, const char *word, size_t len)
{
	gv_autofree char *rel = gv_xstrndup(word, len), *to = NULL, *file = NULL;

	if (strncmp(rel, "./", 2) != 0 && strncmp(rel, "../", 3) != 0 && rel[0] != '/')
		return;
	to = rel[0] == '/' ? gv_xstrdup(rel) : gv_path_join(dir, rel);
	file = gv_path_join(to, "go.mod");
	if (w->files.n < FILES_MAX && !gv_strv_has(&w->files, file) && gv_fs_exists(file))
		gv_strv_add(&w->files, file);
}

/*
 * Add what a go.mod or go.work names. Whatever the directive, two words name a module if the second is a version: an
 * extra module does no harm. `dir` is the directory of the file, or NULL for a module of the cache, because go ignores
 * its replacements.
 */
static void
scan(struct walk *w, const char *text, const char *dir)
{
	struct gv_lines in;

	gv_lines_init(&in, text, strlen(text), GV_LINES_LF); /* a CR is a blank */
	while (gv_lines_next(&in)) {
		const char *end = in.line + in.len, *slashes = memmem(in.line, in.len, "//", 2), *before = NULL;
		size_t before_len = 0;

		if (slashes != NULL)
			end = slashes;
		for (const char *at = in.line; at < end;) {
			size_t n;

			at += strspn(at, " \t\r\"`");
			n = strcspn(at, " \t\r\"`\n");
			if (at >= end || n == 0)
				break;
			if (at + n > end)
				n = (size_t)(end - at);
			if (before != NULL)
				add_pair(w, before, before_len, at, n);
			if (dir != NULL && before_len == 2 && memcmp(before, "=>", 2) == 0)
				add_replacement(w, dir, at, n);
			before = at;
			before_len = n;
			at += n;
		}
	}
}

static int
scan_file(struct walk *w, const char *path, struct gv_err *err)
{
	gv_autofree char *text = NULL, *dir = gv_xstrdup(path);
	size_t len;

	if (gv_fs_read(AT_FDCWD, path, GV_GOMOD_MAX, &text, &len, err) < 0)
		return -1;
	gv_path_parent(dir);
	scan(w, text, dir);
	return 0;
}

/* Escape a name for the cache, which writes a capital as '!' and the small letter. Caller frees. */
static char *
escape(const char *s, size_t len)
{
	char *out = gv_xcalloc(2 * len + 1, 1), *o = out;

	for (size_t i = 0; i < len; i++) {
		if (isupper((unsigned char)s[i]))
			*o++ = '!';
		*o++ = (char)tolower((unsigned char)s[i]);
	}
	return out;
}

static void
hash_of(const char *text, size_t len, char hex[GV_SHA256_HEX])
{
	uint8_t sum[GV_SHA256_LEN];

	gv_sha256_of(text, len, sum);
	gv_hex(hex, sum, sizeof(sum));
}

/* Add the files that the cache has of a module, and the modules that its go.mod names. */
static void
visit(struct walk *w, struct gv_modset *s, const char *name)
{
	static const char *const kinds[] = { ".mod", ".info", ".ziphash" };
	const char *at = strrchr(name, '@');
	gv_autofree char *path = escape(name, (size_t)(at - name)), *version = escape(at + 1, strlen(at + 1));
	gv_autofree char *base = gv_xasprintf("cache/download/%s/@v/%s", path, version), *text = NULL, *zip = NULL;
	gv_autofree char *mod_file = gv_xasprintf("%s/%s.mod", w->modcache, base);
	gv_autofree char *zip_file = gv_xasprintf("%s/%s.ziphash", w->modcache, base);
	struct gv_err ignored = GV_ERR_INIT;
	char hex[GV_SHA256_HEX];
	size_t len, zip_len = 0;

	if (gv_fs_read(AT_FDCWD, mod_file, GV_GOMOD_MAX, &text, &len, &ignored) < 0)
		return;
	scan(w, text, NULL);
	hash_of(text, len, hex);
	for (size_t i = 0; i < GV_ARRAY_LEN(kinds); i++)
		gv_strv_take(&s->paths, gv_xasprintf("%s%s", base, kinds[i]));
	if (gv_fs_read(AT_FDCWD, zip_file, 4096, &zip, &zip_len, &ignored) == 0)
		gv_strv_take(&s->paths, gv_xasprintf("%s@%s", path, version));
	gv_strv_take(&w->have, gv_xasprintf("%s %s %.*s", name, hex, (int)zip_len, zip != NULL ? zip : ""));
}

static char *
key_of(struct gv_strv *have)
{
	struct gv_sha256 *sha = gv_sha256_new();
	uint8_t sum[GV_SHA256_LEN];
	char hex[GV_SHA256_HEX];

	gv_strv_sort(have, strcmp);
	for (size_t i = 0; i < have->n; i++)
		gv_sha256_update(sha, have->v[i], strlen(have->v[i]) + 1);
	gv_sha256_final(sha, sum);
	gv_sha256_free(sha);
	gv_hex(hex, sum, sizeof(sum));
	return gv_xasprintf("modules %s", hex);
}

/* Scan the project's go.work and go.mod files, and those of the directories that replace modules. */
static int
scan_project(struct walk *w, const struct gv_project *p, struct gv_err *err)
{
	struct gv_err ignored = GV_ERR_INIT;
	size_t own;

	if (p->workspace != NULL && scan_file(w, p->workspace, err) < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++)
		if (p->modules[i].path[0] != '\0')
			gv_strv_take(&w->files, gv_xasprintf("%s/%s/go.mod", p->root, p->modules[i].dir));
	own = w->files.n;
	for (size_t i = 0; i < w->files.n; i++)
		if (scan_file(w, w->files.v[i], i < own ? err : &ignored) < 0) {
			if (i < own)
				return -1;
			gv_err_clear(&ignored); /* the go command in the cell reports it */
		}
	return 0;
}

int
gv_modset_find(struct gv_modset *s, const struct gv_project *p, const char *modcache, struct gv_err *err)
{
	struct walk w = { .modcache = modcache };
	int rc = scan_project(&w, p, err);

	*s = (struct gv_modset){ 0 };
	while (rc == 0 && w.todo.n > 0) {
		gv_autofree char *name = w.todo.v[--w.todo.n];

		w.todo.v[w.todo.n] = NULL;
		visit(&w, s, name);
	}
	if (rc == 0) {
		gv_strv_sort(&s->paths, strcmp);
		s->key = key_of(&w.have);
	}
	gv_strv_release(&w.seen);
	gv_strv_release(&w.todo);
	gv_strv_release(&w.have);
	gv_strv_release(&w.files);
	return rc;
}
