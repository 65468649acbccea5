/* SPDX-License-Identifier: MIT */
#ifndef GV_CELL_PATHS_H
#define GV_CELL_PATHS_H

/* The paths in a cell. They are the same on every engine, but the host engine replaces them by real paths. */
#define GV_CELL_AGENT "/gover/agent" /* the program that is PID 1 */
#define GV_CELL_BIN   "/gover/bin"   /* commands of this host that tests call, but no compiler */
#define GV_CELL_SDK   "/gover/sdk"   /* GOROOT, read-only */
#define GV_CELL_SRC   "/gover/src"   /* the project, read-only; the agent copies it to the project's own path */
#define GV_CELL_MOD   "/gover/mod"   /* GOMODCACHE, read-only */
#define GV_CELL_CACHE "/gover/cache" /* GOCACHE */

#endif
