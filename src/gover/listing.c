/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gover/listing.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gover/vouched.h"
#include "resolve/installed.h"
#include "resolve/resolve.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/text.h"
#include "version/known.h"
#include "version/request.h"

static struct gv_listing_row *
add_row(struct gv_listing *l, const char *version)
{
	struct gv_listing_row *row;

	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 32 : l->cap * 2;
		l->rows = gv_xreallocarray(l->rows, l->cap, sizeof(*l->rows));
	}
	row = &l->rows[l->n++];
	memset(row, 0, sizeof(*row));
	gv_text_fit(row->version, sizeof(row->version), "%s", version);
	gv_text_fit(row->name, sizeof(row->name), "%s", version);
	row->date = "-";
	return row;
}

void
gv_listing_release(struct gv_listing *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->rows[i].path);
		free(l->rows[i].platform);
	}
	free(l->rows);
	if (l->known != NULL)
		gv_known_release(l->known);
	free(l->known);
	memset(l, 0, sizeof(*l));
}

static void
set_installed(struct gv_listing_row *row, const struct gv_dirs *d, const char *platform)
{
	row->installed = true;
	row->path = gv_dirs_sdk(d, row->version, platform);
	row->platform = gv_xstrdup(platform != NULL ? platform : gv_platform_host());
	row->proof = gv_vouched(d, row->path, row->version, row->platform);
}

/* Mark the selected row and the default. A failure is only a warning: the list is shown anyway. */
static void
mark(struct gv_listing *l, const struct gv_dirs *d, const struct gv_strv *installed)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autoresolution struct gv_resolution r = { 0 };
	gv_autostrv struct gv_strv requests = GV_STRV_INIT;
	struct gv_resolve_how how = { 0 };
	struct gv_request request;
	const char *def = NULL;
	unsigned line;

	if (gv_resolve(&r, d, &how, &err) < 0 && err.code != GV_ENOTFOUND)
		gv_msg_warn("%s", err.msg);
	gv_err_clear(&err);
	if (gv_fs_exists(d->def) && gv_go_version_file(d->def, &requests, &line, &err) == 0 &&
	    gv_request_parse(&request, requests.v[0], GV_REQUEST_FILE, &err) == 0)
		def = gv_request_select(&request, installed);
	if (err.msg[0] != '\0')
		gv_msg_warn("%s", err.msg);
	for (size_t i = 0; i < l->n; i++) {
		struct gv_listing_row *row = &l->rows[i];
		bool host = row->platform == NULL || strcmp(row->platform, gv_platform_host()) == 0;

		row->selected = host && strcmp(row->version, r.version) == 0;
		row->is_default = host && def != NULL && strcmp(row->version, def) == 0;
	}
}

/* Split "go1.22.3.linux-arm64". Returns the platform and copies the version; NULL when it is something else. */
static const char *
split_platform(char *version, size_t size, const char *name)
{
	const char *dash = strchr(name, '-'), *dot;

	if (strncmp(name, "go", 2) != 0 || dash == NULL)
		return NULL;
	for (dot = dash; dot > name && *dot != '.'; dot--)
		continue;
	if (dot == name || (size_t)(dot - name - 2) >= size)
		return NULL;
	memcpy(version, name + 2, (size_t)(dot - name - 2));
	version[dot - name - 2] = '\0';
	return gv_version_valid(version) ? dot + 1 : NULL;
}

static void
add_foreign(struct gv_listing *l, const struct gv_dirs *d)
{
	gv_autodir DIR *dir = opendir(d->sdks);
	struct dirent *e;

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		char version[GV_VERSION_MAX];
		const char *platform = split_platform(version, sizeof(version), e->d_name);
		gv_autofree char *sdk = gv_path_join(d->sdks, e->d_name);
		gv_autofree char *go = gv_path_join(sdk, "bin/go");
		struct gv_listing_row *row;

		if (platform == NULL || !gv_fs_exists(go))
			continue;
		row = add_row(l, version);
		set_installed(row, d, platform);
		gv_text_fit(row->name, sizeof(row->name), "%s %.38s", version, platform);
	}
}

static int
newest_first(const void *a, const void *b)
{
	const struct gv_listing_row *x = a, *y = b;
	int order = gv_version_cmp(y->version, x->version);

	return order != 0 ? order : strcmp(x->name, y->name);
}

