/* SPDX-License-Identifier: MIT */
/* A tree elsewhere, as in GitHub's tool cache: adopted in place if its hash is the log's, else refused. */
#include <config.h>

#include "store/adopt.h"
#include "tests/unit/sdk/logserver.h"
#include "verify/dirhash.h"

#define NAME "go1.22.3"

static const struct tree_file {
	const char *path, *text;
	unsigned mode; /* in the manifest */
	bool logged;
} files[] = {
	{ "VERSION", "go1.22.3\n", 0444, true },
	{ "bin/go", "#!/bin/sh\n", 0555, true },
	{ "doc/README", "not in the module\n", 0444, false },
	{ "src/fmt/print.go", "package fmt\n", 0444, true },
	{ "src/go.mod", "module std\n", 0444, true },
};

static char *tree; /* the tool cache's directory */

static bool
is_at(const char *dir, const char *name)
{
	gv_autofree char *path = gv_path_join(dir, name);
	struct stat st;

	return lstat(path, &st) == 0;
}

static void
make_tree(void)
{
	struct gv_err err = GV_ERR_INIT;

	if (gv_fs_exists(tree) && gv_fs_remove_tree(AT_FDCWD, tree, &err) < 0)
		abort();
	for (size_t i = 0; i < GV_ARRAY_LEN(files); i++)
		put_file(tree, files[i].path, files[i].text, 0644);
}

/* Give the log a line for `files`. */
static bool
log_tree(struct bench *b)
{
	struct gv_dirhash *d = gv_dirhash_new();
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *record = NULL;
	char h1[GV_H1_MAX];
	int rc;

	for (size_t i = 0; i < GV_ARRAY_LEN(files); i++) {
		gv_autofree char *name = gv_dirhash_module_name(MODULE "@" MODVERSION "/", files[i].path);
		uint8_t sum[GV_SHA256_LEN];

		if ((name != NULL) != files[i].logged)
			abort();
		gv_sha256_of(files[i].text, strlen(files[i].text), sum);
		if (name != NULL)
			gv_dirhash_add(d, name, sum);
	}
	rc = gv_dirhash_finish(d, h1, &err);
	gv_dirhash_free(d);
	record = gv_xasprintf(MODULE " " MODVERSION " %s\n", h1);
	return rc == 0 && bench_log(b, record);
}

static int
adopt(struct bench *b, struct gv_manifest *m, struct gv_err *err)
{
	struct gv_download dl = { .kind = GV_ARCHIVE_TREE,
				  .url = tree,
				  .shown = tree,
				  .origin = "toolcache",
				  .module = (char[]){ MODULE },
				  .modversion = (char[]){ MODVERSION } };
	gv_autostr struct gv_str report = GV_STR_INIT(1 << 18);

	m->version = gv_xstrdup("1.22.3");
	m->platform = gv_xstrdup("linux-amd64");
	m->origin = gv_xstrdup(dl.origin);
	m->source = gv_xstrdup(dl.shown);
	return gv_adopt(b->store, NAME, &dl, m, &report, err);
}

static bool
is_listed(const struct gv_manifest *m)
{
	bool good = m->n_files == GV_ARRAY_LEN(files);

	for (size_t i = 0; good && i < m->n_files; i++)
		good = strcmp(m->files[i].path, files[i].path) == 0 && m->files[i].size == strlen(files[i].text) &&
		       m->files[i].mode == files[i].mode;
	return good;
}

static bool
is_empty(const char *dir)
{
	return rmdir(dir) == 0 && mkdir(dir, 0755) == 0;
}

/* Adopt where there is nothing, an installed SDK, or the adopted tree itself. */
static void
test_accepted(struct bench *b)
{
	static const char *const over[] = { "nothing", "an installed SDK", "itself" };
	gv_autofree char *sdk = gv_path_join(b->dirs.sdks, NAME), *file = NULL;

	make_tree();
	for (size_t i = 0; i < GV_ARRAY_LEN(over); i++) {
		struct gv_manifest m = { 0 }, back = { 0 };
		struct gv_err err = GV_ERR_INIT;
		char target[512] = "";

		if (i == 1 && unlink(sdk) == 0)
			put_file(sdk, "VERSION", "an older one", 0644);
		ok(adopt(b, &m, &err) == 0, "the log's tree is adopted over %s %s", over[i], err.msg);
		ok(readlink(sdk, target, sizeof(target) - 1) > 0 && strcmp(target, tree) == 0, "by a link");
		ok(gv_manifest_read(&back, b->dirs.manifests, NAME, true, &err) == 0 && back.proof == GV_PROOF_LOG &&
		       strcmp(back.witness, "sumdb.test") == 0 && strcmp(back.h1, m.h1) == 0 && is_listed(&back),
		   "with the log's proof and a line for each file %s", err.msg);
		ok(is_empty(b->dirs.staging) && !is_at(b->dirs.manifests, NAME GV_MANIFEST_NEW),
		   "and nothing is left over");
		gv_manifest_release(&m);
		gv_manifest_release(&back);
	}
	unlink(sdk);
	gv_path_parent(sdk);
	ok(is_empty(sdk), "nothing else is there");
	file = gv_path_join(b->dirs.manifests, NAME);
	unlink(file);
}

