/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/goenv.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "resolve/installed.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/err.h"
#include "util/fs.h"
#include "util/path.h"

#define GOENV_MAX ((size_t)1 << 20)

void
gv_goenv_parse(struct gv_strv *out, const char *text, size_t len)
{
	const char *end = text + len;

	for (const char *line = text, *next; line < end; line = next + 1) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (next == NULL)
			next = end;
		if (line < next && *line >= 'A' && *line <= 'Z' && memchr(line, '=', (size_t)(next - line)) != NULL)
			gv_strv_addn(out, line, (size_t)(next - line));
	}
}

static void
load(struct gv_strv *out, const char *path)
{
	gv_autofree char *text = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t len = 0;

	if (gv_fs_read(AT_FDCWD, path, GOENV_MAX, &text, &len, &err) == 0)
		gv_goenv_parse(out, text, len);
}

/* NULL for none. */
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

/* Beside the bin directory in which the program really lies. */
static char *
goroot_file(const struct gv_dirs *d)
{
	gv_autofree char *tool = gv_system_tool(d, "go"), *real = NULL;

	if (tool == NULL || (real = realpath(tool, NULL)) == NULL || !gv_path_parent(real) || !gv_path_parent(real))
		return NULL;
	return gv_path_join(real, "go.env");
}

void
gv_goenv_init(struct gv_goenv *g, const struct gv_dirs *d, const char *goproxy)
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
gv_goenv_free(struct gv_goenv *g)
{
	free(g->goproxy);
	gv_strv_free(&g->user);
	gv_strv_free(&g->goroot);
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
get(const struct gv_goenv *g, const char *name)
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
gv_goenv_get(const struct gv_goenv *g, const char *name)
{
	const char *v = get(g, name);

	if (v[0] == '\0' && (strcmp(name, "GONOPROXY") == 0 || strcmp(name, "GONOSUMDB") == 0))
		return get(g, "GOPRIVATE");
	return v;
}
