/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/levels.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolve/pin.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/text.h"
#include "version/known.h"
#include "version/version.h"

/* Append a line that is safe for a terminal, whatever bytes a path in it holds. */
static void GV_PRINTF(2, 3) add_line(struct gv_strv *lines, const char *fmt, ...)
{
	char raw[3 * 4096], clean[3 * 4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	gv_text_clean(clean, sizeof(clean), raw, strlen(raw));
	gv_strv_add(lines, clean);
}

/* "1.22, from /p/.go-version:1". Caller frees. */
static char *
describe(const struct gv_ask *a, const struct gv_look *look)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_pin pin;

	if (a->level == GV_LEVEL_PIN && gv_pin_find(look->d, &pin, &err) > 0)
		return gv_xasprintf("%s, set for %s (process %ld)", a->asked, pin.owner.comm, (long)pin.owner.pid);
	if (a->file == NULL)
		return gv_xstrdup(a->asked);
	return gv_xasprintf("%s%s, from %s:%u", a->asked, a->floor ? " or a newer patch" : "", a->file, a->line);
}

static void
add_decision(struct gv_resolution *r, const struct gv_ask *a, const struct gv_look *look, const char *label)
{
	gv_autofree char *what = describe(a, look);

	if (r->version[0] == '\0')
		add_line(&r->trail, "* %-16s %s: no known version fits", label, what);
	else
		add_line(&r->trail, "* %-16s %s: %s%s", label, what, r->version,
			 r->installed ? "" : ", which is not installed");
}

/* Add a level below the one that decided. */
static void
add_overruled(struct gv_resolution *r, struct gv_look *look, const struct gv_level_row *row)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autoask struct gv_ask a = { 0 };
	gv_autofree char *what = NULL;
	int rc = row->ask(&a, look, &err);

	if (rc > 0)
		what = describe(&a, look);
	add_line(&r->trail, "  %-16s %s%s", row->label,
		 rc > 0    ? "overruled: "
		 : rc == 0 ? "nothing"
			   : "would fail: ",
		 rc > 0    ? what
		 : rc == 0 ? ""
			   : err.msg);
}

/* Warn about go and toolchain lines that ask for a newer Go than the selected one. */
static void
warn_modules(struct gv_resolution *r, struct gv_look *look)
{
	struct gv_err err = GV_ERR_INIT;

	if (gv_look_dir(look, &err) == NULL)
		return;
	for (int work = 1; work >= 0; work--) {
		gv_autofree char *file = NULL;
		struct gv_gomod m;
		int rc = gv_module_find(&file, &m, look, work, &err);

		if (rc < 0)
			add_line(&r->warnings, "%s", err.msg);
		if (rc <= 0)
			continue;
		if (m.go[0] != '\0' && gv_version_cmp(m.go, r->version) > 0)
			add_line(&r->warnings, "%s:%u asks for go %s, which is newer than the selected %s", file,
				 m.go_line, m.go, r->version);
		else if (m.toolchain[0] != '\0' && gv_version_cmp(m.toolchain, r->version) > 0)
			add_line(&r->warnings, "%s:%u suggests toolchain go%s, which is newer than the selected %s",
				 file, m.toolchain_line, m.toolchain, r->version);
	}
}

/*
 * Go 1.21 and later may run another Go when GOTOOLCHAIN names one or allows it (https://go.dev/doc/toolchain).
 */
static void
warn_gotoolchain(struct gv_resolution *r)
{
	const char *value = getenv("GOTOOLCHAIN"), *v = r->version;

	if (value == NULL || value[0] == '\0' || strcmp(value, "local") == 0)
		return;
	if (strncmp(value, "go", 2) == 0 && gv_version_cmp(value + 2, v) == 0)
		return;
	if (gv_version_valid(v) && gv_version_cmp(v, "1.21") < 0)
		return;
	add_line(&r->warnings, "GOTOOLCHAIN=%s is set: go may run another version than the selected %s", value, v);
}

static void
warn_index(struct gv_resolution *r, const struct gv_look *look)
{
	gv_autofree char *index = gv_dirs_index_file(look->d);
	struct gv_err warn = GV_ERR_INIT;
	gv_autoknown struct gv_known known = { 0 };

	gv_known_load(&known, index, &warn);
	if (warn.code != GV_OK)
		add_line(&r->warnings, "%s", warn.msg);
}

void
gv_explain(struct gv_resolution *r, const struct gv_ask *a, struct gv_look *look, size_t level)
{
	for (size_t i = 0; i < gv_levels_len; i++) {
		if (i < level)
			add_line(&r->trail, "  %-16s nothing", gv_levels[i].label);
		else if (i == level)
			add_decision(r, a, look, gv_levels[i].label);
		else
			add_overruled(r, look, &gv_levels[i]);
	}
	if (gv_version_valid(r->version))
		warn_modules(r, look);
	warn_gotoolchain(r);
	if (!r->installed && a->request.kind != GV_REQUEST_EXACT)
		warn_index(r, look);
}
