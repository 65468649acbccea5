/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "shell/goenv.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolve/config.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/str.h"

#define PATH_TEXT_MAX (1u << 20) /* bytes; the kernel allows 128 KiB for one variable */
#define SYSTEM_PATH   "/usr/local/bin:/usr/bin:/bin"

extern char **environ;

/* What the environment is for. A cell starts with an empty environment, the others with the caller's. */
enum kind {
	SHIM,
	EXEC,
	CELL,
	FETCH,
	N_KINDS,
};

/* Values that differ from call to call. NULL: do not change the variable. */
struct given {
	const char *path;
	const char *work;
	const char *version;
	const char *proxy;
	const char *cache;
	const char *mod;
	const char *cgo;
	const char *procs;
	const char *os;
	const char *arch;
};

struct will {
	enum { STAYS, GOES, IS, IS_UNLESS_SET, IS_GIVEN } deed;
	const char *value;
	size_t from; /* offset in struct given */
};

struct row {
	const char *name;
	struct will will[N_KINDS];
};

/* clang-format off */
#define KEEP      { STAYS, NULL, 0 }
#define DROP      { GOES, NULL, 0 }
#define SET(v)    { IS, v, 0 }
#define UNLESS(v) { IS_UNLESS_SET, v, 0 }
#define GIVEN(m)  { IS_GIVEN, NULL, offsetof(struct given, m) }

/* `gover env` prints them in this order. The columns: a shim; exec and env; a cell; fetching modules. */
static const struct row rows[] = {
	/* A shim keeps it: cmd/go itself puts $GOROOT/bin first. gopls and dlv find each folder's Go by the shims. */
	{ "PATH",          { KEEP,            GIVEN(path),    GIVEN(path),            KEEP } },
	/* Children of `exec` and of a +V call keep its version. A fetch must run the Go of its cell. */
	{ "GOVER_VERSION", { GIVEN(version),  GIVEN(version), KEEP,                   DROP } },
	/* Run the selected Go, not one that a go.mod names. The caller of a shim may set it to allow that. */
	{ "GOTOOLCHAIN",   { UNLESS("local"), SET("local"),   SET("local"),           SET("local") } },
	/* The setting goproxy, unless the user set GOPROXY. A cell has no network: its modules were fetched before. */
	{ "GOPROXY",       { GIVEN(proxy),    GIVEN(proxy),   SET("off"),             KEEP } },
	/* The GOROOT of another Go would give this one the wrong standard library. */
	{ "GOROOT",        { DROP,            DROP,           KEEP,                   DROP } },
	/* The project was found by it. A fetch runs in a copy elsewhere, and must not find another one above that. */
	{ "GOWORK",        { KEEP,            KEEP,           GIVEN(work),            GIVEN(work) } },
	/* Nothing that this host's user has set reaches a cell. The fetched modules can be removed again. */
	{ "GOENV",         { KEEP,            KEEP,           SET("off"),             KEEP } },
	{ "GOFLAGS",       { KEEP,            KEEP,           SET(""),                SET("-modcacherw") } },
	{ "GOSUMDB",       { KEEP,            KEEP,           SET("off"),             KEEP } },
	{ "GOTELEMETRY",   { KEEP,            KEEP,           SET("off"),             KEEP } },
	{ "GOCACHE",       { KEEP,            KEEP,           GIVEN(cache),           KEEP } },
	/* Modules are fetched into the cache that cells see. */
	{ "GOMODCACHE",    { KEEP,            KEEP,           GIVEN(mod),             GIVEN(mod) } },
	/* Off in a cell: no C compiler is needed. A fetch drops these three: it must not differ from the cell. */
	{ "CGO_ENABLED",   { KEEP,            KEEP,           GIVEN(cgo),             DROP } },
	{ "GOOS",          { KEEP,            KEEP,           GIVEN(os),              DROP } },
	{ "GOARCH",        { KEEP,            KEEP,           GIVEN(arch),            DROP } },
	/* What Go 1.25 and later choose by themselves. */
	{ "GOMAXPROCS",    { KEEP,            KEEP,           GIVEN(procs),           KEEP } },
	{ "HOME",          { KEEP,            KEEP,           SET("/home/gover"),     KEEP } },
	{ "USER",          { KEEP,            KEEP,           SET("gover"),           KEEP } },
	{ "TMPDIR",        { KEEP,            KEEP,           SET("/tmp"),            KEEP } },
	{ "LANG",          { KEEP,            KEEP,           SET("C.UTF-8"),         KEEP } },
	/* The fetch runs in another directory than this process. */
	{ "PWD",           { KEEP,            KEEP,           KEEP,                   DROP } },
};
/* clang-format on */

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0';
}

