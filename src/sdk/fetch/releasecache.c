/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "fetch/release.h"
#include "net/url.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/path.h"
#include "util/str.h"

#define INDEX_MAX ((size_t)32 << 20) /* bytes; the whole index of 2026 has 3 MB */
#define HEAD_MAX  ((size_t)8192)
#define FRESH_S   3600

/*
 * The copy is one file, so that JSON and ETag cannot disagree: a line "gover-cache 1<TAB>URL<TAB>ETAG", then the JSON
 * from the server. Its modification time is when the server last confirmed it.
 */
struct copy {
	char *text;       /* NULL: there is none */
	const char *json; /* into text */
	size_t len;
	char *etag; /* NULL: the server gave none */
	bool young;
};

static void
copy_free(struct copy *c)
{
	free(c->text);
	free(c->etag);
}

/* Takes ownership of `text` if it is a copy of `url`. */
static bool
copy_parse(struct copy *c, char *text, size_t len, const char *url)
{
	char *json = text, *etag = gv_lines_cut(&json, '\n'), *magic = gv_lines_cut(&etag, '\t'),
	     *of = gv_lines_cut(&etag, '\t');

	if (of == NULL || strcmp(magic, "gover-cache 1") != 0 || strcmp(of, url) != 0)
		return false;
	c->text = text;
	c->etag = etag[0] != '\0' ? gv_xstrdup(etag) : NULL;
	c->json = json;
	c->len = len - (size_t)(json - text);
	return true;
}

static void
copy_load(struct copy *c, const char *path, const char *url)
{
	struct gv_err err = GV_ERR_INIT;
	time_t now = time(NULL);
	char *text = NULL;
	struct stat st;
	size_t len = 0;

	memset(c, 0, sizeof(*c));
	if (stat(path, &st) < 0 || gv_fs_read(AT_FDCWD, path, INDEX_MAX + HEAD_MAX, &text, &len, &err) < 0)
		return;
	if (!copy_parse(c, text, len, url)) {
		free(text);
		return;
	}
	c->young = st.st_mtime <= now && now - st.st_mtime < FRESH_S;
}

/* Errors are ignored: without a copy, the next run asks the server again. */
static void
copy_save(const char *dir, const char *path, const char *url, const char *etag, const char *json, size_t len)
{
	gv_autostr struct gv_str s = GV_STR_INIT(INDEX_MAX + HEAD_MAX);
	struct gv_err err = GV_ERR_INIT;

	if (etag != NULL && (strpbrk(etag, "\t\n") != NULL || strlen(url) + strlen(etag) > HEAD_MAX / 2))
		etag = NULL;
	gv_str_addf(&s, "gover-cache 1\t%s\t%s\n", url, etag != NULL ? etag : "");
	gv_str_addn(&s, json, len);
	if (s.over || gv_fs_mkdir_p(dir, &err) < 0 || gv_fs_replace(path, s.buf, s.len, 0644, &err) < 0)
		return;
}

static int
parse(struct gv_index *ix, const char *json, size_t len, const char *where, struct gv_err *err)
{
	if (gv_index_parse(ix, json, len, err) < 0)
		return gv_err_wrap(err, "index '%s'", where);
	return 0;
}

static int
load_dir(struct gv_index *ix, const char *dir, struct gv_err *err)
{
	static const char *const names[] = { "dl.json", "index.json" };

	for (size_t i = 0; i < GV_ARRAY_LEN(names); i++) {
		gv_autofree char *path = gv_path_join(dir, names[i]), *json = NULL;
		struct gv_err e = GV_ERR_INIT;
		size_t len = 0;

		if (gv_fs_read(AT_FDCWD, path, INDEX_MAX, &json, &len, &e) == 0)
			return parse(ix, json, len, path, err);
		if (e.sys != ENOENT) {
			*err = e;
			return -1;
		}
	}
	return gv_err_set(err, GV_ENOTFOUND, "no dl.json or index.json in '%s'", dir);
}

/* Ask the server. *ix is filled from its reply or, if nothing changed, from the copy. */
static int
refresh(struct gv_index *ix, struct gv_http *h, const struct copy *c, const char *url, const char *dir,
	const char *path, struct gv_err *err)
{
	gv_autofree char *shown = gv_url_shown(url), *body = NULL;
	struct gv_http_request req = { .url = url, .if_none_match = c->etag, .max_body = INDEX_MAX };
	struct gv_http_head head;
	size_t len = 0;
	int rc;

	if (gv_http_get(h, &req, &head, &body, &len, err) < 0)
		return -1;
	if (head.status == 304) {
		rc = parse(ix, c->json, c->len, path, err);
		if (rc == 0)
			utimensat(AT_FDCWD, path, NULL, 0);
		else
			unlink(path); /* the copy is bad: ask for the whole index next time */
	} else {
		rc = parse(ix, body, len, shown, err);
		if (rc == 0)
			copy_save(dir, path, shown, head.etag, body, len);
	}
	gv_http_head_release(&head);
	return rc;
}

int
gv_index_load(struct gv_index *ix, struct gv_http *h, const char *base, const char *cache_dir, bool fresh,
	      struct gv_err *err)
{
	gv_autofree char *url = NULL, *shown = NULL, *path = NULL;
	struct gv_err unused = GV_ERR_INIT;
	size_t n = strlen(base);
	struct copy c;
	int rc = -1;

	if (base[0] == '/')
		return load_dir(ix, base, err);
	while (n > 0 && base[n - 1] == '/')
		n--;
	url = gv_xasprintf("%.*s/?mode=json&include=all", (int)n, base);
	shown = gv_url_shown(url);
	path = gv_path_join(cache_dir, "golang.cache");
	copy_load(&c, path, shown);
	if (c.text != NULL && c.young && !fresh)
		rc = parse(ix, c.json, c.len, path, &unused);
	if (rc < 0)
		rc = refresh(ix, h, &c, url, cache_dir, path, err);
	if (rc < 0 && err->code == GV_ENET && c.text != NULL && !fresh)
		rc = parse(ix, c.json, c.len, path, &unused);
	copy_free(&c);
	return rc;
}
