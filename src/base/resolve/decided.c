/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/decided.h"

#include <stdio.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/text.h"

static const char *
level_text(enum gv_level level)
{
	switch (level) {
	case GV_LEVEL_ARGUMENT:
		return "the command line";
	case GV_LEVEL_ENV:
		return "GOVER_VERSION";
	case GV_LEVEL_PIN:
		return "'gover use'";
	case GV_LEVEL_SESSION:
		return "GOVER_SESSION";
	case GV_LEVEL_DEFAULT:
		return "the default";
	case GV_LEVEL_SYSTEM:
		return "PATH";
	case GV_LEVEL_GO_VERSION:
	case GV_LEVEL_TOOL_VERSIONS:
	case GV_LEVEL_GO_WORK:
	case GV_LEVEL_GO_MOD:
		break;
	}
	return gv_level_name(level);
}

void
gv_origin_text(char *out, size_t size, const struct gv_resolution *r)
{
	gv_autofree char *where = NULL;

	if (r->file == NULL || r->level == GV_LEVEL_DEFAULT)
		where = gv_xstrdup(level_text(r->level));
	else if (r->line > 0)
		where = gv_xasprintf("%s:%u", r->file, r->line);
	else
		where = gv_xstrdup(r->file);
	gv_text_clean(out, size, where, strlen(where));
}

int
gv_no_known_version(struct gv_err *err, const struct gv_resolution *r)
{
	char origin[512];

	gv_origin_text(origin, sizeof(origin), r);
	if (r->level == GV_LEVEL_ARGUMENT)
		gv_err_set(err, GV_ENOTFOUND, "no known Go version is '%s'", r->request);
	else
		gv_err_set(err, GV_ENOTFOUND, "no known Go version is '%s' (selected by %s)", r->request, origin);
	return gv_err_help(err, "gover list --remote");
}
