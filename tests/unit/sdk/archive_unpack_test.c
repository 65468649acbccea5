/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <zlib.h>

#include "tests/tap.h"
#include "tests/unit/sdk/unpack.h"
#include "util/str.h"

/* zips.tsv: file, h1, verdict, why. */
static void
test_vectors(void)
{
	size_t len = 0;
	gv_autofree char *table = load("data/sumdb/zips.tsv", &len);
	char *line, *rest = table;

	while ((line = strsep(&rest, "\n")) != NULL && *line != '\0') {
		const char *file = strsep(&line, "\t"), *h1 = strsep(&line, "\t"), *verdict = strsep(&line, "\t");
		size_t n = 0;
		gv_autofree char *path = gv_xasprintf("data/sumdb/%s", file);
		gv_autofree char *data = load(path, &n);

		for (size_t step = 1; step <= n; step = step == 1 ? n : n + 1) {
			struct run r = unpack(GV_ARCHIVE_ZIP, data, n, step, SIZE_MAX, false);

			if (strcmp(verdict, "reject") == 0)
				ok(r.rc < 0 && r.err.code == GV_EPROOF, "%s is refused: %s (%s)", file, line,
				   r.err.msg);
			else if (strcmp(verdict, "ok") == 0)
				ok(r.rc == 0 && strcmp(r.out.h1, h1) == 0, "%s is accepted with its h1: %s%s", file,
				   line, r.err.msg);
			else
				ok(r.rc < 0 || strcmp(r.out.h1, h1) == 0, "%s is refused, or accepted with its h1",
				   file);
			done(&r);
		}
	}
	ok(access("gover-escape", F_OK) < 0 && access("../gover-escape", F_OK) < 0 &&
	       access("/tmp/gover-escape", F_OK) < 0,
	   "nothing escaped");
}

static void
test_zip_whole(void)
{
	size_t len = 0, bad = 0;
	gv_autofree char *data = load("data/sumdb/zips/good.zip", &len);
	gv_autofree char *longer = gv_xcalloc(len + 1, 1);
	struct run r;

	memcpy(longer, data, len);
	r = unpack(GV_ARCHIVE_ZIP, longer, len + 1, len, SIZE_MAX, false);
	ok(r.rc < 0 && r.err.code == GV_EPROOF, "a byte after the end is refused: %s", r.err.msg);
	done(&r);
	for (size_t n = 0; n < len; n++) {
		r = unpack(GV_ARCHIVE_ZIP, data, n, 4096, SIZE_MAX, false);
		if (r.rc == 0 || r.err.code != GV_EPROOF)
			bad++;
		done(&r);
	}
	ok(bad == 0, "a zip cut after any of its %zu bytes is refused", len);
	r = unpack(GV_ARCHIVE_ZIP, data, len, 100, len / 2, false);
	ok(r.rc < 0 && r.err.code == GV_ENET && strcmp(r.err.msg, "connection lost") == 0,
	   "the source's own failure is reported: %s", r.err.msg);
	done(&r);
}

static void
test_zip_bits(void)
{
	size_t len = 0, taken = 0;
	gv_autofree char *data = load("data/sumdb/zips/good.zip", &len);
	struct run good = unpack(GV_ARCHIVE_ZIP, data, len, len, SIZE_MAX, false);

	for (size_t i = 0; i < len; i++) {
		struct run r;

		data[i] ^= 0x10;
		r = unpack(GV_ARCHIVE_ZIP, data, len, 4096, SIZE_MAX, false);
		data[i] ^= 0x10;
		taken += r.rc == 0 && strcmp(r.out.h1, good.out.h1) != 0;
		done(&r);
	}
	ok(good.rc == 0 && taken == 0, "with any byte changed a zip is refused or has the same files");
	done(&good);
}

