/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/gosettings.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "resolve/installed.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/err.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/path.h"

#define GOENV_MAX ((size_t)1 << 20)

void
gv_gosettings_parse(struct gv_strv *out, const char *text, size_t len)
{
	struct gv_lines in;

	gv_lines_init(&in, text, len, GV_LINES_LF);
	while (gv_lines_next(&in))
		if (in.len > 0 && in.line[0] >= 'A' && in.line[0] <= 'Z' && memchr(in.line, '=', in.len) != NULL)
			gv_strv_addn(out, in.line, in.len);
}

static void
load(struct gv_strv *out, const char *path)
{
	gv_autofree char *text = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t len = 0;

	if (gv_fs_read(AT_FDCWD, path, GOENV_MAX, &text, &len, &err) == 0)
		gv_gosettings_parse(out, text, len);
}

/* The path of the user's file, NULL for none. */
static char *
user_file(void)
{
	const char *named = getenv("GOENV"), *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	gv_autofree char *config = NULL;

	if (named != NULL && strcmp(named, "off") == 0)
		return NULL;
	if (named != NULL && named[0] != '\0')
		return gv_xstrdup(named);
	if (xdg != NULL && xdg[0] == '/')
		return gv_path_join(xdg, "go/env");
	if (home == NULL || home[0] != '/')
		return NULL;
	config = gv_path_join(home, ".config");
	return gv_path_join(config, "go/env");
}

/* The file beside the bin directory that holds the program, links resolved. */
static char *
goroot_file(const struct gv_dirs *d)
{
	gv_autofree char *tool = gv_system_tool(d, "go"), *real = NULL;

	if (tool == NULL || (real = realpath(tool, NULL)) == NULL || !gv_path_parent(real) || !gv_path_parent(real))
		return NULL;
	return gv_path_join(real, "go.env");
}

void
gv_gosettings_init(struct gv_gosettings *g, const struct gv_dirs *d, const char *goproxy)
{
	gv_autofree char *user = user_file(), *goroot = goroot_file(d);

	memset(g, 0, sizeof(*g));
	g->goproxy = gv_xstrdup(goproxy);
	if (user != NULL)
		load(&g->user, user);
	if (goroot != NULL)
		load(&g->goroot, goroot);
}

void
gv_gosettings_release(struct gv_gosettings *g)
{
	free(g->goproxy);
	gv_strv_release(&g->user);
	gv_strv_release(&g->goroot);
	memset(g, 0, sizeof(*g));
}

static const char *
find(const struct gv_strv *lines, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = lines->n; i-- > 0;)
		if (strncmp(lines->v[i], name, n) == 0 && lines->v[i][n] == '=')
			return lines->v[i] + n + 1;
	return NULL;
}

static const char *
get(const struct gv_gosettings *g, const char *name)
{
	const char *v = getenv(name);

	if (v != NULL && v[0] != '\0')
		return v;
	if (strcmp(name, "GOPROXY") == 0 && g->goproxy[0] != '\0')
		return g->goproxy;
	if ((v = find(&g->user, name)) == NULL)
		v = find(&g->goroot, name);
	return v != NULL ? v : "";
}

const char *
gv_gosettings_get(const struct gv_gosettings *g, const char *name)
{
	const char *v = get(g, name);

	if (v[0] == '\0' && (strcmp(name, "GONOPROXY") == 0 || strcmp(name, "GONOSUMDB") == 0))
		return get(g, "GOPRIVATE");
	return v;
}