/* Whether to change the variable. *value is its new value; NULL: remove it. */
static bool
changes(const struct row *row, enum kind kind, const struct given *given, const char **value)
{
	const struct will *will = &row->will[kind];

	*value = will->value;
	switch (will->deed) {
	case STAYS:
		return false;
	case GOES:
	case IS:
		return true;
	case IS_UNLESS_SET:
		return !is_set(row->name);
	case IS_GIVEN:
		*value = *(const char *const *)((const char *)given + will->from);
		return *value != NULL;
	}
	return false;
}

/* The setting goproxy; NULL when GOPROXY is set. A shim must be fast, so the settings are read only when needed. */
static int
proxy_value(const char **proxy, struct gv_config *config, const struct gv_dirs *d, struct gv_err *err)
{
	struct gv_err warning = GV_ERR_INIT; /* ignored here: `gover config` shows it */

	*proxy = NULL;
	if (is_set("GOPROXY"))
		return 0;
	if (gv_config_load(config, d->config, &warning, err) < 0)
		return -1;
	*proxy = gv_config_get(config, "goproxy");
	if (*proxy != NULL && (*proxy)[0] == '\0')
		*proxy = NULL;
	return 0;
}

int
gv_goenv_shim(const struct gv_dirs *d, const struct gv_resolution *r, const char *argument, struct gv_err *err)
{
	gv_autoconfig struct gv_config config = { 0 };
	struct given given = { 0 };
	char exact[GV_VERSION_MAX + 2];
	const char *value;

	if (proxy_value(&given.proxy, &config, d, err) < 0)
		return -1;
	if (argument != NULL) {
		gv_version_exact(exact, r->version);
		given.version = exact[0] != '\0' ? exact : argument;
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		if (!changes(&rows[i], SHIM, &given, &value))
			continue;
		if (value != NULL)
			setenv(rows[i].name, value, 1);
		else
			unsetenv(rows[i].name);
	}
	return 0;
}

/* goroot/bin, then the current PATH without the SDKs that an outer exec or env added. */
static char *
exec_path(const struct gv_dirs *d, const char *goroot, struct gv_err *err)
{
	gv_autostr struct gv_str out = GV_STR_INIT(PATH_TEXT_MAX);
	gv_autofree char *sdks = gv_xasprintf("%s/", d->sdks);
	const char *path = getenv("PATH");

	if (strchr(goroot, ':') != NULL) {
		gv_err_set(err, GV_EUSAGE, "cannot hold '%s', which contains a colon", goroot);
		gv_err_help(err, "set GOVER_ROOT to a directory without a colon");
		return NULL;
	}
	gv_str_addf(&out, "%s/bin", goroot);
	if (path == NULL)
		path = SYSTEM_PATH; /* execvp and shells search it when PATH is unset */
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
gv_goenv_exec(struct gv_goenv *e, const struct gv_dirs *d, const struct gv_resolution *r, struct gv_err *err)
{
	gv_autoconfig struct gv_config config = { 0 };
	gv_autofree char *path = NULL;
	char exact[GV_VERSION_MAX + 2];
	struct given given = { .version = exact };
	const char *value;

	if (proxy_value(&given.proxy, &config, d, err) < 0)
		return -1;
	if (r->goroot != NULL) {
		given.path = path = exec_path(d, r->goroot, err);
		if (path == NULL)
			return gv_err_wrap(err, "PATH");
	}
	gv_version_exact(exact, r->version);
	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		if (!changes(&rows[i], EXEC, &given, &value))
			continue;
		gv_strv_add(value != NULL ? &e->names : &e->unset, rows[i].name);
		if (value != NULL)
			gv_strv_add(&e->values, value);
	}
	return 0;
}

void
gv_goenv_release(struct gv_goenv *e)
{
	gv_strv_release(&e->names);
	gv_strv_release(&e->values);
	gv_strv_release(&e->unset);
}

