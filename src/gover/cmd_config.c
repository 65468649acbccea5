/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "gover/common.h"
#include "resolve/config.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "ui/similar.h"
#include "util/auto.h"

static const struct gv_setting *
find(const char *key, struct gv_err *err)
{
	struct gv_similar best = GV_SIMILAR_INIT;

	for (size_t i = 0; i < gv_settings_len; i++) {
		if (strcmp(gv_settings[i].key, key) == 0)
			return &gv_settings[i];
		gv_similar_try(&best, key, gv_settings[i].key);
	}
	gv_err_set(err, GV_EUSAGE, "unknown setting '%s'", key);
	if (best.name != NULL)
		gv_err_help(err, "did you mean '%s'?", best.name);
	else
		gv_err_help(err, "gover config list");
	return NULL;
}

static const char *
source_name(enum gv_config_source source)
{
	switch (source) {
	case GV_CONFIG_FILE:
		return "file";
	case GV_CONFIG_ENV:
		return "environment";
	case GV_CONFIG_DEFAULT:
		break;
	}
	return "default";
}

static void
add_json(struct gv_jsonout *j, const struct gv_config *c, size_t i)
{
	gv_jsonout_open(j, NULL, '{');
	gv_jsonout_str(j, "key", gv_settings[i].key);
	gv_jsonout_str(j, "value", c->values[i]);
	gv_jsonout_str(j, "source", source_name(c->sources[i]));
	gv_jsonout_str(j, "variable", gv_settings[i].variable);
	gv_jsonout_str(j, "default", gv_settings[i].fallback);
	gv_jsonout_str(j, "help", gv_settings[i].help);
	gv_jsonout_close(j, '}');
}

static int
load(struct gv_config *c, const struct gv_dirs *d, struct gv_err *err)
{
	struct gv_err warning = GV_ERR_INIT;

	if (gv_config_load(c, d->config, &warning, err) < 0)
		return -1;
	if (warning.msg[0] != '\0')
		gv_msg_warn("%s", warning.msg);
	return 0;
}

static int
list(const struct gv_dirs *d, bool json)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autoconfig struct gv_config c = { 0 };
	struct gv_jsonout j;

	if (load(&c, d, &err) < 0)
		return gv_msg_fail(&err);
	if (!json) {
		for (size_t i = 0; i < gv_settings_len; i++)
			printf("%s = %s%s%s%s\n", gv_settings[i].key, c.values[i],
			       c.sources[i] == GV_CONFIG_ENV ? "  # " : "",
			       c.sources[i] == GV_CONFIG_ENV ? gv_settings[i].variable : "",
			       c.sources[i] == GV_CONFIG_DEFAULT ? "  # default" : "");
		return GV_EXIT_OK;
	}
	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "file", d->config);
	gv_jsonout_open(&j, "settings", '[');
	for (size_t i = 0; i < gv_settings_len; i++)
		add_json(&j, &c, i);
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_print(&j);
	return GV_EXIT_OK;
}

static int
get(const struct gv_dirs *d, const char *key, bool json)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autoconfig struct gv_config c = { 0 };
	const struct gv_setting *setting = find(key, &err);
	struct gv_jsonout j;

	if (setting == NULL || load(&c, d, &err) < 0)
		return gv_msg_fail(&err);
	if (!json) {
		puts(gv_config_get(&c, key));
		return GV_EXIT_OK;
	}
	gv_jsonout_begin(&j);
	add_json(&j, &c, (size_t)(setting - gv_settings));
	gv_jsonout_print(&j);
	return GV_EXIT_OK;
}

/* A NULL `value` removes the setting. */
static int
change(const struct gv_dirs *d, const char *key, const char *value)
{
	struct gv_err err = GV_ERR_INIT;
	const struct gv_setting *setting = find(key, &err);

	if (setting == NULL)
		return gv_msg_fail(&err);
	if (value != NULL && setting->check != NULL && setting->check(value, &err) < 0) {
		gv_err_wrap(&err, "'%s'", key);
		return gv_msg_fail(&err);
	}
	if (gv_config_set(d->config, key, value, &err) < 0)
		return gv_msg_fail(&err);
	return GV_EXIT_OK;
}

static int
config_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	const char *verb = argc > 0 ? argv[0] : "list";

	(void)opts;
	if (gv_local_dirs(&d, &err) < 0)
		return gv_msg_fail(&err);
	if (strcmp(verb, "list") == 0 && argc <= 1)
		return list(&d, g->json);
	if (strcmp(verb, "get") == 0 && argc == 2)
		return get(&d, argv[1], g->json);
	if (strcmp(verb, "set") == 0 && argc == 3)
		return change(&d, argv[1], argv[2]);
	if (strcmp(verb, "unset") == 0 && argc == 2)
		return change(&d, argv[1], NULL);
	gv_err_set(&err, GV_EUSAGE, "'config' does not take '%s' with %d argument%s", verb, argc - 1,
		   argc == 2 ? "" : "s");
	gv_err_help(&err, "gover config list, get KEY, set KEY VALUE, or unset KEY");
	return gv_msg_fail(&err);
}

const struct gv_cmd gv_cmd_config = {
	.name = "config",
	.args = "[list | get KEY | set KEY VALUE | unset KEY]",
	.details =
	    "gover keeps settings as 'key = value' lines in a file that you may edit by hand; gover-config(5) lists them.\n"
	    "A variable GOVER_KEY overrides the file.\n",
	.max_args = 3,
	.json = true,
	.run = config_run,
};
