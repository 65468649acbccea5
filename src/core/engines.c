/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "core/engines.h"

#include <string.h>

#include "docker/docker.h"
#include "local/local.h"
#include "resolve/programs.h"
#include "util/alloc.h"
#include "util/auto.h"

/* The only list of all engines. Docker and Podman share an automatic row: both are searched in the same places. */
static const struct {
	const char *name; /* of --engine; NULL: none */
	gv_engine_open_fn *open;
	bool automatic; /* tried in this order when no engine is named */
} engines[] = {
	{ "docker", gv_docker_open, false }, { "podman", gv_podman_open, false }, { NULL, gv_daemon_open, true },
	{ "bwrap", gv_bwrap_open, true },    { "host", gv_host_open, false },
};

bool
core_engine_is_auto(const char *name)
{
	return name == NULL || strcmp(name, "auto") == 0;
}

static struct gv_engine *
open_first(const char *agent, const struct gv_dirs *d, struct gv_strv *why, struct gv_err *err)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(engines); i++) {
		struct gv_engine *e;

		if (!engines[i].automatic)
			continue;
		gv_err_clear(err);
		e = engines[i].open(agent, d, why, err);
		if (e != NULL || err->code == GV_EINTR)
			return e;
	}
	gv_err_wrap(err, "no engine");
	return NULL;
}

struct gv_engine *
core_engine_open(const char *name, const struct gv_dirs *d, struct gv_strv *why, struct gv_err *err)
{
	gv_engine_open_fn *open = core_engine_is_auto(name) ? open_first : NULL;
	gv_autofree char *agent = NULL;
	struct gv_engine *e;

	for (size_t i = 0; i < GV_ARRAY_LEN(engines) && open == NULL; i++)
		if (engines[i].name != NULL && strcmp(engines[i].name, name) == 0)
			open = engines[i].open;
	if (open == NULL) {
		gv_err_set(err, GV_EUSAGE, "'%s' is not an engine: docker, podman, bwrap or host", name);
		return NULL;
	}
	agent = gv_program_agent(err);
	e = agent != NULL ? open(agent, d, why, err) : NULL;
	if (e == NULL && err->code == GV_ENET)
		err->code = GV_EFAIL;
	return e;
}
