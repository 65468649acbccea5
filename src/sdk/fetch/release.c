/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/release.h"

#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "version/version.h"

#define MAX_FILES ((size_t)200000)

static void
file_free(struct gv_index_file *f)
{
	free(f->filename);
	free(f->version);
	free(f->os);
	free(f->arch);
	free(f->sha256);
}

void
gv_index_release(struct gv_index *ix)
{
	for (size_t i = 0; i < ix->n; i++)
		file_free(&ix->files[i]);
	free(ix->files);
	memset(ix, 0, sizeof(*ix));
}

/*
 * "go1.22.3.linux-amd64.tar.gz". Archives with other names are old and odd: darwin with "-osx10.8", the bootstrap tree
 * "go1", linux-arm6.
 */
static bool
regular_name(const char *filename, const char *version, const char *os, const char *arch)
{
	gv_autofree char *stem = gv_xasprintf("%s.%s-%s.", version, os, arch);
	size_t n = strlen(stem);

	return strspn(stem, "abcdefghijklmnopqrstuvwxyz0123456789.-") == n && strncmp(version, "go", 2) == 0 &&
	       gv_version_valid(version + 2) && strlen(version + 2) < GV_VERSION_MAX &&
	       strncmp(filename, stem, n) == 0 &&
	       (strcmp(filename + n, "tar.gz") == 0 || strcmp(filename + n, "zip") == 0);
}

static int
read_sha256(const struct gv_json *j, char **out, struct gv_err *err)
{
	const char *hex = "";

	if (gv_json_str_opt(j, "sha256", &hex, err) < 0)
		return -1;
	if (hex[0] == '\0')
		return 0;
	if (strlen(hex) != 64 || strspn(hex, "0123456789abcdef") != 64)
		return gv_json_fail(j, "sha256", err, "want 64 lower-case hex digits");
	*out = gv_xstrdup(hex);
	return 0;
}

static int
read_file(struct gv_index *ix, const struct gv_json *j, struct gv_err *err)
{
	const char *filename, *version, *os, *arch, *kind;
	struct gv_index_file f = { .size = -1 };

	if (gv_json_str(j, "filename", &filename, err) < 0 || gv_json_str(j, "version", &version, err) < 0 ||
	    gv_json_str(j, "os", &os, err) < 0 || gv_json_str(j, "arch", &arch, err) < 0 ||
	    gv_json_str(j, "kind", &kind, err) < 0 || gv_json_int_opt(j, "size", &f.size, err) < 0)
		return -1;
	if (strcmp(kind, "archive") != 0 || !regular_name(filename, version, os, arch))
		return 0;
	if (read_sha256(j, &f.sha256, err) < 0)
		return -1;
	f.filename = gv_xstrdup(filename);
	f.version = gv_xstrdup(version + 2);
	f.os = gv_xstrdup(os);
	f.arch = gv_xstrdup(strcmp(arch, "armv6l") == 0 ? "arm" : arch);
	if (f.size <= 0)
		f.size = -1;
	ix->files[ix->n++] = f;
	return 0;
}

static int
read_releases(struct gv_index *ix, const struct gv_json *root, struct gv_err *err)
{
	struct gv_json release, files, file;
	size_t cap = 0;

	if (gv_json_want_array(root, err) < 0)
		return -1;
	for (size_t i = 0; i < gv_json_len(root); i++) {
		if (gv_json_at(root, i, &release, err) < 0 || gv_json_array(&release, "files", &files, err) < 0)
			return -1;
		cap += gv_json_len(&files);
		if (cap > MAX_FILES)
			return gv_err_set(err, GV_ETOOBIG, "more than %zu files", MAX_FILES);
		ix->files = gv_xreallocarray(ix->files, cap + 1, sizeof(*ix->files));
		for (size_t k = 0; k < gv_json_len(&files); k++)
			if (gv_json_at(&files, k, &file, err) < 0 || read_file(ix, &file, err) < 0)
				return -1;
	}
	return 0;
}

int
gv_index_parse(struct gv_index *ix, const char *json, size_t len, struct gv_err *err)
{
	gv_autojson struct gv_json root = { 0 };
	struct gv_index got = { 0 };

	if (gv_json_parse(&root, json, len, err) < 0)
		return -1;
	if (read_releases(&got, &root, err) < 0) {
		gv_index_release(&got);
		return -1;
	}
	*ix = got;
	return 0;
}

const struct gv_index_file *
gv_index_find(const struct gv_index *ix, const char *version, const char *goos, const char *goarch)
{
	for (size_t i = 0; i < ix->n; i++) {
		const struct gv_index_file *f = &ix->files[i];

		if (strcmp(f->version, version) == 0 && strcmp(f->os, goos) == 0 && strcmp(f->arch, goarch) == 0)
			return f;
	}
	return NULL;
}

void
gv_index_versions(const struct gv_index *ix, struct gv_strv *out)
{
	/* The files of one release follow one another. */
	for (size_t i = 0; i < ix->n; i++)
		if (i == 0 || strcmp(ix->files[i].version, ix->files[i - 1].version) != 0)
			gv_strv_add(out, ix->files[i].version);
}
