/* SPDX-License-Identifier: MIT */
#ifndef GV_LOCAL_LOCAL_H
#define GV_LOCAL_LOCAL_H

#include "engine/ops.h"

/*
 * The engines without a daemon.
 *
 * bubblewrap (measured with 0.8): namespaces for user (not as root), pid, net (only lo, which is up), ipc, uts and
 * mounts; no capabilities, no-new-privileges; 10 ms for a cell. Control groups limit memory, pids and processors if we
 * may make groups (root, delegated subtrees). Otherwise the agent watches memory and threads, and processors are not
 * limited. When root runs gover there is no user namespace, because a cell with uid 0 outside could write /proc/sys,
 * whatever its uid inside. So the agent starts as root and becomes uid 1000.
 *
 * host: no sandbox at all. Binds and scratch are directories at other paths, so the engine writes real paths into the
 * plan: for its directories, the program of each phase, and the variables that the spec names (gv_cell_spec.env_paths).
 */

/* Opens bubblewrap, after it made a sandbox to see whether that is allowed here. */
gv_engine_open_fn gv_bwrap_open;
/* Opens the host engine; never fails. */
gv_engine_open_fn gv_host_open;

#endif
