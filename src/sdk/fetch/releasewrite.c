/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fetch/release.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"
#include "version/known.h"
#include "version/version.h"

#define KNOWN_MAX ((size_t)4 << 20)

static const char *
kind_of(const char *version)
{
	if (!gv_version_is_prerelease(version))
		return "stable";
	/* Since Go 1, every prerelease was a beta or a release candidate. */
	return strstr(version, "beta") != NULL ? "beta" : "rc";
}

/* Add only versions that can be installed: no release is called 1.21, and 1.20.0 was published as 1.20. */
static void
take_releases(struct gv_strv *out, const struct gv_strv *versions)
{
	for (size_t i = 0; i < versions->n; i++) {
		struct gv_err err = GV_ERR_INIT;
		char name[GV_VERSION_MAX];

		if (gv_version_release_name(name, versions->v[i], &err) == 0 && strcmp(name, versions->v[i]) == 0 &&
		    !gv_version_is_lang(name))
			gv_strv_add(out, name);
	}
	gv_strv_sort(out, gv_version_cmp);
}

int
gv_index_write_known(const struct gv_strv *versions, const char *source, const char *path, struct gv_err *err)
{
	gv_autostrv struct gv_strv sorted = GV_STRV_INIT;
	gv_autostr struct gv_str s = GV_STR_INIT(KNOWN_MAX);
	gv_autofree char *dir = gv_xstrdup(path), *text = NULL;
	gv_autoknown struct gv_known before = { 0 };
	struct gv_err warn = GV_ERR_INIT;

	gv_known_load(&before, path, &warn);
	take_releases(&sorted, versions);
	gv_str_addf(&s, "gover-index 1\t%" PRId64 "\t%s\n", (int64_t)time(NULL), source);
	for (size_t i = 0; i < sorted.n; i++) {
		const struct gv_release *r = gv_known_find(&before, sorted.v[i]);

		if (i > 0 && gv_version_cmp(sorted.v[i - 1], sorted.v[i]) == 0)
			continue;
		gv_str_addf(&s, "%s\t%s\t%s\n", sorted.v[i], r != NULL ? r->date : "-", kind_of(sorted.v[i]));
	}
	text = gv_str_finish(&s, err);
	if (text == NULL)
		return gv_err_wrap(err, "index of releases");
	if (gv_path_parent(dir) && gv_fs_mkdir_p(dir, err) < 0)
		return -1;
	return gv_fs_replace(path, text, strlen(text), 0644, err);
}
