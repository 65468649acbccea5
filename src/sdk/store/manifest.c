/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/manifest.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/num.h"
#include "util/path.h"
#include "util/str.h"

#define MAGIC         "gover-manifest"
#define FORMAT        1
#define MAX_BYTES     (32u << 20) /* enough for 100,000 files with lines of 300 bytes */
#define MAX_FILES     (100u << 10)
#define HEX_SHA_BYTES (GV_SHA256_HEX - 1)

void
gv_manifest_release(struct gv_manifest *m)
{
	free(m->version);
	free(m->platform);
	free(m->origin);
	free(m->source);
	free(m->witness);
	for (size_t i = 0; i < m->n_files; i++)
		free(m->files[i].path);
	free(m->files);
	memset(m, 0, sizeof(*m));
}

static void
print(struct gv_str *s, const struct gv_manifest *m)
{
	char hex[GV_SHA256_HEX];

	gv_str_addf(s, MAGIC " %d\nversion %s\nplatform %s\nsource %s %s\nh1 %s\n", FORMAT, m->version, m->platform,
		    m->origin, m->source, m->h1);
	if (m->proof == GV_PROOF_LOG)
		gv_str_addf(s, "proof log %s %" PRIu64 " %" PRIu64 "\n", m->witness, m->record, m->tree_size);
	else if (m->proof == GV_PROOF_FILE)
		gv_str_addf(s, "proof file %s %" PRIu64 "\n", m->witness, m->record);
	else
		gv_str_add(s, "proof none\n");
	gv_str_addf(s, "files %zu\n", m->n_files);
	for (size_t i = 0; i < m->n_files; i++) {
		const struct gv_unpack_file *f = &m->files[i];

		gv_hex(hex, f->sha256, sizeof(f->sha256));
		gv_str_addf(s, "%s %o %" PRIu64 " %s\n", hex, f->mode, f->size, f->path);
	}
}

int
gv_manifest_write_new(const struct gv_manifest *m, const char *dir, const char *name, struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("%s/%s" GV_MANIFEST_NEW, dir, name);
	gv_autostr struct gv_str text = GV_STR_INIT(MAX_BYTES);
	gv_autofd int fd = -1;

	print(&text, m);
	if (text.over)
		return gv_err_set(err, GV_ETOOBIG, "the manifest of '%s' is larger than %u bytes", name, MAX_BYTES);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot write '%s'", path);
	if (gv_fs_write_all(fd, text.buf, text.len, err) < 0)
		return gv_err_wrap(err, "'%s'", path);
	if (fchmod(fd, 0644) < 0 || close(gv_steal_fd(&fd)) < 0)
		return gv_err_sys(err, GV_EIO, "cannot write '%s'", path);
	return 0;
}

/* The value of "KEY VALUE", or NULL. */
static char *
value_of(char *line, const char *key)
{
	size_t n = strlen(key);

	return line != NULL && strncmp(line, key, n) == 0 && line[n] == ' ' ? line + n + 1 : NULL;
}

/* Cut the last word off `text` and return it. */
static char *
last_word(char *text)
{
	char *sp = strrchr(text, ' ');

	if (sp == NULL)
		return NULL;
	*sp = '\0';
	return sp + 1;
}

static bool
parse_proof(struct gv_manifest *m, char *text)
{
	const char *number;
	char *witness;

	if (text == NULL)
		return false;
	if (strcmp(text, "none") == 0)
		return true;
	if ((witness = value_of(text, "log")) != NULL) {
		m->proof = GV_PROOF_LOG;
		number = last_word(witness);
		if (number == NULL || gv_num_u64(number, UINT64_MAX, &m->tree_size) < 0)
			return false;
	} else if ((witness = value_of(text, "file")) != NULL) {
		m->proof = GV_PROOF_FILE;
	} else {
		return false;
	}
	number = last_word(witness);
	if (number == NULL || gv_num_u64(number, UINT64_MAX, &m->record) < 0)
		return false;
	m->witness = gv_xstrdup(witness);
	return true;
}

static bool
parse_head(struct gv_manifest *m, char **rest, uint64_t *n_files)
{
	const char *version = value_of(gv_lines_cut(rest, '\n'), "version"),
		   *platform = value_of(gv_lines_cut(rest, '\n'), "platform"), *origin, *h1, *count;
	char *source = value_of(gv_lines_cut(rest, '\n'), "source");

	if (version == NULL || platform == NULL || (origin = gv_lines_cut(&source, ' ')) == NULL)
		return false;
	m->version = gv_xstrdup(version);
	m->platform = gv_xstrdup(platform);
	m->origin = gv_xstrdup(origin);
	m->source = gv_xstrdup(source);
	h1 = value_of(gv_lines_cut(rest, '\n'), "h1");
	if (h1 == NULL || strlen(h1) >= sizeof(m->h1))
		return false;
	memcpy(m->h1, h1, strlen(h1) + 1);
	if (!parse_proof(m, value_of(gv_lines_cut(rest, '\n'), "proof")))
		return false;
	count = value_of(gv_lines_cut(rest, '\n'), "files");
	return count != NULL && gv_num_u64(count, MAX_FILES, n_files) == 0;
}

static bool
parse_file(struct gv_unpack_file *f, char *line)
{
	const char *sha = gv_lines_cut(&line, ' '), *mode = gv_lines_cut(&line, ' '), *size = gv_lines_cut(&line, ' ');

	/* The rest is the path, which may hold blanks. */
	if (line == NULL || line[0] == '\0' || strlen(sha) != HEX_SHA_BYTES)
		return false;
	for (size_t i = 0; i < GV_SHA256_LEN; i++) {
		int hi = gv_num_hex(sha[2 * i]), lo = gv_num_hex(sha[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		f->sha256[i] = (uint8_t)(hi << 4 | lo);
	}
	if (strcmp(mode, "444") != 0 && strcmp(mode, "555") != 0)
		return false;
	f->mode = mode[0] == '4' ? 0444 : 0555;
	if (gv_num_u64(size, UINT64_MAX, &f->size) < 0)
		return false;
	f->path = gv_xstrdup(line);
	return true;
}

int
gv_manifest_read(struct gv_manifest *m, const char *dir, const char *name, bool files, struct gv_err *err)
{
	gv_autofree char *path = gv_path_join(dir, name);
	gv_autofree char *text = NULL;
	struct gv_manifest got = { 0 };
	uint64_t n = 0;
	size_t len = 0;
	char *rest;

	if (gv_fs_read(AT_FDCWD, path, MAX_BYTES, &text, &len, err) < 0)
		return -1;
	rest = text;
	if (gv_lines_format(gv_lines_cut(&rest, '\n'), MAGIC, FORMAT, err) < 0)
		return gv_err_wrap(err, "the manifest '%s'", path);
	if (!parse_head(&got, &rest, &n))
		goto malformed;
	if (files) {
		got.files = gv_xcalloc((size_t)n, sizeof(*got.files));
		for (; got.n_files < n; got.n_files++)
			if (!parse_file(&got.files[got.n_files], gv_lines_cut(&rest, '\n')))
				goto malformed;
		if (*rest != '\0')
			goto malformed;
	}
	*m = got;
	return 0;
malformed:
	gv_manifest_release(&got);
	return gv_err_set(err, GV_EFORMAT, "the manifest '%s' is malformed", path);
}
