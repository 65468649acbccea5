/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/levels.h"

#include <stdlib.h>
#include <string.h>

#include "resolve/files.h"
#include "resolve/installed.h"
#include "resolve/pin.h"
#include "util/alloc.h"
#include "util/auto.h"

/* Take the request `text`. Errors name `where` it came from; NULL: the command line, which needs no name. */
static int
take(struct gv_ask *a, enum gv_level level, const char *text, const char *where, struct gv_err *err)
{
	if (gv_request_parse(&a->request, text, GV_REQUEST_ANY, err) < 0)
		return where != NULL ? gv_err_wrap(err, "%s", where) : -1;
	a->level = level;
	memcpy(a->asked, a->request.text, sizeof(a->asked));
	return 1;
}

static int
ask_argument(struct gv_ask *a, struct gv_look *look, struct gv_err *err)
{
	const char *text = look->how->argument;

	return text != NULL ? take(a, GV_LEVEL_ARGUMENT, text, NULL, err) : 0;
}

static int
ask_variable(struct gv_ask *a, enum gv_level level, const char *name, struct gv_err *err)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? take(a, level, value, name, err) : 0;
}

static int
ask_env(struct gv_ask *a, struct gv_look *look, struct gv_err *err)
{
	(void)look;
	return ask_variable(a, GV_LEVEL_ENV, "GOVER_VERSION", err);
}

static int
ask_pin(struct gv_ask *a, struct gv_look *look, struct gv_err *err)
{
	struct gv_pin pin;
	char exact[GV_VERSION_MAX + 2];
	int rc = gv_pin_find(look->d, &pin, err);

	if (rc <= 0)
		return rc;
	gv_version_exact(exact, pin.version);
	return take(a, GV_LEVEL_PIN, exact, "the pin", err);
}

static int
ask_session(struct gv_ask *a, struct gv_look *look, struct gv_err *err)
{
	(void)look;
	return ask_variable(a, GV_LEVEL_SESSION, "GOVER_SESSION", err);
}

static int
ask_default(struct gv_ask *a, struct gv_look *look, struct gv_err *err)
{
	const char *path = look->d->def;
	gv_autofree char *text = NULL;
	size_t len = 0;
	int rc = gv_file_read(path, path, GV_FILE_STRICT, GV_PROJECT_FILE_MAX, &text, &len, err);

	if (rc <= 0)
		return rc;
	if (gv_go_version_parse(text, len, &a->request, NULL, &a->line, err) < 0)
		return gv_file_wrap(err, path, a->line);
	a->level = GV_LEVEL_DEFAULT;
	a->file = gv_xstrdup(path);
	memcpy(a->asked, a->request.text, sizeof(a->asked));
	return 1;
}

static int
ask_system(struct gv_ask *a, struct gv_look *look, struct gv_err *err)
{
	gv_autofree char *go = gv_system_tool(look->d, "go");

	return go != NULL ? take(a, GV_LEVEL_SYSTEM, "system", "PATH", err) : 0;
}

const struct gv_level_row gv_levels[] = {
	{ "argument", ask_argument },
	{ "GOVER_VERSION", ask_env },
	{ "pin", ask_pin },
	{ "GOVER_SESSION", ask_session },
	{ "project files", gv_ask_project },
	{ "go.work, go.mod", gv_ask_modules },
	{ "default", ask_default },
	{ "system", ask_system },
};
const size_t gv_levels_len = GV_ARRAY_LEN(gv_levels);
