/* SPDX-License-Identifier: MIT */
/* The zip reader's own checks. Each entry differs in one point from those that Go writes. */
#include <config.h>

#include <zlib.h>

#include "tests/tap.h"
#include "tests/unit/sdk/unpack.h"
#include "util/str.h"

#define CONTENT "package fmt // package fmt // package fmt\n"

/* How sizes and CRC follow the data of an entry. */
enum descriptor { NONE, PLAIN, SIGNED, WIDE };

struct entry {
	const char *name; /* below the prefix; NULL: src/fmt/print.go */
	size_t name_len;  /* 0: the length of the whole name */
	const char *content;
	unsigned flags, method;
	enum descriptor descriptor;
	const char *extra;
	size_t extra_len;
	/* Added to the correct values, in the entry itself and in the directory. */
	uint32_t crc, packed, unpacked, dir_crc, dir_packed, dir_unpacked, dir_offset;
	bool filled; /* with a descriptor: the header has the sizes too */
	uint32_t filled_more;
	unsigned more; /* bytes between the data and what follows */
};

static void
put(struct gv_str *s, unsigned bytes, uint64_t v)
{
	for (unsigned i = 0; i < bytes; i++)
		gv_str_addc(s, (char)(v >> 8 * i & 255));
}

static void
put_sizes(struct gv_str *s, uint64_t crc, uint64_t packed, uint64_t unpacked)
{
	put(s, 4, crc & 0xffffffffu);
	put(s, 4, packed & 0xffffffffu);
	put(s, 4, unpacked & 0xffffffffu);
}

static size_t
pack(const struct entry *e, const char *content, size_t len, char *out, size_t room)
{
	z_stream z = { .next_in = (Bytef *)content, .avail_in = (uInt)len, .next_out = (Bytef *)out };

	if (e->method != 8) {
		memcpy(out, content, len);
		return len;
	}
	z.avail_out = (uInt)room;
	tap_need(deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK &&
		     deflate(&z, Z_FINISH) == Z_STREAM_END,
		 "zlib packs");
	deflateEnd(&z);
	return z.total_out;
}

/* Append an entry to `zip`, and its header to `dir`. */
static void
add(struct gv_str *zip, struct gv_str *dir, const struct entry *e)
{
	const char *content = e->content != NULL ? e->content : CONTENT;
	gv_autofree char *name = gv_xasprintf(MODULE "%s", e->name != NULL ? e->name : "src/fmt/print.go");
	size_t offset = zip->len, len = strlen(content), packed;
	size_t name_len = e->name_len != 0 ? e->name_len : strlen(name);
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)content, (uInt)len);
	bool later = e->descriptor != NONE;
	char data[512];

	packed = pack(e, content, len, data, sizeof(data));
	put(zip, 4, 0x04034b50);
	put(zip, 2, 20);
	put(zip, 2, e->flags | (later ? 8u : 0));
	put(zip, 2, e->method);
	put(zip, 4, 0x58a19e37); /* 2024-05-01 19:49:46 */
	if (later && !e->filled)
		put_sizes(zip, 0, 0, 0);
	else
		put_sizes(zip, crc + e->crc, packed + e->packed, len + e->unpacked + e->filled_more);
	put(zip, 2, name_len);
	put(zip, 2, e->extra_len);
	gv_str_addn(zip, name, name_len);
	gv_str_addn(zip, e->extra, e->extra_len);
	gv_str_addn(zip, data, packed);
	put(zip, e->more, 0);
	if (e->descriptor == SIGNED || e->descriptor == WIDE)
		put(zip, 4, 0x08074b50);
	if (e->descriptor == PLAIN || e->descriptor == SIGNED)
		put_sizes(zip, crc + e->crc, packed + e->packed, len + e->unpacked);
	if (e->descriptor == WIDE) {
		put(zip, 4, crc);
		put(zip, 8, packed);
		put(zip, 8, len);
	}
	put(dir, 4, 0x02014b50);
	put(dir, 4, 20u << 16 | 20);
	put(dir, 2, e->flags | (later ? 8u : 0));
	put(dir, 2, e->method);
	put(dir, 4, 0x58a19e37);
	put_sizes(dir, crc + e->dir_crc, packed + e->dir_packed, len + e->dir_unpacked);
	put(dir, 2, name_len);
	put(dir, 8, 0);
	put(dir, 4, 0);
	put(dir, 4, offset + e->dir_offset);
	gv_str_addn(dir, name, name_len);
}