static void
change(void)
{
	put_file(tree, "src/fmt/print.go", "package fmT\n", 0644);
}

static void
add(void)
{
	put_file(tree, "src/fmt/more.go", "package fmt\n", 0644);
}

static void
take_away(void)
{
	gv_autofree char *file = gv_path_join(tree, "src/fmt/print.go");

	unlink(file);
}

static void
link_file(void)
{
	gv_autofree char *file = gv_path_join(tree, "src/fmt/print.go"), *other = gv_path_join(root, "print.go");

	unlink(file);
	put_file(root, "print.go", "package fmt\n", 0644);
	if (symlink(other, file) < 0)
		abort();
}

static void
link_dir(void)
{
	gv_autofree char *dir = gv_path_join(tree, "src/fmt"), *other = gv_path_join(root, "fmt");

	put_file(root, "fmt/print.go", "package fmt\n", 0644);
	if (gv_fs_remove_tree(AT_FDCWD, dir, &(struct gv_err)GV_ERR_INIT) < 0 || symlink(other, dir) < 0)
		abort();
}

static void
add_fifo(void)
{
	gv_autofree char *fifo = gv_path_join(tree, "doc/fifo");

	if (mkfifo(fifo, 0644) < 0)
		abort();
}

static void
dig(void)
{
	gv_autostr struct gv_str deep = GV_STR_INIT(4096);

	gv_str_add(&deep, "doc");
	for (int i = 0; i < 70; i++)
		gv_str_add(&deep, "/d");
	put_file(tree, gv_str_text(&deep), "", 0644);
}

static void
take_all(void)
{
	if (gv_fs_remove_tree(AT_FDCWD, tree, &(struct gv_err)GV_ERR_INIT) < 0)
		abort();
}

static void
pin_another(void)
{
	put_file(root, "project/gover.sum", MODULE " " MODVERSION " h1:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM=\n",
		 0644);
}

static void
forget(void)
{
	char *url = strrchr(getenv("GOSUMDB"), '/');

	snprintf(url, strlen(url) + 1, "/");
}

static void
test_refused(struct bench *b)
{
	static const struct {
		void (*spoil)(void);
		const char *what;
		enum gv_code code;
		const char *says;
	} cases[] = {
		{ change, "a changed file", GV_EPROOF, "sumdb.test says h1:" },
		{ add, "an added file", GV_EPROOF, "sumdb.test says h1:" },
		{ take_away, "a removed file", GV_EPROOF, "sumdb.test says h1:" },
		{ link_file, "a link to the same bytes", GV_EIO, "cannot open 'src/fmt/print.go'" },
		{ link_dir, "a link to the same directory", GV_EIO, "cannot open 'src/fmt'" },
		{ add_fifo, "a pipe", GV_EPROOF, "'doc/fifo' is not a regular file" },
		{ dig, "a tree without end", GV_EPROOF, "is in too many directories" },
		{ take_all, "no tree", GV_EIO, "cannot open '" },
		{ pin_another, "a tree that a gover.sum refuses", GV_EPROOF, "project/gover.sum:1 says h1:Lq" },
		{ forget, "a tree that the log does not have", GV_EPROOF,
		  "the checksum database has no 'lookup/" }, /* the last one, because it is not undone */
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		struct gv_manifest m = { 0 };
		struct gv_err err = GV_ERR_INIT;

		make_tree();
		cases[i].spoil();
		ok(bench_store(b) && adopt(b, &m, &err) < 0 && err.code == cases[i].code &&
		       strstr(err.msg, cases[i].says) != NULL,
		   "%s is refused: %s", cases[i].what, err.msg);
		ok(!is_at(b->dirs.sdks, NAME) && is_empty(b->dirs.manifests) && is_empty(b->dirs.staging),
		   "and nothing is left over");
		gv_manifest_release(&m);
		put_file(root, "project/gover.sum", "", 0644);
	}
}

/* An installed SDK stays when an adoption is refused. */
static void
test_kept(struct bench *b)
{
	struct gv_manifest m = { 0 };
	struct gv_err err = GV_ERR_INIT;

	make_tree();
	change();
	put_file(b->dirs.sdks, NAME "/VERSION", "go1.22.3\n", 0644);
	put_file(b->dirs.manifests, NAME, "of before", 0644);
	ok(adopt(b, &m, &err) < 0 && is_at(b->dirs.sdks, NAME "/VERSION") && is_at(b->dirs.manifests, NAME) &&
	       is_empty(b->dirs.staging),
	   "what is installed stays when another tree is refused");
	gv_manifest_release(&m);
}

int
main(void)
{
	struct bench b = { 0 };
	gv_autofree char *project = NULL;

	if (!ok(bench_begin(&b), "a log and a store"))
		return tap_done();
	tree = gv_path_join(root, "cache/go/1.22.3/x64");
	project = gv_path_join(root, "project");
	put_file(project, "gover.sum", "", 0644);
	if (!ok(log_tree(&b) && bench_store(&b) && chdir(project) == 0, "the log has the tree"))
		return tap_done();
	test_accepted(&b);
	test_refused(&b);
	test_kept(&b);
	bench_end(&b);
	free(tree);
	return tap_done();
}
