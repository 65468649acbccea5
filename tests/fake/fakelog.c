/* SPDX-License-Identifier: MIT */
/*
 * fakelog KEYNAME SEED OUTDIR RECORDS [--size N] [--fork]
 *
 * Write a whole checksum database as plain files, for any static file server: supported, latest, lookup/... and
 * tile/8/... below OUTDIR. Served at URL it is GOSUMDB="KEY URL", at PROXY/sumdb/KEYNAME it is what a proxy offers. The
 * verifier key, which is printed, belongs to the Ed25519 seed SHA-256(SEED); no secret of anybody's is involved.
 *
 * RECORDS has lines "MODULE VERSION H1"; each becomes a record with its go.mod line, in that order from number 0.
 * Filler records follow up to N (600 when not given), so a larger N with the same RECORDS is the same log, grown; run
 * again into the same OUTDIR the old partial tiles stay, as in a real log. Other RECORDS, or --fork (other fillers),
 * are another history under the same key.
 */
#include <config.h>

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake/log.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"
#include "verify/dirhash.h"
#include "verify/record.h"
#include "verify/wire.h"

struct fake {
	const char *name, *out_dir;
	uint8_t public_key[33]; /* the algorithm's number, then the key */
	uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
	uint8_t key_hash[4];
	struct log log;
};

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...)
{
	va_list ap;

	fputs("fakelog: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

static void
write_file(const struct fake *f, const char *path, const void *data, size_t len)
{
	gv_autofree char *file = gv_path_join(f->out_dir, path), *dir = gv_xstrdup(file);
	struct gv_err err = GV_ERR_INIT;
	FILE *out;

	gv_path_parent(dir);
	if (gv_fs_mkdir_p(dir, &err) < 0)
		die("%s", err.msg);
	out = fopen(file, "wb");
	if (out == NULL || fwrite(data, 1, len, out) != len || fclose(out) != 0)
		die("%s: %s", file, strerror(errno));
}

static void
make_key(struct fake *f, const char *name, const char *seed)
{
	struct gv_sha256 *s = gv_sha256_new();
	uint8_t sum[GV_SHA256_LEN];

	f->name = name;
	gv_sha256_of(seed, strlen(seed), sum);
	f->public_key[0] = 1;
	crypto_sign_seed_keypair(f->public_key + 1, f->secret_key, sum);
	gv_sha256_update(s, name, strlen(name));
	gv_sha256_update(s, "\n", 1);
	gv_sha256_update(s, f->public_key, sizeof(f->public_key));
	gv_sha256_final(s, sum);
	memcpy(f->key_hash, sum, sizeof(f->key_hash));
	gv_sha256_free(s);
}

static void
print_key(const struct fake *f)
{
	char hex[9], base64[64];

	gv_hex(hex, f->key_hash, sizeof(f->key_hash));
	sodium_bin2base64(base64, sizeof(base64), f->public_key, sizeof(f->public_key), sodium_base64_VARIANT_ORIGINAL);
	printf("%s+%s+%s\n", f->name, hex, base64);
}

/* The signed head of the log. */
static void
add_note(const struct fake *f, struct gv_str *out)
{
	uint8_t sig[4 + crypto_sign_BYTES];
	char root[GV_HASH_TEXT], base64[128];
	size_t start = out->len;
	log_hash hash;

	log_root(&f->log, f->log.n[0], hash);
	gv_wire_hash_text(root, hash);
	gv_str_addf(out, "go.sum database tree\n%llu\n%s\n", (unsigned long long)f->log.n[0], root);
	memcpy(sig, f->key_hash, 4);
	crypto_sign_detached(sig + 4, NULL, (const unsigned char *)out->buf + start, out->len - start, f->secret_key);
	sodium_bin2base64(base64, sizeof(base64), sig, sizeof(sig), sodium_base64_VARIANT_ORIGINAL);
	gv_str_addf(out, "\n\xe2\x80\x94 %s %s\n", f->name, base64);
}

static void
write_tiles(const struct fake *f)
{
	for (int level = 0; level < GV_TILE_LEVELS; level++) {
		struct gv_tile t = { .level = level };

		for (; (t.width = gv_tile_width(f->log.n[0], level, t.n)) > 0; t.n++) {
			char path[GV_TILE_PATH];

			gv_tile_path(path, &t);
			write_file(f, path, log_tile(&f->log, &t), (size_t)t.width * GV_SHA256_LEN);
		}
	}
}

struct entry {
	char *path; /* "lookup/..." */
	char *text;
};

/* The h1: of a go.mod that only names its module. */
static void
go_mod_h1(const char *module, char h1[GV_H1_MAX])
{
	gv_autofree char *text = gv_xasprintf("module %s\n", module);
	struct gv_dirhash *d = gv_dirhash_new();
	struct gv_err err = GV_ERR_INIT;
	uint8_t sum[GV_SHA256_LEN];

	gv_sha256_of(text, strlen(text), sum);
	gv_dirhash_add(d, "go.mod", sum);
	if (gv_dirhash_finish(d, h1, &err) < 0)
		die("%s", err.msg);
	gv_dirhash_free(d);
}

static size_t
read_records(struct entry *entries, size_t max, const char *file)
{
	gv_autofile FILE *in = fopen(file, "r");
	char line[1024], module[512], version[256], h1[128], mod_h1[GV_H1_MAX];
	size_t n = 0;

	if (in == NULL)
		die("%s: %s", file, strerror(errno));
	while (fgets(line, sizeof(line), in) != NULL) {
		struct gv_err err = GV_ERR_INIT;

		if (n == max || sscanf(line, "%511s %255s %127s", module, version, h1) != 3)
			die("%s:%zu: want MODULE VERSION H1 (at most %zu lines)", file, n + 1, max);
		entries[n].path = gv_record_path(module, version, &err);
		if (entries[n].path == NULL)
			die("%s:%zu: %s", file, n + 1, err.msg);
		go_mod_h1(module, mod_h1);
		entries[n++].text =
		    gv_xasprintf("%s %s %s\n%s %s/go.mod %s\n", module, version, h1, module, version, mod_h1);
	}
	return n;
}

static void
add_filler(struct log *l, unsigned long i, bool fork)
{
	gv_autofree char *text = gv_xasprintf("filler.test/%s v0.0.%lu h1:%043d=\n", fork ? "other" : "module", i, 0);

	log_add(l, text, strlen(text));
}

int
main(int argc, char **argv)
{
	static struct entry entries[256];
	struct fake f = { 0 };
	unsigned long size = 600;
	gv_autostr struct gv_str note = GV_STR_INIT(4096);
	bool fork = false;
	size_t n;

	if (argc < 5)
		die("usage: fakelog KEYNAME SEED OUTDIR RECORDS [--size N] [--fork]");
	for (int i = 5; i < argc; i++) {
		if (strcmp(argv[i], "--fork") == 0)
			fork = true;
		else if (strcmp(argv[i], "--size") == 0 && i + 1 < argc)
			size = strtoul(argv[++i], NULL, 10);
		else
			die("what is '%s'?", argv[i]);
	}
	if (sodium_init() < 0)
		die("libsodium cannot start");
	make_key(&f, argv[1], argv[2]);
	f.out_dir = argv[3];
	n = read_records(entries, GV_ARRAY_LEN(entries), argv[4]);
	if (n > size || size > 10000000)
		die("a size of %lu does not fit %zu records", size, n);
	for (size_t i = 0; i < n; i++)
		log_add(&f.log, entries[i].text, strlen(entries[i].text));
	for (unsigned long i = n; i < size; i++)
		add_filler(&f.log, i, fork);
	write_tiles(&f);
	add_note(&f, &note);
	write_file(&f, "supported", "", 0);
	write_file(&f, "latest", note.buf, note.len);
	for (size_t i = 0; i < n; i++) {
		gv_autofree char *reply = gv_xasprintf("%zu\n%s\n%s", i, entries[i].text, note.buf);

		write_file(&f, entries[i].path, reply, strlen(reply));
		free(entries[i].path);
		free(entries[i].text);
	}
	print_key(&f);
	log_free(&f.log);
	return 0;
}
