/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/levels.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "resolve/files.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"
#include "util/text.h"
#include "version/version.h"

/* A directory on the way up to the root, with room for a file name after it. */
struct climb {
	char path[PATH_MAX + 32];
	size_t len; /* of the directory; 0 for the root */
	bool here;  /* the directory is the working directory */
};

static int
climb_start(struct climb *c, struct gv_look *look, struct gv_err *err)
{
	const char *wd = gv_look_dir(look, err);

	if (wd == NULL)
		return -1;
	c->len = strlen(wd) == 1 ? 0 : strlen(wd);
	c->here = look->how->dir == NULL;
	memcpy(c->path, wd, c->len);
	return 0;
}

/* "DIR/NAME", borrowed until the next call. */
static const char *
climb_name(struct climb *c, const char *name)
{
	c->path[c->len] = '/';
	memcpy(c->path + c->len + 1, name, strlen(name) + 1);
	return c->path;
}

static bool
climb_up(struct climb *c)
{
	if (c->len == 0)
		return false;
	while (c->path[--c->len] != '/')
		;
	c->here = false;
	return true;
}

/* Read the working directory as ".": that works even when we may not enter one of its parents. */
static int
climb_read(struct climb *c, const char *name, enum gv_file_kind kind, size_t max, char **text, size_t *len,
	   struct gv_err *err)
{
	const char *path = climb_name(c, name);

	return gv_file_read(c->here ? name : path, path, kind, max, text, len, err);
}

static int
project_here(struct gv_ask *a, struct climb *c, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	size_t len = 0;
	int rc = climb_read(c, ".go-version", GV_FILE_STRICT, GV_PROJECT_FILE_MAX, &text, &len, err);

	if (rc < 0)
		return -1;
	if (rc > 0) {
		a->level = GV_LEVEL_GO_VERSION;
		if (gv_go_version_parse(text, len, &a->request, NULL, &a->line, err) < 0)
			return gv_file_wrap(err, c->path, a->line);
		return 1;
	}
	rc = climb_read(c, ".tool-versions", GV_FILE_STRICT, GV_PROJECT_FILE_MAX, &text, &len, err);
	if (rc <= 0)
		return rc;
	a->level = GV_LEVEL_TOOL_VERSIONS;
	rc = gv_tool_versions_parse(text, len, &a->request, &a->line, err);
	return rc < 0 ? gv_file_wrap(err, c->path, a->line) : rc;
}

int
gv_ask_project(struct gv_ask *a, struct gv_look *look, struct gv_err *err)
{
	struct climb c;

	if (climb_start(&c, look, err) < 0)
		return -1;
	do {
		int rc = project_here(a, &c, err);

		if (rc < 0)
			return -1;
		if (rc > 0) {
			a->file = gv_xstrdup(c.path);
			memcpy(a->asked, a->request.text, sizeof(a->asked));
			return 1;
		}
	} while (climb_up(&c));
	return 0;
}

