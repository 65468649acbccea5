/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/modset.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"
#include "verify/hash.h"
#include "version/gomod.h"

struct walk {
	const char *modcache;
	struct gv_strv seen; /* "PATH@VERSION", sorted */
	struct gv_strv todo; /* the same, taken from the end */
	struct gv_strv have; /* "PATH@VERSION HASHES" of those that the cache has */
};

void
gv_modset_free(struct gv_modset *s)
{
	gv_strv_free(&s->paths);
	free(s->key);
	s->key = NULL;
}

/* Whether it is new. */
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

/* Characters of module paths and versions; and nothing that leads out of the cache. */
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

/* Two words of which the second is a version name a module, whatever the directive; one too many does no harm. */
static void
scan(struct walk *w, const char *text)
{
	while (*text != '\0') {
		size_t line = strcspn(text, "\n");
		const char *end = text + line, *slashes = memmem(text, line, "//", 2), *before = NULL;
		size_t before_len = 0;

		if (slashes != NULL)
			end = slashes;
		for (const char *at = text; at < end;) {
			size_t n;

			at += strspn(at, " \t\r\"`");
			n = strcspn(at, " \t\r\"`\n");
			if (at >= end || n == 0)
				break;
			if (at + n > end)
				n = (size_t)(end - at);
			if (before != NULL)
				add_pair(w, before, before_len, at, n);
			before = at;
			before_len = n;
			at += n;
		}
		text += line + (text[line] == '\n');
	}
}

static int
scan_file(struct walk *w, const char *path, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	size_t len;

	if (gv_fs_read(AT_FDCWD, path, GV_GOMOD_MAX, &text, &len, err) < 0)
		return -1;
	scan(w, text);
	return 0;
}

/* In the cache a capital is '!' and the small letter. Caller frees. */
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

/* Add what the cache has of a module, and what its go.mod names. */
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
	scan(w, text);
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

/* The files of the project that name modules. */
static int
scan_project(struct walk *w, const struct gv_project *p, struct gv_err *err)
{
	if (p->workspace != NULL && scan_file(w, p->workspace, err) < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++) {
		gv_autofree char *file = gv_xasprintf("%s/%s/go.mod", p->root, p->modules[i].dir);

		if (p->modules[i].path[0] != '\0' && scan_file(w, file, err) < 0)
			return -1;
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
	gv_strv_free(&w.seen);
	gv_strv_free(&w.todo);
	gv_strv_free(&w.have);
	return rc;
}
