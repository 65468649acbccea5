/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/resolve.h"

#include <stdlib.h>
#include <string.h>

#include "resolve/files.h"
#include "resolve/installed.h"
#include "resolve/levels.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "version/known.h"
#include "version/version.h"

const char *
gv_level_name(enum gv_level level)
{
	static const char *const names[] = {
		[GV_LEVEL_ARGUMENT] = "argument",
		[GV_LEVEL_ENV] = "env",
		[GV_LEVEL_PIN] = "pin",
		[GV_LEVEL_SESSION] = "session",
		[GV_LEVEL_GO_VERSION] = "go-version",
		[GV_LEVEL_TOOL_VERSIONS] = "tool-versions",
		[GV_LEVEL_GO_WORK] = "go.work",
		[GV_LEVEL_GO_MOD] = "go.mod",
		[GV_LEVEL_DEFAULT] = "default",
		[GV_LEVEL_SYSTEM] = "system",
	};

	return names[level];
}

/* The newest installed version that fits; "" when there is none. To be fast, this checks only the best name. */
static int
newest_installed(char *version, const struct gv_request *r, const struct gv_dirs *d, struct gv_err *err)
{
	gv_autostrv struct gv_strv names = GV_STRV_INIT;
	const char *best;

	if (gv_installed_names(d, &names, err) < 0)
		return -1;
	while ((best = gv_request_select(r, &names)) != NULL && !gv_installed(d, best)) {
		for (size_t i = 0; i < names.n; i++)
			if (names.v[i] == best)
				names.v[i][0] = '\0';
	}
	memcpy(version, best != NULL ? best : "", best != NULL ? strlen(best) + 1 : 1);
	return 0;
}

static void
newest_known(char *version, const struct gv_request *r, const struct gv_dirs *d)
{
	gv_autofree char *index = gv_dirs_index_file(d);
	struct gv_err warn = GV_ERR_INIT; /* ignored: the compiled-in table is enough, and `list` shows the warning */
	gv_autoknown struct gv_known known = { 0 };
	const char *best;

	gv_known_load(&known, index, &warn);
	best = gv_request_select(r, &known.versions);
	memcpy(version, best != NULL ? best : "", best != NULL ? strlen(best) + 1 : 1);
}

static int
settle_system(char *version, bool *installed, const struct gv_dirs *d, struct gv_err *err)
{
	gv_autofree char *go = gv_system_tool(d, "go");

	if (go == NULL) {
		gv_err_set(err, GV_ENOTFOUND, "'system' is selected, but PATH has no go other than gover's shims");
		return gv_err_help(err, "put a go on PATH, or select a version");
	}
	memcpy(version, "system", sizeof("system"));
	*installed = true;
	return 0;
}

/*
 * Choose the release for a request: the newest installed one that fits, otherwise the newest known one, otherwise "".
 * Errors: GV_ENOTFOUND for "system" without a go on PATH.
 */
static int
settle(char *version, bool *installed, const struct gv_ask *a, const struct gv_dirs *d, struct gv_err *err)
{
	if (a->request.kind == GV_REQUEST_SYSTEM)
		return settle_system(version, installed, d, err);
	if (a->request.kind == GV_REQUEST_EXACT) {
		memcpy(version, a->request.version, GV_VERSION_MAX);
		*installed = gv_installed(d, version);
		return 0;
	}
	if (newest_installed(version, &a->request, d, err) < 0)
		return -1;
	*installed = version[0] != '\0';
	if (!*installed)
		newest_known(version, &a->request, d);
	/* A go line may name a release that is newer than every release we know. */
	if (version[0] == '\0' && a->floor && !gv_version_is_lang(a->asked))
		return gv_version_release_name(version, a->asked, err);
	return 0;
}

static int
nothing_speaks(struct gv_err *err)
{
	gv_err_set(err, GV_ENOTFOUND, "no Go version is selected here, and no go is on PATH");
	return gv_err_help(err, "'gover default latest' selects one everywhere, 'gover pin V' in this directory");
}

int
gv_resolve(struct gv_resolution *out, const struct gv_dirs *d, const struct gv_resolve_how *how, struct gv_err *err)
{
	gv_autoask struct gv_ask ask = { 0 };
	gv_autolook struct gv_look look = { .d = d, .how = how };
	gv_autoresolution struct gv_resolution r = { 0 };
	size_t level = 0;
	int rc = 0;

	while (level < gv_levels_len && (rc = gv_levels[level].ask(&ask, &look, err)) == 0)
		level++;
	if (rc < 0)
		return -1;
	if (level == gv_levels_len)
		return nothing_speaks(err);
	if (settle(r.version, &r.installed, &ask, d, err) < 0)
		return ask.file != NULL ? gv_file_wrap(err, ask.file, ask.line) : -1;
	r.level = ask.level;
	memcpy(r.request, ask.asked, sizeof(r.request));
	r.line = ask.line;
	if (r.installed && strcmp(r.version, "system") != 0)
		r.goroot = gv_dirs_sdk(d, r.version, NULL);
	if (how->explain)
		gv_explain(&r, &ask, &look, level);
	r.file = gv_steal_ptr(&ask.file);
	*out = r;
	r = (struct gv_resolution){ 0 };
	return 0;
}

void
gv_resolution_release(struct gv_resolution *r)
{
	free(r->file);
	free(r->goroot);
	gv_strv_release(&r->warnings);
	gv_strv_release(&r->trail);
	*r = (struct gv_resolution){ 0 };
}

int
gv_default_set(const struct gv_dirs *d, const char *text, struct gv_err *err)
{
	gv_autofree char *dir = gv_xstrdup(d->def), *line = NULL;
	struct gv_request r;

	if (gv_request_parse(&r, text, GV_REQUEST_FILE, err) < 0)
		return -1;
	if (gv_path_parent(dir) && gv_fs_mkdir_p(dir, err) < 0)
		return -1;
	line = gv_xasprintf("%s\n", r.text);
	return gv_fs_replace(d->def, line, strlen(line), 0644, err);
}

int
gv_go_version_file(const char *path, struct gv_strv *requests, unsigned *first_line, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	gv_autostrv struct gv_strv found = GV_STRV_INIT;
	struct gv_request first;
	unsigned line = 0;
	size_t len = 0;
	int rc = gv_file_read(path, path, GV_FILE_STRICT, GV_PROJECT_FILE_MAX, &text, &len, err);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return gv_err_set(err, GV_EIO, "'%s' does not exist", path);
	if (gv_go_version_parse(text, len, &first, &found, &line, err) < 0)
		return gv_file_wrap(err, path, line);
	for (size_t i = 0; i < found.n; i++)
		gv_strv_take(requests, gv_steal_ptr(&found.v[i]));
	*first_line = line;
	return 0;
}
