/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_CONFIG_H
#define GV_RESOLVE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * Settings: "key = value" lines in the config file (blank lines and # comments skipped), each with a
 * variable GOVER_<KEY> that wins when it is set and not empty. The full list is in config.c, with defaults;
 * gover-config(5) describes them:
 *
 *	auto_install  yes|no                     install what a shim or `use` misses
 *	sources       auto or list of goproxy, golang, toolcache, an absolute directory; off refuses
 *	golang_url    base of the go.dev/dl form, https://go.dev/dl by default
 *	goproxy       used for GOPROXY when that is unset
 *	verify        log (default) | off        proof against the transparency log
 */
struct gv_setting {
	const char *key;
	const char *variable; /* "GOVER_AUTO_INSTALL" */
	const char *fallback; /* default value */
	const char *help;     /* one line */
	int (*check)(const char *value, struct gv_err *err);
};

extern const struct gv_setting gv_settings[];
extern const size_t gv_settings_len;

enum gv_config_source { GV_CONFIG_DEFAULT, GV_CONFIG_FILE, GV_CONFIG_ENV };

struct gv_config {
	char **values; /* by index of gv_settings */
	enum gv_config_source *sources;
};

#define gv_autoconfig __attribute__((cleanup(gv_config_free)))

/*
 * Read the settings file (a missing one is fine) and the environment.
 * Errors: GV_EFORMAT as "FILE:LINE: ..." or naming the variable. An unknown key is skipped, and noted in
 * *warn (its code stays GV_OK when there was none).
 */
int gv_config_load(struct gv_config *c, const char *path, struct gv_err *warn, struct gv_err *err) GV_MUST_CHECK;
void gv_config_free(struct gv_config *c);

/* The value; the key must be one of the table. Borrowed. */
const char *gv_config_get(const struct gv_config *c, const char *key);
bool gv_config_is(const struct gv_config *c, const char *key, const char *value);

/* Change or remove (value NULL) one key in the file, keeping comments and other lines. */
int gv_config_set(const char *path, const char *key, const char *value, struct gv_err *err) GV_MUST_CHECK;

#endif
