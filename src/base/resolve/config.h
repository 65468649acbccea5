/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_CONFIG_H
#define GV_RESOLVE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * Settings: "key = value" lines in the config file, where blank lines and # comments are skipped. For each
 * there is a variable GOVER_<KEY>, which wins when it is set and not empty. The table in config.c has the
 * defaults; gover-config(5) describes the settings:
 *
 *	auto_install  yes|no      whether a shim or `use` installs a missing version
 *	sources       auto, or a list of goproxy, golang, toolcache and absolute directories; off: no source
 *	golang_url    https://go.dev/dl, or a mirror with the same layout
 *	goproxy       the value of GOPROXY when that is unset
 *	verify        log|off     whether to prove downloads by the transparency log
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

#define gv_autoconfig __attribute__((cleanup(gv_config_release)))

/*
 * Read the settings file, which may be missing, and the environment. An unknown key is skipped and reported
 * in *warn; otherwise warn->code is GV_OK. Errors: GV_EFORMAT; the message begins with "FILE:LINE" or the
 * variable's name.
 */
int gv_config_load(struct gv_config *c, const char *path, struct gv_err *warn, struct gv_err *err) GV_MUST_CHECK;
void gv_config_release(struct gv_config *c);

/* The value of `key`, borrowed. A key that is not in the table aborts. */
const char *gv_config_get(const struct gv_config *c, const char *key);
bool gv_config_is(const struct gv_config *c, const char *key, const char *value);

/* Set one key in the file, or remove it when `value` is NULL. Comments and other lines are kept. */
int gv_config_set(const char *path, const char *key, const char *value, struct gv_err *err) GV_MUST_CHECK;

#endif
