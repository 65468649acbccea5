/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_ENGINES_H
#define GV_CORE_ENGINES_H

#include <stdbool.h>

#include "engine/ops.h"

/*
 * Open the engine `name` ("docker", "podman", "bwrap", "host"); the caller closes it. NULL or "auto" tries docker or
 * podman (DOCKER_HOST, DOCKER_CONTEXT, current context, usual sockets), then bwrap, but never host. `why` gets one line
 * for each place that was checked (`gover engine`). Errors: GV_EUSAGE (no such engine), GV_EFAIL for the last one
 * tried, and the engine's own. Never GV_ENET, which means the network that releases and modules come from.
 */
struct gv_engine *core_engine_open(const char *name, const struct gv_dirs *d, struct gv_strv *why,
				   struct gv_err *err) GV_MUST_CHECK;
/* Whether core_engine_open() chooses the engine for this name. */
bool core_engine_is_auto(const char *name);

#endif