static void
build(struct gv_str *zip, const struct entry *entries, size_t n)
{
	gv_autostr struct gv_str dir = GV_STR_INIT(1u << 20);
	size_t offset;

	for (size_t i = 0; i < n; i++)
		add(zip, &dir, &entries[i]);
	offset = zip->len;
	gv_str_addn(zip, dir.buf, dir.len);
	put(zip, 4, 0x06054b50);
	put(zip, 4, 0);
	put(zip, 2, n);
	put(zip, 2, n);
	put(zip, 4, dir.len);
	put(zip, 4, offset);
	put(zip, 2, 0);
}

static const struct {
	const char *what;
	struct entry e;
	const char *refusal; /* NULL: accepted */
} cases[] = {
	{ "deflated, sizes after a signature", { .method = 8, .descriptor = SIGNED }, NULL },
	{ "deflated, sizes without a signature", { .method = 8, .descriptor = PLAIN }, NULL },
	{ "deflated, sizes in the header", { .method = 8 }, NULL },
	{ "deflated, sizes in both", { .method = 8, .descriptor = SIGNED, .filled = true }, NULL },
	{ "stored", { .method = 0 }, NULL },
	{ "stored and empty", { .method = 0, .content = "" }, NULL },
	{ "deflated and empty", { .method = 8, .content = "", .descriptor = SIGNED }, NULL },
	{ "a name marked as UTF-8", { .name = "src/\xc3\x9e.go", .flags = 0x800 }, NULL },
	{ "a name in UTF-8, not marked", { .name = "src/\xc3\x9e.go" }, NULL },
	{ "a level of compression", { .method = 8, .flags = 6 }, NULL },
	{ "extra fields", { .extra = "\x99\x99\x02\x00zzUT\x05\x00\x01\x00\x00\x00\x40", .extra_len = 15 }, NULL },
	{ "an extra field that is cut short", { .extra = "UT\x05\x00\x01", .extra_len = 5 }, NULL },
	{ "a name in Latin-1", { .name = "src/\xde.go" }, "bytes that are not UTF-8" },
	{ "a NUL in the name", { .name_len = sizeof(MODULE) + 16 }, "has a NUL in its name" },
	{ "an empty element", { .name = "src//x.go" }, "an empty path element" },
	{ "a directory", { .name = "src/", .content = "" }, "is not a regular file" },
	{ "encryption", { .method = 8, .flags = 1 }, "is encrypted" },
	{ "strong encryption", { .method = 8, .flags = 0x40 }, "has unknown flags: 0x40" },
	{ "a masked header", { .method = 8, .flags = 0x2000 }, "has unknown flags: 0x2000" },
	{ "bzip2", { .method = 12 }, "is compressed by an unknown method: 12" },
	{ "Deflate64", { .method = 9 }, "is compressed by an unknown method: 9" },
	{ "stored, sizes after the data",
	  { .method = 0, .descriptor = SIGNED },
	  "is stored, but its header has no size" },
	{ "zip64 sizes after the data", { .method = 8, .descriptor = WIDE }, "where it says" },
	{ "a zip64 field", { .method = 8, .extra = "\x01\x00\x00\x00", .extra_len = 4 }, "needs zip64" },
	{ "a size in a zip64 field", { .method = 0, .unpacked = 0xffffffffu - 42 }, "needs zip64" },
	{ "a size beyond the limit", { .method = 0, .unpacked = 600u << 20 }, "more than 500 MiB" },
	{ "more than its header says", { .method = 8, .unpacked = -1u }, "unpacks to 42 bytes where it says 41" },
	{ "less than its header says", { .method = 8, .unpacked = 1 }, "unpacks to 42 bytes where it says 43" },
	{ "fewer packed bytes", { .method = 8, .packed = 1 }, "where it says" },
	{ "more packed bytes", { .method = 8, .packed = -1u }, "where it says" },
	{ "stored, packed and unpacked differ", { .method = 0, .packed = -1u }, "where it says" },
	{ "another size after the data", { .method = 8, .descriptor = PLAIN, .unpacked = 1 }, "where it says 43" },
	{ "two sizes",
	  { .method = 8, .descriptor = SIGNED, .filled = true, .filled_more = 1 },
	  "has two different sizes" },
	{ "a wrong CRC", { .method = 8, .crc = 1, .dir_crc = 1 }, "CRC" },
	{ "a wrong CRC in its header", { .method = 8, .crc = 1 }, "CRC" },
	{ "a wrong CRC after the data", { .method = 8, .descriptor = SIGNED, .crc = 1 }, "CRC" },
	{ "a wrong CRC in the directory", { .method = 8, .dir_crc = 1 }, "CRC" },
	{ "a wrong size in the directory", { .method = 8, .dir_unpacked = 1 }, "size" },
	{ "a wrong packed size in the directory", { .method = 8, .dir_packed = -1u }, "size" },
	{ "another offset in the directory", { .method = 8, .dir_offset = -1u }, "offset" },
	{ "a gap after the data", { .method = 8, .more = 1 }, "the zip's directory is cut" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct entry entries[] = { { .name = "VERSION", .method = 8, .descriptor = SIGNED }, cases[i].e };
		gv_autostr struct gv_str zip = GV_STR_INIT(1u << 20);
		size_t bad = 0;
		struct run r;

		build(&zip, entries, 2);
		for (size_t step = 1; step <= 64; step *= 4) {
			r = unpack(GV_ARCHIVE_ZIP, zip.buf, zip.len, step, SIZE_MAX, false);
			bad += cases[i].refusal == NULL ? r.rc < 0 || r.out.n != 2
							: r.rc == 0 || r.err.code != GV_EPROOF ||
							      strstr(r.err.msg, cases[i].refusal) == NULL;
			if (step < 64)
				done(&r);
		}
		ok(bad == 0, "%s: %s%s", cases[i].what, r.rc == 0 ? "accepted" : "refused: ", r.err.msg);
		done(&r);
	}
}

