/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "project/matrix.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "resolve/dirs.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/str.h"

#define CELLS_MAX 4096

void
gv_matrix_release(struct gv_matrix *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->cells[i].id);
	free(m->cells);
	memset(m, 0, sizeof(*m));
}

/* "os/arch" of lower-case letters and digits. */
static bool
good_platform(const char *p)
{
	size_t os = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789");
	size_t arch = p[os] == '/' ? strspn(p + os + 1, "abcdefghijklmnopqrstuvwxyz0123456789") : 0;

	return os > 0 && arch > 0 && p[os + 1 + arch] == '\0';
}

/* A comma list of build tags: letters, digits, underscores and dots. */
static bool
good_tags(const char *tags)
{
	for (const char *p = tags; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("_.,", *p) == NULL)
			return false;
	return tags[0] != '\0' && tags[0] != ',';
}

static bool
good_env(const char *env)
{
	size_t name = strspn(env, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

	return name > 0 && env[name] == '=';
}

static int
check_axes(const struct gv_matrix_in *in, struct gv_err *err)
{
	for (size_t i = 0; i < in->platforms->n; i++)
		if (!good_platform(in->platforms->v[i]))
			return gv_err_set(err, GV_EUSAGE, "'%s' is not a platform such as linux/arm64",
					  in->platforms->v[i]);
	for (size_t i = 0; i < in->tags->n; i++)
		if (!good_tags(in->tags->v[i]))
			return gv_err_set(err, GV_EUSAGE, "'%s' is not a comma list of build tags", in->tags->v[i]);
	for (size_t i = 0; i < in->envs->n; i++)
		if (!good_env(in->envs->v[i]))
			return gv_err_set(err, GV_EUSAGE, "'%s' is not of the form NAME=VALUE", in->envs->v[i]);
	return 0;
}

static char *
cell_id(const struct gv_matrix_cell *c, const struct gv_matrix_in *in)
{
	struct gv_str id = GV_STR_INIT(4096);
	struct gv_err ignored = GV_ERR_INIT;
	char *text;

	gv_str_addf(&id, "go%s", c->version);
	if (in->platforms->n > 0) {
		gv_str_addc(&id, '/');
		for (const char *p = c->platform; *p != '\0'; p++)
			gv_str_addc(&id, *p == '/' ? '-' : *p);
	}
	if (c->tags[0] != '\0')
		gv_str_addf(&id, ":%s", c->tags);
	if (c->env[0] != '\0')
		gv_str_addf(&id, "@%s", c->env);
	if (in->project->n > 1)
		gv_str_addf(&id, "#%s", c->module->dir);
	text = gv_str_finish(&id, &ignored);
	gv_str_release(&id);
	return text != NULL ? text : gv_xasprintf("go%s", c->version);
}

/* Whether `only` names the cell or is a leading part of its id: "go1.22.3" also names "go1.22.3#sub". */
static bool
named(const char *id, const char *only)
{
	size_t len = strlen(only);

	return strncmp(id, only, len) == 0 && (id[len] == '\0' || strchr("/:@#", id[len]) != NULL);
}

static bool
wanted(const char *id, const struct gv_strv *only)
{
	for (size_t i = 0; i < only->n; i++)
		if (named(id, only->v[i]))
			return true;
	return only->n == 0;
}

static void
add(struct gv_matrix *m, const struct gv_matrix_in *in, struct gv_matrix_cell c)
{
	gv_autofree char *host = gv_xstrdup(gv_platform_host());

	*strchr(host, '-') = '/';
	if (c.platform == NULL)
		c.platform = "";
	c.cross = c.platform[0] != '\0' && strcmp(c.platform, host) != 0;
	c.id = cell_id(&c, in);
	c.wanted = wanted(c.id, in->only);
	m->cells = gv_xreallocarray(m->cells, m->n + 1, sizeof(c));
	m->cells[m->n++] = c;
}

static const char *
axis(const struct gv_strv *values, size_t i)
{
	return values->n > 0 ? values->v[i] : "";
}

static size_t
axis_len(const struct gv_strv *values)
{
	return values->n > 0 ? values->n : 1;
}

int
gv_matrix_make(struct gv_matrix *m, const struct gv_matrix_in *in, struct gv_err *err)
{
	size_t np = axis_len(in->platforms), nt = axis_len(in->tags), ne = axis_len(in->envs), nm = in->project->n;
	size_t total = in->versions->n * np * nt * ne * nm;
	gv_automatrix struct gv_matrix made = { 0 };
	bool any = false;

	if (check_axes(in, err) < 0)
		return -1;
	if (in->versions->n > CELLS_MAX || total > CELLS_MAX)
		return gv_err_set(err, GV_ETOOBIG, "more than %d cells", CELLS_MAX);
	for (size_t i = 0; i < total; i++) {
		/* Modules vary fastest, versions slowest. */
		size_t k = i / nm;

		add(&made, in,
		    (struct gv_matrix_cell){ .module = &in->project->modules[i % nm],
					     .env = axis(in->envs, k % ne),
					     .tags = axis(in->tags, k / ne % nt),
					     .platform = axis(in->platforms, k / ne / nt % np),
					     .version = in->versions->v[k / ne / nt / np] });
		any = any || made.cells[made.n - 1].wanted;
	}
	if (!any) {
		gv_err_set(err, GV_EUSAGE, "--only matches none of the %zu cells", made.n);
		return gv_err_help(err, "the first cell is '%s'", made.n > 0 ? made.cells[0].id : "");
	}
	*m = made;
	memset(&made, 0, sizeof(made));
	return 0;
}
