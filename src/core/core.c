/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "core/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/refresh.h"
#include "resolve/resolve.h"
#include "resolve/shims.h"
#include "store/sumfile.h"
#include "ui/exit.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/text.h"
#include "version/known.h"
#include "version/request.h"

int
gv_core_open(struct gv_core *c, struct gv_err *err)
{
	struct gv_err warn = GV_ERR_INIT;

	memset(c, 0, sizeof(*c));
	if (gv_dirs_init(&c->dirs, err) < 0 || gv_config_load(&c->config, c->dirs.config, &warn, err) < 0)
		return -1;
	if (warn.code != GV_OK)
		gv_msg_warn("%s", warn.msg);
	c->store = gv_store_open(&c->dirs, &c->config, err);
	return c->store != NULL ? 0 : -1;
}

void
gv_core_close(struct gv_core *c)
{
	gv_store_close(c->store);
	gv_config_release(&c->config);
	gv_dirs_release(&c->dirs);
}

void
gv_core_mend_shims(const struct gv_core *c)
{
	struct gv_err err = GV_ERR_INIT;

	if (gv_shims_ensure(&c->dirs, &err) < 0)
		gv_msg_debug("%s", err.msg);
}

void
gv_core_warn_of_sums(void)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *cwd = gv_working_dir(&err);
	gv_autofree char *file = cwd != NULL ? gv_sumfile_ignored(cwd) : NULL;

	if (file != NULL)
		gv_msg_warn("'%s' is ignored: it is another user's, in a directory that anybody can write to", file);
}

int
gv_core_fail(const struct gv_err *err)
{
	gv_msg_error(err);
	return gv_exit_of(err);
}

void
gv_core_report(const struct gv_str *report)
{
	gv_autofree char *copy = gv_xstrdup(gv_str_text(report));
	char *line, *rest = copy, clean[1024];

	flockfile(stderr); /* keep the lines together: another install may print too */
	while (*copy != '\0' && (line = strsep(&rest, "\n")) != NULL) {
		size_t tabs = strspn(line, "\t");

		gv_text_clean(clean, sizeof(clean), line + tabs, strlen(line + tabs));
		fprintf(stderr, "%.*s%s\n", (int)tabs, line, clean);
	}
	funlockfile(stderr);
}

int
gv_core_platform(const char *text, char **platform, struct gv_err *err)
{
	gv_autofree char *p = NULL;
	char *sep;

	*platform = NULL;
	if (text == NULL)
		return 0;
	p = gv_xstrdup(text);
	sep = strpbrk(p, "/-");
	if (sep == NULL || sep == p || sep[1] == '\0' || strpbrk(sep + 1, "/-") != NULL) {
		gv_err_set(err, GV_EUSAGE, "'%s' is not a platform", text);
		return gv_err_help(err, "write it as Go does: linux/arm64");
	}
	*sep = '-';
	if (strcmp(p, gv_platform_host()) != 0)
		*platform = gv_steal_ptr(&p);
	return 0;
}

/* A failure is only a warning, because the known releases can still be used. */
static void
refresh_known(struct gv_core *c)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_refreshed refreshed = { .changed = false };
	struct gv_origins *o = gv_origins_new(&c->config, &c->dirs, &err);
	struct gv_http *http = o != NULL ? gv_http_new(&err) : NULL;

	if (http == NULL || gv_index_refresh(o, http, &c->dirs, false, &refreshed, &err) < 0)
		gv_msg_warn("the list of releases may be old: %s", err.msg);
	gv_http_free(http);
	gv_origins_free(o);
}

static void
load_known(struct gv_core *c, struct gv_known *known)
{
	gv_autofree char *path = gv_dirs_index_file(&c->dirs);
	struct gv_err warn = GV_ERR_INIT;

	refresh_known(c);
	gv_known_load(known, path, &warn);
	if (warn.code != GV_OK)
		gv_msg_warn("%s", warn.msg);
}

int
gv_core_select(struct gv_core *c, int argc, char **requests, struct gv_strv *versions, struct gv_err *err)
{
	gv_autoknown struct gv_known known = { 0 };

	for (int i = 0; i < argc; i++) {
		struct gv_request r;
		const char *version;

		if (gv_request_parse(&r, requests[i], GV_REQUEST_ANY, err) < 0)
			return -1;
		if (r.kind == GV_REQUEST_SYSTEM)
			return gv_err_set(err, GV_EUSAGE, "'system' is the Go on PATH: there is nothing to install");
		if (r.kind != GV_REQUEST_EXACT && known.n == 0)
			load_known(c, &known);
		version = r.kind == GV_REQUEST_EXACT ? r.version : gv_request_select(&r, &known.versions);
		if (version == NULL) {
			gv_err_set(err, GV_ENOTFOUND, "no known Go version is '%s'", requests[i]);
			return gv_err_help(err, "see 'gover list --remote'");
		}
		if (!gv_strv_has(versions, version))
			gv_strv_add(versions, version);
	}
	return 0;
}

char *
gv_core_request_here(struct gv_core *c, struct gv_err *err)
{
	gv_autoresolution struct gv_resolution r = { 0 };
	struct gv_resolve_how how = { .argument = NULL };

	if (gv_resolve(&r, &c->dirs, &how, err) < 0)
		return NULL;
	if (r.level != GV_LEVEL_GO_MOD && r.level != GV_LEVEL_GO_WORK)
		return gv_xstrdup(r.request);
	/* The go line of a go.mod is a minimum. Only the resolver can apply it, to the releases that are known now. */
	if (!r.installed) {
		gv_resolution_release(&r);
		refresh_known(c);
		if (gv_resolve(&r, &c->dirs, &how, err) < 0)
			return NULL;
	}
	return gv_xstrdup(r.version[0] != '\0' ? r.version : r.request);
}