/* The same in an official archive. */
static void
test_directories(void)
{
	static const struct entry good[] = { { .name = "src/", .content = "" },
					     { .name = "src/go/", .content = "", .method = 8, .descriptor = SIGNED },
					     { .name = "src/go/x.go", .method = 8 } };
	static const struct entry full[] = { { .name = "src/" }, { .name = "src/x.go", .method = 8 } };
	gv_autostr struct gv_str zip = GV_STR_INIT(1u << 20), bad = GV_STR_INIT(1u << 20);
	struct run r;

	build(&zip, good, 3);
	build(&bad, full, 2);
	r = unpack_as("golang.org/", GV_ARCHIVE_ZIP, zip.buf, zip.len, 7, SIZE_MAX, true);
	ok(r.rc == 0 && r.out.n == 1, "directories are accepted, but not unpacked %s", r.err.msg);
	done(&r);
	r = unpack_as("golang.org/", GV_ARCHIVE_ZIP, bad.buf, bad.len, 7, SIZE_MAX, true);
	ok(r.rc < 0 && strstr(r.err.msg, "is a directory with content") != NULL, "but not one with content: %s",
	   r.err.msg);
	done(&r);
}

static void
test_times(void)
{
	static const struct entry entries[] = {
		{ .name = "dos", .method = 0 },
		{ .name = "unix", .method = 0, .extra = "UT\x05\x00\x01\x00\x00\x00\x40", .extra_len = 9 },
	};
	gv_autostr struct gv_str zip = GV_STR_INIT(1u << 20);
	struct stat dos = { 0 }, unix_ = { 0 };
	bool there;
	struct run r;

	tap_need(setenv("TZ", "Asia/Tokyo", 1) == 0, "another zone");
	build(&zip, entries, 2);
	r = unpack(GV_ARCHIVE_ZIP, zip.buf, zip.len, zip.len, SIZE_MAX, false);
	there = r.rc == 0 && fstatat(r.fd, "dos", &dos, 0) == 0 && fstatat(r.fd, "unix", &unix_, 0) == 0;
	ok(there && dos.st_mtime == 1714592986, "an MS-DOS time is read as UTC in any zone: %lld",
	   (long long)dos.st_mtime);
	ok(there && unix_.st_mtime == 0x40000000, "a time in an extra field is preferred: %lld",
	   (long long)unix_.st_mtime);
	done(&r);
}