static void
test_zip_files(void)
{
	size_t len = 0;
	gv_autofree char *data = load("data/sumdb/zips/good.zip", &len);
	struct run r = unpack(GV_ARCHIVE_ZIP, data, len, len, SIZE_MAX, false);

	ok(r.rc == 0 && r.out.n == 6 && r.out.bytes == 116 && r.out.archive_bytes == len && r.out.sha256[0] == '\0',
	   "files and bytes are counted");
	ok(mode_of(&r, "src/go.mod") != 0 && mode_of(&r, "src/_go.mod") == 0, "_go.mod is written as go.mod");
	ok(r.rc == 0 && strcmp(r.out.files[0].path, "VERSION") == 0 && strcmp(r.out.files[5].path, "src/go.mod") == 0 &&
	       r.out.files[1].mode == 0555 && r.out.files[1].size == 57,
	   "the list is sorted and has modes and sizes");
	done(&r);
	data[len / 8] ^= 1;
	r = unpack(GV_ARCHIVE_ZIP, data, len, len, SIZE_MAX, false);
	ok(r.rc < 0 && r.err.help[0] != '\0', "a damaged zip says what to do: %s", r.err.msg);
	done(&r);
}

static void
test_modes(void)
{
	static const mode_t masks[] = { 022, 000, 077, 0333 };
	size_t len = 0;
	gv_autofree char *data = load("data/sumdb/zips/good.zip", &len);

	for (size_t i = 0; i < GV_ARRAY_LEN(masks); i++) {
		mode_t before = umask(masks[i]);
		struct run r = unpack(GV_ARCHIVE_ZIP, data, len, len, SIZE_MAX, false);

		umask(before);
		ok(r.rc == 0 && mode_of(&r, "bin/go") == (S_IFREG | 0555) &&
		       mode_of(&r, "VERSION") == (S_IFREG | 0444) && mode_of(&r, "src/go.mod") == (S_IFREG | 0444) &&
		       mode_of(&r, "pkg/tool/linux_amd64") == (S_IFDIR | 0755),
		   "modes are those of the rule under umask %03o %s", (unsigned)masks[i], r.err.msg);
		done(&r);
	}
}

/* A tar entry: one ustar header and its content, which is the name itself. */
static void
tar_add(struct gv_str *tar, const char *name, char type, const char *link)
{
	char block[512] = "";
	unsigned sum = 0;
	size_t size = type == '0' ? strlen(name) : 0;

	memcpy(block, name, strlen(name));
	memcpy(block + 100, "0006777", 7);
	memcpy(block + 108, "0000000", 7);
	memcpy(block + 116, "0000000", 7);
	snprintf(block + 124, 12, "%011o", (unsigned)size);
	memcpy(block + 136, "14000000000", 11);
	memset(block + 148, ' ', 8);
	block[156] = type;
	memcpy(block + 157, link, strlen(link));
	memcpy(block + 257, "ustar\00000", 8);
	for (size_t i = 0; i < sizeof(block); i++)
		sum += (unsigned char)block[i];
	snprintf(block + 148, 8, "%06o", sum);
	gv_str_addn(tar, block, sizeof(block));
	memset(block, 0, sizeof(block));
	memcpy(block, name, size);
	if (size > 0)
		gv_str_addn(tar, block, sizeof(block));
}

static char *
gzip(struct gv_str *tar, size_t *len)
{
	static const char end[1024];
	z_stream z = { 0 };
	uLong bound;
	char *out;

	gv_str_addn(tar, end, sizeof(end));
	bound = compressBound(tar->len) + 64;
	out = gv_xmalloc(bound);
	tap_need(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK, "zlib");
	z.next_in = (Bytef *)tar->buf;
	z.avail_in = (uInt)tar->len;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)bound;
	tap_need(deflate(&z, Z_FINISH) == Z_STREAM_END, "a packed tar");
	*len = z.total_out;
	deflateEnd(&z);
	return out;
}