int
gv_listing_installed(struct gv_listing *l, const struct gv_dirs *d, bool all, struct gv_err *err)
{
	gv_autostrv struct gv_strv installed = GV_STRV_INIT;

	if (gv_installed_list(d, &installed, err) < 0)
		return -1;
	for (size_t i = 0; i < installed.n; i++)
		set_installed(add_row(l, installed.v[i]), d, NULL);
	if (all)
		add_foreign(l, d);
	if (l->n > 1)
		qsort(l->rows, l->n, sizeof(*l->rows), newest_first);
	mark(l, d, &installed);
	return 0;
}

static bool
is_stable(const struct gv_listing_row *row)
{
	return row->kind != NULL && strcmp(row->kind, "stable") == 0;
}

static void
add_known(struct gv_listing *l, const struct gv_dirs *d, const struct gv_strv *installed)
{
	struct gv_known *known = l->known;

	for (size_t i = 0; i < known->n; i++) {
		struct gv_listing_row *row = add_row(l, known->releases[i].version);

		row->date = known->releases[i].date;
		row->kind = known->releases[i].kind;
		row->supported = is_stable(row) && gv_known_supported(known, row->version);
		row->end_of_life = is_stable(row) && !row->supported;
		if (gv_strv_has(installed, row->version))
			set_installed(row, d, NULL);
	}
	for (size_t i = 0; i < installed->n; i++)
		if (gv_known_find(known, installed->v[i]) == NULL)
			set_installed(add_row(l, installed->v[i]), d, NULL);
}

/* Keep only the rows that gv_listing_known() shows without `all`. Rows are newest first. */
static void
thin_out(struct gv_listing *l)
{
	char lang[GV_VERSION_MAX], last[GV_VERSION_MAX] = "";
	bool stable_seen = false;
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct gv_listing_row *row = &l->rows[i];
		bool keep = row->installed || (!is_stable(row) && !stable_seen);

		if (is_stable(row)) {
			gv_version_lang(lang, sizeof(lang), row->version);
			keep = keep || row->supported || strcmp(lang, last) != 0;
			memcpy(last, lang, sizeof(last));
			stable_seen = true;
		}
		if (keep)
			l->rows[kept++] = *row; /* a dropped row owns nothing: it is not installed */
	}
	l->n = kept;
}

int
gv_listing_known(struct gv_listing *l, const struct gv_dirs *d, bool all, struct gv_err *err)
{
	struct gv_err warning = GV_ERR_INIT;
	gv_autostrv struct gv_strv installed = GV_STRV_INIT;
	gv_autofree char *path = gv_dirs_index_file(d);
	struct gv_known *known = gv_xcalloc(1, sizeof(*known));
	struct tm tm;
	time_t when;

	l->known = known;
	gv_known_load(known, path, &warning);
	if (warning.code != GV_OK)
		gv_msg_warn("%s", warning.msg);
	l->fetched = known->fetched;
	when = (time_t)known->fetched;
	if (known->fetched > 0 && gmtime_r(&when, &tm) != NULL)
		strftime(l->as_of, sizeof(l->as_of), "%Y-%m-%d", &tm);
	else
		gv_text_fit(l->as_of, sizeof(l->as_of), "%s", gv_release_table_date);
	if (gv_installed_list(d, &installed, err) < 0)
		return -1;
	add_known(l, d, &installed);
	if (l->n > 1)
		qsort(l->rows, l->n, sizeof(*l->rows), newest_first);
	for (size_t i = 0; i < l->n; i++)
		if (is_stable(&l->rows[i])) {
			l->rows[i].newest = true;
			break;
		}
	if (!all)
		thin_out(l);
	mark(l, d, &installed);
	return 0;
}

static bool
is_proof(const struct gv_listing_row *row, const char *proof)
{
	return row->proof != NULL && strcmp(row->proof, proof) == 0;
}

void
gv_listing_notes(char *out, size_t size, const struct gv_listing_row *row, bool remote)
{
	const struct {
		bool on;
		const char *text;
	} notes[] = {
		{ remote && row->installed, "installed" },
		{ row->selected, "selected" },
		{ row->is_default, "default" },
		{ is_proof(row, "unlogged"), "unlogged" },
		{ is_proof(row, "file"), "unconfirmed" },
		{ is_proof(row, "unproven"), "unproven" },
		{ remote && row->newest, "newest" },
		{ remote && row->supported, "supported" },
		{ remote && row->end_of_life, "end of life" },
		{ remote && row->kind != NULL && !is_stable(row), row->kind },
	};
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < GV_ARRAY_LEN(notes); i++)
		if (notes[i].on && at < size)
			at += (size_t)snprintf(out + at, size - at, "%s%s", at > 0 ? ", " : "", notes[i].text);
}
