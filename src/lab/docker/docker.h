/* SPDX-License-Identifier: MIT */
#ifndef GV_DOCKER_DOCKER_H
#define GV_DOCKER_DOCKER_H

#include "engine/ops.h"

/*
 * Open an engine with a daemon, at the first endpoint of docker/endpoint.h that works. `why` gets a line for each
 * endpoint tried. If the user asks for Docker and named the endpoint, a Podman there is accepted, too.
 */
gv_engine_open_fn gv_docker_open;
gv_engine_open_fn gv_podman_open;
/* Docker or Podman, whichever answers first. */
gv_engine_open_fn gv_daemon_open;

#endif
