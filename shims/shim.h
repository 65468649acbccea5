/* SPDX-License-Identifier: MIT */
#ifndef GV_SHIMS_SHIM_H
#define GV_SHIMS_SHIM_H

/*
 * What bin/gover does when it is called as go, gofmt, gopls, dlv or go1.X.Y: choose a version, set the environment,
 * execv. A build does this thousands of times. So a shim uses no stdio, does not fork, reads only what it needs to
 * decide, and writes nothing.
 *
 *	go, gofmt    [+V] run the tool of the selected SDK. If that is missing, become `gover-core __shim VERSION
 *	             TOOL ARG...`, which installs it and runs the tool
 *	go1.X.Y      run the go of exactly that SDK
 *	gopls, dlv   [+V] run the first such program on PATH that is no shim; it finds its Go through the shims
 *
 * Returns only when nothing could be run: 127 when it is missing, 126 for any other reason.
 */
int gv_shim_main(const char *name, int argc, char **argv);

#endif
