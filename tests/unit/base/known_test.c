/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "version/known.h"

#include <string.h>

#include "tests/tap.h"
#include "tests/unit/vectors.h"
#include "util/auto.h"
#include "version/version.h"

static void
table_in_step(void)
{
	size_t len;
	gv_autofree char *text = vectors_read("data/go-releases.tsv", &len);
	gv_autostrv struct gv_strv rows = vectors_lines(text);
	char *c[3] = { NULL };
	bool same = rows.n == gv_release_table_len, ascending = true;

	for (size_t i = 0; i < rows.n && same; i++)
		same = vectors_columns(rows.v[i], c, 3) == 3 && strcmp(c[0], gv_release_table[i].version) == 0 &&
		       strcmp(c[1], gv_release_table[i].date) == 0 && strcmp(c[2], gv_release_table[i].kind) == 0;
	ok(same, "the compiled-in table equals data/go-releases.tsv (if not, run scripts/gen-releases)");
	for (size_t i = 1; i < gv_release_table_len; i++)
		ascending = ascending &&
			    gv_version_cmp(gv_release_table[i - 1].version, gv_release_table[i].version) < 0;
	ok(ascending, "the table is in ascending order");
}

static void
write_index(const char *path, const char *text, size_t len)
{
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_fs_replace(path, text, len, 0600, &err) == 0, "%s", err.msg);
}

static void
no_index(void)
{
	struct gv_err warn = GV_ERR_INIT;
	gv_autoknown struct gv_known k = { 0 };

	gv_known_load(&k, NULL, &warn);
	ok(warn.code == GV_OK && k.n == gv_release_table_len && k.versions.n == k.n && k.fetched == 0,
	   "without an index, the table alone is loaded");
	ok(gv_known_find(&k, "1.22.3") != NULL && strcmp(gv_known_find(&k, "1.22.3")->date, "2024-05-07") == 0,
	   "1.22.3 is known");
	ok(gv_known_find(&k, "1.20.0") != NULL && strcmp(gv_known_find(&k, "1.20.0")->version, "1.20") == 0,
	   "1.20.0 finds the release 1.20");
	ok(gv_known_find(&k, "1") == &k.releases[0] && gv_known_find(&k, k.versions.v[k.n - 1]) == &k.releases[k.n - 1],
	   "the first and the last release are found");
	ok(gv_known_find(&k, "1.7.2") == NULL && gv_known_find(&k, "0.1") == NULL && gv_known_find(&k, "9") == NULL &&
	       gv_known_find(&k, "banana") == NULL,
	   "unknown versions are not found");
	ok(gv_known_supported(&k, "1.27.0") && gv_known_supported(&k, "1.26.1") && gv_known_supported(&k, "1.26rc1"),
	   "the two newest minors are supported");
	ok(!gv_known_supported(&k, "1.25.14") && !gv_known_supported(&k, "1.28.0") && !gv_known_supported(&k, "banana"),
	   "no other minor is supported");
	gv_known_release(&k);
	gv_known_load(&k, "/nonexistent/index", &warn);
	ok(warn.code == GV_OK && k.n == gv_release_table_len, "a missing index causes no warning");
}

static void
index_file(const char *path)
{
	static const char good[] = "gover-index 1\t1795400000\thttps://go.dev/dl\n"
				   "1.22.3\t2024-05-08\tstable\n1.28rc1\t-\trc\n1.28.0\t2027-02-09\tstable\n";
	struct gv_err warn = GV_ERR_INIT;
	gv_autoknown struct gv_known k = { 0 };

	write_index(path, good, sizeof(good) - 1);
	gv_known_load(&k, path, &warn);
	ok(warn.code == GV_OK && k.n == gv_release_table_len + 2 && k.fetched == 1795400000, "an index adds releases");
	ok(strcmp(gv_known_find(&k, "1.22.3")->date, "2024-05-08") == 0, "an index corrects dates");
	ok(strcmp(k.versions.v[k.n - 1], "1.28.0") == 0, "the releases of index and table stay in order");
	ok(gv_known_supported(&k, "1.28.1") && gv_known_supported(&k, "1.27.0") && !gv_known_supported(&k, "1.26.0"),
	   "a newer minor in the index changes which minors are supported");
}

static void
bad_index(const char *path)
{
	static const char *const bad[] = {
		"",
		"\n",
		"gover-index 1",
		"gover-index 1\n",
		"gover-index 1\t5\n",
		"gover-index 2\t5\tx\n",
		"gover-index 10\t5\tx\n",
		"gover-index 1\tnow\tx\n",
		"gover-index 1\t\tx\n",
		"gover-index 1\t-5\tx\n",
		"gover-index 1\t99999999999999999999\tx\n",
		"something else\t5\tx\n",
		"gover-index 1\t5\tx\n1.22.3\t2024-05-07\tstable",
		"gover-index 1\t5\tx\n1.22.3\t2024-05-07\n",
		"gover-index 1\t5\tx\n1.22.3\n",
		"gover-index 1\t5\tx\n\n",
		"gover-index 1\t5\tx\ngo1.22.3\t2024-05-07\tstable\n",
		"gover-index 1\t5\tx\n../../x\t2024-05-07\tstable\n",
		"gover-index 1\t5\tx\n1.22.3\tyesterday\tstable\n",
		"gover-index 1\t5\tx\n1.22.3\t2024-05-071\tstable\n",
		"gover-index 1\t5\tx\n1.22.3\t2024-05-07\tnice\n",
		"gover-index 1\t5\tx\n1.22.3\t2024-05-07\tstable\tmore\n",
		"gover-index 1\t5\tx\n1.22.4\t-\tstable\n1.22.3\t-\tstable\n",
		"gover-index 1\t5\tx\n1.22.3\t-\tstable\n1.22.3\t-\tstable\n",
		"gover-index 1\t5\tx\n1.20\t-\tstable\n1.20.0\t-\tstable\n",
	};
	static const char nul[] = "gover-index 1\t5\tx\n1.99.3\t-\tstable\n\0junk";

	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++) {
		struct gv_err warn = GV_ERR_INIT;
		gv_autoknown struct gv_known k = { 0 };

		write_index(path, bad[i], strlen(bad[i]));
		gv_known_load(&k, path, &warn);
		ok(warn.code != GV_OK && k.n == gv_release_table_len && k.fetched == 0 &&
		       strstr(warn.msg, path) != NULL,
		   "malformed index %zu is ignored, and the warning names it", i);
	}
	struct gv_err warn = GV_ERR_INIT;
	gv_autoknown struct gv_known k = { 0 };

	write_index(path, nul, sizeof(nul) - 1);
	gv_known_load(&k, path, &warn);
	ok(warn.code == GV_EFORMAT && gv_known_find(&k, "1.99.3") == NULL, "an index with a NUL byte is ignored");
}

int
main(void)
{
	char dir[] = "/tmp/gover-known-XXXXXX";
	gv_autofree char *path = NULL;

	tap_need(mkdtemp(dir) != NULL, "a directory");
	path = gv_xasprintf("%s/releases", dir);
	table_in_step();
	no_index();
	index_file(path);
	bad_index(path);
	unlink(path);
	rmdir(dir);
	return tap_done();
}
