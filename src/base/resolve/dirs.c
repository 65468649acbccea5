/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/dirs.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/path.h"

#define PASSWD_MAX (16u << 20) /* bytes of /etc/passwd */

/* An absolute path from the environment, without slashes at its end. NULL when unset or relative. */
static char *
env_dir(const char *variable)
{
	const char *value = getenv(variable);
	size_t len = value != NULL ? strlen(value) : 0;

	if (len == 0 || value[0] != '/')
		return NULL;
	while (len > 1 && value[len - 1] == '/')
		len--;
	return gv_xstrndup(value, len);
}

/* Field `n`, counted from 0, of a line of the passwd file; without a NUL. */
static const char *
passwd_field(const char *line, const char *end, int n, size_t *len)
{
	const char *stop;

	for (; n > 0; n--) {
		line = memchr(line, ':', (size_t)(end - line));
		if (line == NULL)
			return NULL;
		line++;
	}
	stop = memchr(line, ':', (size_t)(end - line));
	*len = (size_t)((stop != NULL ? stop : end) - line);
	return line;
}

/* Read the home directory from /etc/passwd ourselves, because a static program has no name service. */
static char *
passwd_home(void)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *text = NULL, *uid = gv_xasprintf("%lu", (unsigned long)getuid());
	struct gv_lines in;
	size_t len = 0;

	if (gv_fs_read(AT_FDCWD, "/etc/passwd", PASSWD_MAX, &text, &len, &err) < 0)
		return NULL;
	gv_lines_init(&in, text, len, GV_LINES_LF);
	while (gv_lines_next(&in)) {
		const char *line = in.line, *end = line + in.len;
		size_t n = 0;
		const char *field = passwd_field(line, end, 2, &n);

		if (field == NULL || n != strlen(uid) || memcmp(field, uid, n) != 0)
			continue;
		field = passwd_field(line, end, 5, &n);
		return field != NULL && n > 0 && *field == '/' ? gv_xstrndup(field, n) : NULL;
	}
	return NULL;
}

/* $XDG_..._HOME/gover, or ~/.../gover. As the XDG specification requires, a relative value is ignored. */
static char *
xdg_dir(const char *variable, const char *below_home, char **home)
{
	gv_autofree char *base = env_dir(variable);

	if (base != NULL)
		return gv_path_join(base, "gover");
	if (*home == NULL && (*home = env_dir("HOME")) == NULL)
		*home = passwd_home();
	if (*home == NULL)
		return NULL;
	base = gv_path_join(*home, below_home);
	return gv_path_join(base, "gover");
}

static void
fill(struct gv_dirs *d, const char *config)
{
	d->sdks = gv_path_join(d->data, "sdks");
	d->shims = gv_path_join(d->data, "shims");
	d->tools = gv_path_join(d->data, "tools");
	d->staging = gv_path_join(d->data, "staging");
	d->manifests = gv_path_join(d->data, "manifests");
	d->config = gv_path_join(config, "config");
	d->def = gv_path_join(config, "default");
	d->downloads = gv_path_join(d->cache, "downloads");
	d->index = gv_path_join(d->cache, "index");
	d->tiles = gv_path_join(d->cache, "sumdb");
	d->locks = gv_path_join(d->state, "locks");
	d->pins = gv_path_join(d->state, "pins");
	d->heads = gv_path_join(d->state, "sumdb");
}

int
gv_dirs_init(struct gv_dirs *d, struct gv_err *err)
{
	const char *root = getenv("GOVER_ROOT");
	gv_autofree char *home = NULL, *config = NULL;
	gv_autodirs struct gv_dirs out = { 0 };

	if (root != NULL && root[0] != '\0') {
		out.data = env_dir("GOVER_ROOT");
		if (out.data == NULL)
			return gv_err_set(err, GV_EUSAGE, "GOVER_ROOT must be an absolute path, not '%s'", root);
		out.cache = gv_xstrdup(out.data);
		out.state = gv_xstrdup(out.data);
		config = gv_xstrdup(out.data);
	} else {
		out.data = xdg_dir("XDG_DATA_HOME", ".local/share", &home);
		out.cache = xdg_dir("XDG_CACHE_HOME", ".cache", &home);
		out.state = xdg_dir("XDG_STATE_HOME", ".local/state", &home);
		config = xdg_dir("XDG_CONFIG_HOME", ".config", &home);
		if (out.data == NULL || out.cache == NULL || out.state == NULL || config == NULL) {
			gv_err_set(err, GV_EUSAGE,
				   "cannot find a home directory: HOME is unset and the user is not in /etc/passwd");
			return gv_err_help(err, "set GOVER_ROOT to the absolute path of a directory for gover's files");
		}
	}
	fill(&out, config);
	*d = out;
	out = (struct gv_dirs){ 0 };
	return 0;
}

void
gv_dirs_release(struct gv_dirs *d)
{
	char **const all[] = { &d->data,   &d->sdks,  &d->shims, &d->tools, &d->staging, &d->manifests,
			       &d->config, &d->def,   &d->cache, &d->index, &d->tiles,   &d->downloads,
			       &d->state,  &d->locks, &d->pins,  &d->heads };

	for (size_t i = 0; i < GV_ARRAY_LEN(all); i++) {
		free(*all[i]);
		*all[i] = NULL;
	}
}

char *
gv_dirs_sdk(const struct gv_dirs *d, const char *version, const char *platform)
{
	bool other = platform != NULL && strcmp(platform, gv_platform_host()) != 0;
	size_t sdks = strlen(d->sdks), len = strlen(version), more = other ? strlen(platform) : 0;
	char *path = gv_xmalloc(sdks + len + more + 5), *end = mempcpy(path, d->sdks, sdks);

	/* No printf here, for speed: every shim call runs this. */
	end = mempcpy(end, "/go", 3);
	end = mempcpy(end, version, len);
	if (other) {
		*end++ = '.';
		end = mempcpy(end, platform, more);
	}
	*end = '\0';
	return path;
}

char *
gv_dirs_index_file(const struct gv_dirs *d)
{
	return gv_path_join(d->index, "releases");
}

#if defined(__linux__)
#define HOST_OS "linux"
#elif defined(__APPLE__)
#define HOST_OS "darwin"
#elif defined(__FreeBSD__)
#define HOST_OS "freebsd"
#else
#error "no Go name is known for this operating system"
#endif

#if defined(__x86_64__)
#define HOST_ARCH "amd64"
#elif defined(__aarch64__)
#define HOST_ARCH "arm64"
#elif defined(__i386__)
#define HOST_ARCH "386"
#elif defined(__arm__)
#define HOST_ARCH "arm"
#elif defined(__riscv) && __riscv_xlen == 64
#define HOST_ARCH "riscv64"
#elif defined(__loongarch64)
#define HOST_ARCH "loong64"
#elif defined(__s390x__)
#define HOST_ARCH "s390x"
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define HOST_ARCH "ppc64le"
#else
#error "no Go name is known for this processor"
#endif

const char *
gv_platform_host(void)
{
	return HOST_OS "-" HOST_ARCH;
}