static void
test_tar_hostile(void)
{
	static const struct {
		const char *name;
		char type;
		const char *link, *what;
		bool good;
	} cases[] = {
		{ "go/src/x.go", '0', "", "a file", true },
		{ "go/src/", '5', "", "a directory", true },
		{ "go/src/\xc3\x9e.go", '0', "", "a name that is not ASCII", true },
		{ "go/src/x", '2', "/etc/passwd", "a symbolic link", false },
		{ "go/src/x", '1', "go/VERSION", "a hard link", false },
		{ "go/src/x", '3', "", "a character device", false },
		{ "go/src/x", '4', "", "a block device", false },
		{ "go/src/x", '6', "", "a FIFO", false },
		{ "go/../x", '0', "", "a name with ..", false },
		{ "go/src/../../../x/", '5', "", "a directory with ..", false },
		{ "/go/x", '0', "", "an absolute name", false },
		{ "gone/x", '0', "", "another top directory", false },
		{ "go/VERSION", '0', "", "the same file twice", false },
		{ "go/version", '0', "", "the same file in another case", false },
		{ "go/VERSION/x", '0', "", "a file below a file", false },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autostr struct gv_str tar = GV_STR_INIT(1u << 20);
		gv_autofree char *gz = NULL;
		size_t len = 0;
		struct run r;

		tar_add(&tar, "go/VERSION", '0', "");
		tar_add(&tar, cases[i].name, cases[i].type, cases[i].link);
		gz = gzip(&tar, &len);
		r = unpack(GV_ARCHIVE_TAR_GZ, gz, len, len, SIZE_MAX, true);
		ok(cases[i].good ? r.rc == 0 : r.rc < 0 && r.err.code == GV_EPROOF, "tar with %s: %s%s", cases[i].what,
		   cases[i].good ? "accepted" : "refused: ", r.err.msg);
		done(&r);
	}
}

static void
test_tar(void)
{
	gv_autostr struct gv_str tar = GV_STR_INIT(1u << 20);
	gv_autofree char *gz = NULL;
	char sum[GV_SHA256_HEX], h1[GV_H1_MAX];
	uint8_t raw[GV_SHA256_LEN];
	size_t len = 0;
	struct stat st;
	struct run r;

	tar_add(&tar, "go/", '5', "");
	tar_add(&tar, "go/VERSION", '0', "");
	tar_add(&tar, "go/src/go.mod", '0', "");
	tar_add(&tar, "go/bin/go", '0', "");
	tar_add(&tar, "go/test/run.go", '0', "");
	tar_add(&tar, "go/api/go1.txt", '0', "");
	gz = gzip(&tar, &len);
	r = unpack(GV_ARCHIVE_TAR_GZ, gz, len, 7, SIZE_MAX, false);
	gv_sha256_of(gz, len, raw);
	gv_hex(sum, raw, sizeof(raw));
	ok(r.rc == 0 && strcmp(r.out.sha256, sum) == 0, "the archive's own SHA-256 %s", r.err.msg);
	ok(r.out.n == 3 && mode_of(&r, "test") == 0, "files outside the log's hash are left out");
	ok(fstatat(r.fd, "bin/go", &st, 0) == 0 && st.st_mtime == 014000000000, "files keep the release's time");
	memcpy(h1, r.out.h1, sizeof(h1));
	done(&r);
	r = unpack(GV_ARCHIVE_TAR_GZ, gz, len, len, SIZE_MAX, true);
	ok(r.rc == 0 && r.out.n == 5 && mode_of(&r, "test/run.go") == (S_IFREG | 0444),
	   "they are unpacked when asked for");
	ok(strcmp(r.out.h1, h1) == 0, "with the same h1");
	done(&r);
	gz[len / 2] ^= 4;
	r = unpack(GV_ARCHIVE_TAR_GZ, gz, len, len, SIZE_MAX, true);
	ok(r.rc < 0 ? r.err.code == GV_EPROOF : strcmp(r.out.sha256, sum) != 0, "a changed byte is noticed");
	done(&r);
}