/* Entries larger than one batch. */
static void
test_large(void)
{
	enum { LEN = 3 << 20 };
	gv_autofree char *content = gv_xmalloc(LEN + 1);
	gv_autostr struct gv_str zip = GV_STR_INIT(8u << 20), dir = GV_STR_INIT(1u << 20);
	uint32_t x = 1;
	struct run r;

	for (size_t i = 0; i < LEN; i++) {
		x = x * 1664525 + 1013904223;
		content[i] = (char)('a' + (x >> 24) % 26);
	}
	content[LEN] = '\0';
	put(&zip, 4, 0x04034b50);
	put(&zip, 2, 20);
	put(&zip, 8, 0);
	put_sizes(&zip, crc32(0, (const Bytef *)content, LEN), LEN, LEN);
	put(&zip, 4, sizeof(MODULE) - 1 + 5);
	gv_str_add(&zip, MODULE "large");
	gv_str_addn(&zip, content, LEN);
	put(&dir, 4, 0x02014b50);
	put(&dir, 4, 20u << 16 | 20);
	put(&dir, 8, 0);
	put_sizes(&dir, crc32(0, (const Bytef *)content, LEN), LEN, LEN);
	put(&dir, 2, sizeof(MODULE) - 1 + 5);
	put(&dir, 8, 0);
	put(&dir, 8, 0);
	gv_str_add(&dir, MODULE "large");
	put(&dir, 4, 0x06054b50);
	put(&dir, 4, 0);
	put(&dir, 4, 0x10001);
	put(&dir, 4, dir.len - 12);
	put(&dir, 4, zip.len);
	put(&dir, 2, 0);
	gv_str_addn(&zip, dir.buf, dir.len);
	r = unpack(GV_ARCHIVE_ZIP, zip.buf, zip.len, 1000, SIZE_MAX, false);
	ok(r.rc == 0 && r.out.n == 1 && r.out.bytes == LEN, "a stored file of 3 MiB %s", r.err.msg);
	done(&r);
	r = unpack(GV_ARCHIVE_ZIP, zip.buf, 1u << 20, 1000, SIZE_MAX, false);
	ok(r.rc < 0 && strstr(r.err.msg, "it ends in the content of") != NULL, "cut in the middle: %s", r.err.msg);
	done(&r);
}

/* Half a MiB that unpacks to 501 MiB, in a file outside the SDK. It is unpacked to find its end, so it counts. */
static void
test_bomb(void)
{
	enum { MIB = 1 << 20, TIMES = 501 };
	static const char name[] = "golang.org/test/big";
	gv_autofree char *zeros = gv_xcalloc(1, MIB), *block = gv_xmalloc(8192);
	gv_autostr struct gv_str zip = GV_STR_INIT(2u << 20);
	z_stream z = { .next_in = (Bytef *)zeros, .avail_in = MIB, .next_out = (Bytef *)block, .avail_out = 8192 };
	struct run r;

	tap_need(deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK &&
		     deflate(&z, Z_FULL_FLUSH) == Z_OK && z.avail_out > 0,
		 "zlib packs");
	put(&zip, 4, 0x04034b50);
	put(&zip, 2, 20);
	put(&zip, 2, 8);
	put(&zip, 2, 8);
	put(&zip, 4, 0);
	put_sizes(&zip, 0, 0, 0);
	put(&zip, 4, sizeof(name) - 1);
	gv_str_addn(&zip, name, sizeof(name) - 1);
	for (size_t i = 0; i < TIMES; i++)
		gv_str_addn(&zip, block, z.total_out);
	deflateEnd(&z);
	r = unpack_as("golang.org/", GV_ARCHIVE_ZIP, zip.buf, zip.len, 65536, SIZE_MAX, false);
	ok(r.rc < 0 && strstr(r.err.msg, "more than 500 MiB") != NULL, "%zu bytes that become 501 MiB: %s", zip.len,
	   r.err.msg);
	done(&r);
}

int
main(void)
{
	test_cases();
	test_directories();
	test_times();
	test_large();
	test_bomb();
	return tap_done();
}