void
gv_goenv_apply(const struct gv_goenv *e)
{
	for (size_t i = 0; i < e->names.n; i++)
		setenv(e->names.v[i], e->values.v[i], 1);
	for (size_t i = 0; i < e->unset.n; i++)
		unsetenv(e->unset.v[i]);
}

/* The value that the axis sets for `name`, which ends at the next comma or NUL; NULL when it does not set `name`. */
static const char *
axis_value(const char *axis, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = axis; p != NULL && *p != '\0'; p = strchr(p, ',') != NULL ? strchr(p, ',') + 1 : NULL)
		if (strncmp(p, name, len) == 0 && p[len] == '=')
			return p + len + 1;
	return NULL;
}

bool
gv_goenv_axis_sets(const char *axis, const char *name)
{
	return axis_value(axis, name) != NULL;
}

/* Skip the variables that the axis sets: when a variable is there twice, Go uses the first. */
static void
add_lines(struct gv_strv *lines, enum kind kind, const struct given *given, const char *axis)
{
	const char *value;

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++)
		if (changes(&rows[i], kind, given, &value) && value != NULL && !gv_goenv_axis_sets(axis, rows[i].name))
			gv_strv_take(lines, gv_xasprintf("%s=%s", rows[i].name, value));
}

/* A value may hold commas ("GODEBUG=a=1,b=2"). A comma ends a pair only when NAME= in capitals follows. */
static void
add_axis(struct gv_strv *lines, const char *axis)
{
	static const char name_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	for (const char *start = axis; *start != '\0';) {
		const char *end = start;

		while (*end != '\0' &&
		       !(*end == ',' && strspn(end + 1, name_chars) > 0 && end[1 + strspn(end + 1, name_chars)] == '='))
			end++;
		gv_strv_addn(lines, start, (size_t)(end - start));
		start = *end == ',' ? end + 1 : end;
	}
}

/*
 * With cgo on, go might find a C compiler by chance and link to libraries that the cell's definition does not name. So
 * PATH has only our own commands, without a compiler, unless CC names one. With cgo off, go calls no compiler, and
 * tests find all commands of this host, as they do outside.
 */
static char *
cell_path(const struct gv_goenv_cell *in)
{
	const char *cgo = axis_value(in->axis, "CGO_ENABLED");
	bool bare = !in->image && cgo != NULL && cgo[0] != '0' && !gv_goenv_axis_sets(in->axis, "CC");

	return gv_xasprintf("%s/bin:%s", in->sdk, bare ? in->bin : SYSTEM_PATH);
}

void
gv_goenv_cell(struct gv_strv *lines, const struct gv_goenv_cell *in)
{
	const char *slash = in->platform != NULL ? strchr(in->platform, '/') : NULL;
	gv_autofree char *path = cell_path(in), *os = NULL;
	char procs[16];
	struct given given = { .path = path, .cache = in->cache, .mod = in->mod, .cgo = "0", .procs = procs };

	/* At least two: with one, tests that wait for each other stall. */
	snprintf(procs, sizeof(procs), "%u", in->cpus_milli > 2000 ? in->cpus_milli / 1000 : 2);
	if (is_set("GOWORK"))
		given.work = getenv("GOWORK");
	if (slash != NULL) {
		given.os = os = gv_xstrndup(in->platform, (size_t)(slash - in->platform));
		given.arch = slash + 1;
	}
	add_lines(lines, CELL, &given, in->axis);
	add_axis(lines, in->axis);
}

/* Whether the table changes the variable of the line "NAME=VALUE". */
static bool
is_replaced(const char *line, enum kind kind, const struct given *given)
{
	const char *value;

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].name);

		if (strncmp(line, rows[i].name, len) == 0 && line[len] == '=')
			return changes(&rows[i], kind, given, &value);
	}
	return false;
}

void
gv_goenv_fetch(struct gv_strv *lines, const char *mod, const char *work)
{
	struct given given = { .mod = mod, .work = work != NULL ? work : "off" };

	for (char **e = environ; *e != NULL; e++)
		if (!is_replaced(*e, FETCH, &given))
			gv_strv_add(lines, *e);
	add_lines(lines, FETCH, &given, NULL);
}
