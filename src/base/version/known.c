/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "version/known.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/num.h"
#include "version/version.h"

#define INDEX_MAX (4u << 20) /* bytes; 380 releases take 10 KiB */

/* clang-format off */
const struct gv_release gv_release_table[] = {
#include "version/release_table.inc"
};
/* clang-format on */
const size_t gv_release_table_len = sizeof(gv_release_table) / sizeof(gv_release_table[0]);
const char gv_release_table_date[] = "2026-11-23";

static bool
is_date(const char *s)
{
	static const char form[] = "dddd-dd-dd";

	if (strcmp(s, "-") == 0)
		return true;
	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == 'd' ? s[i] < '0' || s[i] > '9' : s[i] != form[i])
			return false;
	return true;
}

static bool
is_kind(const char *s)
{
	return strcmp(s, "stable") == 0 || strcmp(s, "rc") == 0 || strcmp(s, "beta") == 0;
}

/* Parse the first line: "gover-index 1", the time and the source. */
static int
parse_head(struct gv_known *k, char **text, struct gv_err *err)
{
	char *head = gv_lines_cut(text, '\n'), *format = gv_lines_cut(&head, '\t'),
	     *fetched = gv_lines_cut(&head, '\t');
	uint64_t seconds;

	if (gv_lines_format(format, "gover-index", 1, err) < 0)
		return -1;
	if (fetched == NULL)
		return gv_err_set(err, GV_EFORMAT, "line 1: malformed");
	if (gv_num_u64(fetched, INT64_MAX, &seconds) < 0)
		return gv_err_set(err, GV_EFORMAT, "line 1: '%s' is not a time", fetched);
	k->fetched = (int64_t)seconds;
	return 0;
}

/* Parse the index into k->releases. The strings point into `text`, in which this writes NULs. */
static int
parse_index(struct gv_known *k, char *text, struct gv_err *err)
{
	size_t cap = 0;

	if (parse_head(k, &text, err) < 0)
		return -1;
	for (unsigned line = 2; *text != '\0'; line++) {
		struct gv_release r;
		char *rest = gv_lines_cut(&text, '\n');

		if (rest == NULL)
			return gv_err_set(err, GV_EFORMAT, "line %u: cut short", line);
		r.version = gv_lines_cut(&rest, '\t');
		r.date = gv_lines_cut(&rest, '\t');
		r.kind = rest;
		if (r.date == NULL || !gv_version_valid(r.version) || strlen(r.version) >= GV_VERSION_MAX ||
		    !is_date(r.date) || !is_kind(r.kind))
			return gv_err_set(err, GV_EFORMAT, "line %u: malformed", line);
		if (k->n > 0 && gv_version_cmp(k->releases[k->n - 1].version, r.version) >= 0)
			return gv_err_set(err, GV_EFORMAT, "line %u: '%s' is out of order", line, r.version);
		if (k->n == cap)
			k->releases = gv_xreallocarray(k->releases, cap = cap ? cap * 2 : 512, sizeof(r));
		k->releases[k->n++] = r;
	}
	return 0;
}

/* Merge the compiled-in table into k->releases. If both have a version, the index wins. */
static void
add_table(struct gv_known *k)
{
	struct gv_release *all = gv_xcalloc(k->n + gv_release_table_len, sizeof(*all));
	size_t n = 0, i = 0, t = 0;

	while (i < k->n || t < gv_release_table_len) {
		int c = i == k->n ? 1
			: t == gv_release_table_len
			    ? -1
			    : gv_version_cmp(k->releases[i].version, gv_release_table[t].version);

		all[n++] = c <= 0 ? k->releases[i] : gv_release_table[t];
		i += c <= 0;
		t += c >= 0;
	}
	free(k->releases);
	k->releases = all;
	k->n = n;
}

void
gv_known_load(struct gv_known *k, const char *index_path, struct gv_err *warn)
{
	size_t len = 0;

	*k = (struct gv_known){ 0 };
	gv_err_clear(warn);
	if (index_path != NULL && gv_fs_read(AT_FDCWD, index_path, INDEX_MAX, &k->text, &len, warn) < 0) {
		if (warn->sys == ENOENT)
			gv_err_clear(warn);
	} else if (index_path != NULL) {
		if (strlen(k->text) != len)
			gv_err_set(warn, GV_EFORMAT, "holds a NUL byte");
		else
			parse_index(k, k->text, warn);
		if (warn->code != GV_OK) {
			gv_err_wrap(warn, "ignoring '%s'", index_path);
			gv_err_help(warn, "'gover list --remote' writes a new one");
			gv_known_release(k);
		}
	}
	add_table(k);
	for (size_t i = 0; i < k->n; i++)
		gv_strv_add(&k->versions, k->releases[i].version);
}

void
gv_known_release(struct gv_known *k)
{
	free(k->releases);
	gv_strv_release(&k->versions);
	free(k->text);
	*k = (struct gv_known){ 0 };
}

const struct gv_release *
gv_known_find(const struct gv_known *k, const char *version)
{
	size_t low = 0, high = k->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = gv_version_cmp(k->releases[mid].version, version);

		if (c == 0)
			return &k->releases[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

bool
gv_known_supported(const struct gv_known *k, const char *version)
{
	char lang[GV_VERSION_MAX], seen[2][GV_VERSION_MAX] = { "", "" };
	int n = 0;

	for (size_t i = k->n; i-- > 0 && n < 2;) {
		if (strcmp(k->releases[i].kind, "stable") != 0)
			continue;
		gv_version_lang(lang, sizeof(lang), k->releases[i].version);
		if (n == 0 || strcmp(lang, seen[0]) != 0)
			memcpy(seen[n++], lang, sizeof(lang));
	}
	gv_version_lang(lang, sizeof(lang), version);
	return lang[0] != '\0' && (strcmp(lang, seen[0]) == 0 || strcmp(lang, seen[1]) == 0);
}
