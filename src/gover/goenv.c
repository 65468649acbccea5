/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gover/goenv.h"

#include <stdlib.h>
#include <string.h>

#include "resolve/config.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/str.h"

#define PATH_TEXT_MAX (1u << 20) /* bytes; the kernel takes 128 KiB for one variable */

static void
add(struct gv_goenv *e, const char *name, const char *value)
{
	gv_strv_add(&e->names, name);
	gv_strv_add(&e->values, value);
}

/* goroot/bin, then what PATH has, without SDKs that an outer exec or env put there. */
static char *
path_value(const struct gv_dirs *d, const char *goroot, struct gv_err *err)
{
	gv_autostr struct gv_str out = GV_STR_INIT(PATH_TEXT_MAX);
	gv_autofree char *sdks = gv_xasprintf("%s/", d->sdks);
	const char *path = getenv("PATH");

	if (strchr(goroot, ':') != NULL) {
		gv_err_set(err, GV_EUSAGE, "'%s' cannot be named there: it holds a colon", goroot);
		gv_err_help(err, "set GOVER_ROOT to a directory without one");
		return NULL;
	}
	gv_str_addf(&out, "%s/bin", goroot);
	if (path == NULL)
		path = "/usr/local/bin:/usr/bin:/bin"; /* what execvp and shells search then */
	while (path != NULL) {
		size_t n = strcspn(path, ":");

		if (strncmp(path, sdks, strlen(sdks)) != 0) {
			gv_str_addc(&out, ':');
			gv_str_addn(&out, path, n);
		}
		path = path[n] == ':' ? path + n + 1 : NULL;
	}
	return gv_str_finish(&out, err);
}

int
gv_goenv_make(struct gv_goenv *e, const struct gv_dirs *d, const struct gv_resolution *r, struct gv_err *err)
{
	struct gv_err warning = GV_ERR_INIT;
	gv_autoconfig struct gv_config config = { 0 };
	gv_autofree char *path = NULL;
	const char *proxy = getenv("GOPROXY");
	char exact[GV_VERSION_MAX + 2];

	if (gv_config_load(&config, d->config, &warning, err) < 0)
		return -1;
	if (r->goroot != NULL) {
		path = path_value(d, r->goroot, err);
		if (path == NULL)
			return gv_err_wrap(err, "PATH");
		add(e, "PATH", path);
	}
	gv_version_exact(exact, r->version);
	add(e, "GOVER_VERSION", exact);
	add(e, "GOTOOLCHAIN", "local");
	if ((proxy == NULL || proxy[0] == '\0') && gv_config_get(&config, "goproxy")[0] != '\0')
		add(e, "GOPROXY", gv_config_get(&config, "goproxy"));
	gv_strv_add(&e->unset, "GOROOT");
	return 0;
}

void
gv_goenv_free(struct gv_goenv *e)
{
	gv_strv_free(&e->names);
	gv_strv_free(&e->values);
	gv_strv_free(&e->unset);
}

void
gv_goenv_apply(const struct gv_goenv *e)
{
	for (size_t i = 0; i < e->names.n; i++)
		setenv(e->names.v[i], e->values.v[i], 1);
	for (size_t i = 0; i < e->unset.n; i++)
		unsetenv(e->unset.v[i]);
}