/* Like cmd/go, ignore a go.mod directly in the directory for temporary files (golang.org/issue/26708). */
static bool
is_temp_dir(struct climb *c)
{
	const char *tmp = getenv("TMPDIR");
	struct stat a, b;

	c->path[c->len] = '\0';
	return stat(c->len > 0 ? c->path : "/", &a) == 0 &&
	       stat(tmp != NULL && tmp[0] != '\0' ? tmp : "/tmp", &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* Read go.work or go.mod. Returns 1, 0 or -1, like gv_file_read(). */
static int
module_read(struct climb *c, bool work, char **text, size_t *len, struct gv_err *err)
{
	const char *name = work ? "go.work" : "go.mod";

	do {
		int rc = climb_read(c, name, GV_FILE_MODULE, GV_GOMOD_MAX, text, len, err);

		if (rc < 0)
			return -1;
		if (rc > 0) {
			rc = work || !is_temp_dir(c);
			climb_name(c, name);
			return rc;
		}
	} while (climb_up(c));
	return 0;
}

/* Read the file that GOWORK names. Like cmd/go, ignore one that does not exist yet (before `go work init`). */
static int
gowork_read(struct climb *c, const char *gowork, char **text, size_t *len, struct gv_err *err)
{
	if (gowork[0] != '/' || strlen(gowork) >= sizeof(c->path))
		return gv_err_set(err, GV_EFORMAT, "GOWORK must be off or an absolute path, not '%s'", gowork);
	memcpy(c->path, gowork, strlen(gowork) + 1);
	return gv_file_read(gowork, gowork, GV_FILE_MODULE, GV_GOMOD_MAX, text, len, err);
}

int
gv_module_find(char **file, struct gv_gomod *m, struct gv_look *look, bool work, struct gv_err *err)
{
	const char *gowork = getenv("GOWORK");
	gv_autofree char *text = NULL;
	size_t len = 0;
	unsigned bad_line = 0;
	struct climb c;
	int rc;

	if (gowork == NULL || strcmp(gowork, "auto") == 0)
		gowork = "";
	if (work && strcmp(gowork, "off") == 0)
		return 0;
	if (work && gowork[0] != '\0')
		rc = gowork_read(&c, gowork, &text, &len, err);
	else if (climb_start(&c, look, err) < 0)
		return -1;
	else
		rc = module_read(&c, work, &text, &len, err);
	if (rc <= 0)
		return rc;
	if (len > GV_GOMOD_MAX) {
		gv_err_set(err, GV_EFORMAT, "the file is larger than %u MiB", GV_GOMOD_MAX >> 20);
		return gv_file_wrap(err, c.path, 0);
	}
	if (gv_gomod_scan(m, text, len, &bad_line, err) < 0)
		return gv_file_wrap(err, c.path, bad_line);
	*file = gv_xstrdup(c.path);
	return 1;
}

/* A toolchain line newer than the go line selects exactly that version. Otherwise the go line sets a minimum patch. */
static int
module_asks(struct gv_ask *a, const struct gv_gomod *m, const char *file, struct gv_err *err)
{
	bool toolchain = m->toolchain[0] != '\0' && (m->go[0] == '\0' || gv_version_cmp(m->toolchain, m->go) > 0);
	const char *version = toolchain ? m->toolchain : m->go;
	char text[GV_VERSION_MAX + 1];

	if (!toolchain && m->go[0] == '\0')
		return 0;
	a->line = toolchain ? m->toolchain_line : m->go_line;
	if (toolchain && gv_version_is_lang(m->toolchain)) {
		gv_err_set(err, GV_EFORMAT, "go%s is a language version, not a toolchain like go%s.0", m->toolchain,
			   m->toolchain);
		return gv_file_wrap(err, file, a->line);
	}
	a->floor = !toolchain;
	memcpy(a->asked, version, GV_VERSION_MAX);
	gv_text_fit(text, sizeof(text), "%s%s", toolchain ? "" : "~", version);
	if (gv_request_parse(&a->request, text, GV_REQUEST_ANY, err) < 0) {
		gv_err_set(err, GV_EFORMAT, "malformed %s line: '%s' is not a Go version",
			   toolchain ? "toolchain" : "go", version);
		return gv_file_wrap(err, file, a->line);
	}
	return 1;
}

int
gv_ask_modules(struct gv_ask *a, struct gv_look *look, struct gv_err *err)
{
	for (int work = 1; work >= 0; work--) {
		gv_autofree char *file = NULL;
		struct gv_gomod m;
		int rc = gv_module_find(&file, &m, look, work, err);

		if (rc > 0)
			rc = module_asks(a, &m, file, err);
		if (rc < 0)
			return -1;
		if (rc > 0) {
			a->level = work ? GV_LEVEL_GO_WORK : GV_LEVEL_GO_MOD;
			a->file = gv_steal_ptr(&file);
			return 1;
		}
	}
	return 0;
}
