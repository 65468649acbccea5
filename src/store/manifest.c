/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"

#define MAGIC         "gover-manifest "
#define FORMAT        1
#define MAX_BYTES     (32u << 20) /* 100,000 files of 200 bytes and more */
#define MAX_FILES     (100u << 10)
#define HEX_SHA_BYTES (GV_SHA256_HEX - 1)

void
gv_manifest_free(struct gv_manifest *m)
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

	gv_str_addf(s, MAGIC "%d\nversion %s\nplatform %s\nsource %s %s\nh1 %s\n", FORMAT, m->version, m->platform,
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

/* Cut the next line off *rest; NULL at the end, also when the last newline is missing. */
static char *
next_line(char **rest)
{
	char *line = *rest, *nl = strchr(line, '\n');

	if (nl == NULL)
		return NULL;
	*nl = '\0';
	*rest = nl + 1;
	return line;
}

/* The value of "KEY VALUE", or NULL. */
static char *
value_of(char *line, const char *key)
{
	size_t n = strlen(key);

	return line != NULL && strncmp(line, key, n) == 0 && line[n] == ' ' ? line + n + 1 : NULL;
}

static bool
parse_u64(const char *text, uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return *end == '\0' && errno == 0;
}

/* Cut the last word off `text`. */
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
		if (number == NULL || !parse_u64(number, &m->tree_size))
			return false;
	} else if ((witness = value_of(text, "file")) != NULL) {
		m->proof = GV_PROOF_FILE;
	} else {
		return false;
	}
	number = last_word(witness);
	if (number == NULL || !parse_u64(number, &m->record))
		return false;
	m->witness = gv_xstrdup(witness);
	return true;
}

static bool
parse_head(struct gv_manifest *m, char **rest, uint64_t *n_files)
{
	const char *version = value_of(next_line(rest), "version"), *platform, *h1, *count;
	char *source, *url;

	if (version == NULL || (platform = value_of(next_line(rest), "platform")) == NULL)
		return false;
	m->version = gv_xstrdup(version);
	m->platform = gv_xstrdup(platform);
	source = value_of(next_line(rest), "source");
	if (source == NULL || (url = strchr(source, ' ')) == NULL)
		return false;
	m->origin = gv_xstrndup(source, (size_t)(url - source));
	m->source = gv_xstrdup(url + 1);
	h1 = value_of(next_line(rest), "h1");
	if (h1 == NULL || strlen(h1) >= sizeof(m->h1))
		return false;
	memcpy(m->h1, h1, strlen(h1) + 1);
	if (!parse_proof(m, value_of(next_line(rest), "proof")))
		return false;
	count = value_of(next_line(rest), "files");
	return count != NULL && parse_u64(count, n_files) && *n_files <= MAX_FILES;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
parse_file(struct gv_unpack_file *f, char *line)
{
	char *mode, *size, *path;

	if (line == NULL || strlen(line) < HEX_SHA_BYTES || line[HEX_SHA_BYTES] != ' ')
		return false;
	for (size_t i = 0; i < GV_SHA256_LEN; i++) {
		int hi = hex_digit(line[2 * i]), lo = hex_digit(line[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		f->sha256[i] = (uint8_t)(hi << 4 | lo);
	}
	mode = line + HEX_SHA_BYTES + 1;
	size = strchr(mode, ' ');
	if (size == NULL)
		return false;
	*size++ = '\0';
	path = strchr(size, ' ');
	if (path == NULL || path[1] == '\0')
		return false;
	*path++ = '\0';
	if (strcmp(mode, "444") != 0 && strcmp(mode, "555") != 0)
		return false;
	f->mode = mode[0] == '4' ? 0444 : 0555;
	if (!parse_u64(size, &f->size))
		return false;
	f->path = gv_xstrdup(path);
	return true;
}

int
gv_manifest_read(struct gv_manifest *m, const char *dir, const char *name, bool files, struct gv_err *err)
{
	gv_autofree char *path = gv_path_join(dir, name);
	gv_autofree char *text = NULL;
	struct gv_manifest got = { 0 };
	const char *format;
	uint64_t n = 0;
	size_t len = 0;
	char *rest;

	if (gv_fs_read(AT_FDCWD, path, MAX_BYTES, &text, &len, err) < 0)
		return -1;
	rest = text;
	format = value_of(next_line(&rest), "gover-manifest");
	if (format == NULL)
		return gv_err_set(err, GV_EFORMAT, "'%s' is not a manifest of gover", path);
	if (strcmp(format, "1") != 0) {
		gv_err_set(err, GV_EFORMAT, "'%s' has format %s, and this gover knows only %d", path, format, FORMAT);
		return gv_err_help(err, "use the gover that wrote it, or a newer one");
	}
	if (!parse_head(&got, &rest, &n))
		goto malformed;
	if (files) {
		got.files = gv_xcalloc((size_t)n, sizeof(*got.files));
		for (; got.n_files < n; got.n_files++)
			if (!parse_file(&got.files[got.n_files], next_line(&rest)))
				goto malformed;
		if (*rest != '\0')
			goto malformed;
	}
	*m = got;
	return 0;
malformed:
	gv_manifest_free(&got);
	return gv_err_set(err, GV_EFORMAT, "the manifest '%s' is malformed", path);
}
