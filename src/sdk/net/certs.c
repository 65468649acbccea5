/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "net/certs.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/err.h"
#include "util/fs.h"
#include "util/str.h"
#include "util/strv.h"

#define CERT_FILE_MAX ((size_t)4 << 20)
#define CERTS_MAX     ((size_t)16 << 20)

/* "5ed36f99.0": the name under which OpenSSL finds a certificate without reading the others. */
static bool
is_hash_name(const char *name)
{
	return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' && name[9] >= '0' && name[9] <= '9';
}

/* Go skips a link to a file in the same directory. A link named by a hash shows that libcurl finds that file itself. */
static bool
is_local_link(int fd, const char *name, struct gv_strv *hashed)
{
	char target[256];
	ssize_t n = readlinkat(fd, name, target, sizeof(target) - 1);

	if (n <= 0 || memchr(target, '/', (size_t)n) != NULL)
		return false;
	target[n] = '\0';
	if (is_hash_name(name))
		gv_strv_add(hashed, target);
	return true;
}

static void
add_file(struct gv_str *blob, int dir_fd, const char *name)
{
	gv_autofree char *text = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t len = 0;

	/* As in Go, an unreadable file is skipped. */
	if (gv_fs_read(dir_fd, name, CERT_FILE_MAX, &text, &len, &err) < 0 ||
	    strstr(text, "-----BEGIN CERTIFICATE-----") == NULL)
		return;
	gv_str_addn(blob, text, len);
	gv_str_addc(blob, '\n');
}

/* `bundle` is in the blob already. On most systems it is also in the directory of certificates. */
static bool
is_bundle(int dir_fd, const char *name, const struct stat *bundle)
{
	struct stat st;

	return fstatat(dir_fd, name, &st, 0) == 0 && st.st_dev == bundle->st_dev && st.st_ino == bundle->st_ino;
}

static void
add_dir(struct gv_str *blob, const char *path, const struct stat *bundle)
{
	gv_autodir DIR *d = opendir(path);
	gv_autostrv struct gv_strv files = GV_STRV_INIT, hashed = GV_STRV_INIT;
	struct dirent *e;

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.' && !is_local_link(dirfd(d), e->d_name, &hashed) && !is_hash_name(e->d_name))
			gv_strv_add(&files, e->d_name);
	gv_strv_sort(&files, strcmp);
	for (size_t i = 0; i < files.n; i++)
		if (!gv_strv_has(&hashed, files.v[i]) && !is_bundle(dirfd(d), files.v[i], bundle))
			add_file(blob, dirfd(d), files.v[i]);
}

void
gv_certs_init(struct gv_certs *c, const char *fallback)
{
	const char *file = getenv("SSL_CERT_FILE"), *dirs = getenv("SSL_CERT_DIR");
	gv_autostr struct gv_str blob = GV_STR_INIT(CERTS_MAX);
	struct gv_err err = GV_ERR_INIT;
	struct stat bundle = { 0 };
	size_t before;

	memset(c, 0, sizeof(*c));
	if (file != NULL && file[0] != '\0')
		c->file = gv_xstrdup(file);
	if (dirs == NULL || dirs[0] == '\0')
		return;
	c->dirs = gv_xstrdup(dirs);
	if (c->file != NULL)
		fallback = c->file;
	if (fallback != NULL && stat(fallback, &bundle) == 0)
		add_file(&blob, AT_FDCWD, fallback);
	before = blob.len;
	for (const char *p = dirs, *colon; p != NULL; p = colon != NULL ? colon + 1 : NULL) {
		gv_autofree char *one = NULL;

		colon = strchr(p, ':');
		one = colon != NULL ? gv_xstrndup(p, (size_t)(colon - p)) : gv_xstrdup(p);
		if (one[0] != '\0')
			add_dir(&blob, one, &bundle);
	}
	if (blob.len == before)
		return;
	c->blob_len = blob.len;
	c->blob = gv_str_finish(&blob, &err);
}

void
gv_certs_release(struct gv_certs *c)
{
	free(c->file);
	free(c->dirs);
	free(c->blob);
	memset(c, 0, sizeof(*c));
}
