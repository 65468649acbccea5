/* SPDX-License-Identifier: MIT */
#ifndef GV_SHIMS_SHIM_H
#define GV_SHIMS_SHIM_H

/*
 * bin/gover called as go, gofmt, gopls, dlv or go1.X.Y: resolve, set the environment, execv. Runs some thousand
 * times in a build, so: no stdio, no fork, nothing read that does not decide, nothing written.
 *
 *	go, gofmt    [+V] of the selected SDK; a missing one is handed to `gover-core __shim VERSION TOOL ARG...`,
 *	             which installs it and runs it
 *	go1.X.Y      exactly that SDK
 *	gopls, dlv   [+V] the first of that name on PATH beyond the shims; they find their Go through the shims
 *
 * Returns only when nothing could be run: 127 missing, 126 anything else.
 */
int gv_shim_main(const char *name, int argc, char **argv);

#endif