/* The gzip file around the tar, up to its last byte. */
static void
test_tar_whole(void)
{
	static const char more[1 << 20];
	gv_autostr struct gv_str tar = GV_STR_INIT(1u << 20), filler = GV_STR_INIT(2u << 20);
	gv_autostr struct gv_str bomb = GV_STR_INIT(4u << 20);
	gv_autofree char *gz = NULL, *zeros = NULL;
	size_t len = 0, zeros_len = 0, bad = 0;
	struct run r;

	tar_add(&tar, "go/VERSION", '0', "");
	tar_add(&tar, "go/bin/go", '0', "");
	gz = gzip(&tar, &len);
	r = unpack(GV_ARCHIVE_TAR_GZ, gz, len, 1, SIZE_MAX, true);
	ok(r.rc == 0 && r.out.n == 2, "a tar.gz byte by byte %s", r.err.msg);
	done(&r);
	for (size_t n = 0; n < len; n++) {
		r = unpack(GV_ARCHIVE_TAR_GZ, gz, n, 64, SIZE_MAX, true);
		bad += r.rc == 0 || r.err.code != GV_EPROOF;
		if (n + 1 < len)
			done(&r);
	}
	ok(bad == 0, "a tar.gz cut after any of its %zu bytes is refused: %s", len, r.err.msg);
	done(&r);
	gz[len - 5] ^= 1;
	r = unpack(GV_ARCHIVE_TAR_GZ, gz, len, len, SIZE_MAX, true);
	ok(r.rc < 0 && r.err.code == GV_EPROOF, "a wrong CRC is refused: %s", r.err.msg);
	done(&r);
	gz[len - 5] ^= 1;
	gv_str_addn(&filler, more, sizeof(more));
	zeros = gzip(&filler, &zeros_len);
	gv_str_addn(&bomb, gz, len);
	for (size_t i = 0; i < 1024; i++)
		gv_str_addn(&bomb, zeros, zeros_len);
	r = unpack(GV_ARCHIVE_TAR_GZ, bomb.buf, bomb.len, 65536, SIZE_MAX, true);
	ok(r.rc < 0 && strstr(r.err.msg, "more than 1024 MiB") != NULL, "a GiB after the tar's end is refused: %s",
	   r.err.msg);
	done(&r);
}

/* The download site's zip for Windows has directories, files called go.mod, and folders that the module lacks. */
static void
test_official_zip(void)
{
	size_t len = 0;
	gv_autofree char *data = load("fuzz/corpus/zip/windows.zip", &len);
	char h1[GV_H1_MAX];
	struct run r;

	r = unpack_as("go/", GV_ARCHIVE_ZIP, data, len, 100, SIZE_MAX, false);
	ok(r.rc == 0 && r.out.n == 2 && mode_of(&r, "bin/go.exe") == (S_IFREG | 0555) &&
	       mode_of(&r, "src/go.mod") != 0 && mode_of(&r, "test") == 0 && strlen(r.out.sha256) == 64,
	   "an official zip %s", r.err.msg);
	memcpy(h1, r.out.h1, sizeof(h1));
	done(&r);
	r = unpack_as("go/", GV_ARCHIVE_ZIP, data, len, len, SIZE_MAX, true);
	ok(r.rc == 0 && r.out.n == 3 && mode_of(&r, "test/x.go") != 0 && strcmp(r.out.h1, h1) == 0,
	   "with its other folders");
	done(&r);
	r = unpack(GV_ARCHIVE_ZIP, data, len, len, SIZE_MAX, false);
	ok(r.rc < 0 && r.err.code == GV_EPROOF, "it is not a module zip: %s", r.err.msg);
	done(&r);
}

static void
test_disk(void)
{
	size_t len = 0;
	gv_autofree char *data = load("data/sumdb/zips/good.zip", &len);
	struct mem_source m = {
		.src = { .read = mem_read }, .data = data, .len = len, .step = 64, .fail_at = SIZE_MAX
	};
	struct gv_unpack_in in = { .src = &m.src, .kind = GV_ARCHIVE_ZIP, .prefix = MODULE, .module_prefix = MODULE };
	struct gv_unpack_out out = { 0 };
	struct gv_err err = GV_ERR_INIT;
	gv_autofd int fd = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	in.dest_fd = fd;
	ok(gv_unpack(&in, &out, &err) < 0 && err.code == GV_EIO, "when nothing can be written, it is an I/O error: %s",
	   err.msg);
}

int
main(void)
{
	test_vectors();
	test_zip_files();
	test_modes();
	test_zip_whole();
	test_zip_bits();
	test_tar();
	test_tar_hostile();
	test_tar_whole();
	test_official_zip();
	test_disk();
	return tap_done();
}
